"""At the edge of a window a second or a day decides: by hand, by the oracle and by the package alike."""

import pytest

from rule_machines import ARMS, person_machine
from rule_oracle import judge
from rule_window_worlds import AtTheEdge, edges, world_of


@pytest.mark.parametrize("edge", [*edges()], ids=lambda edge: f"{edge.rule_id} {edge.truth}")
def test_the_edge_of_a_window_is_where_the_rule_says(edge: AtTheEdge) -> None:
    world, key = world_of(edge, "uk"), (edge.rule_id, edge.arm)
    assert judge(world)[key] == edge.truth
    assert person_machine(world, "uk").run(ARMS[key].node) == edge.truth
