"""Functions of numbers: changes, quotients, and doses equal to diazepam."""

from benzotaper.fact_types import fact_type
from benzotaper.rules.algebra import NOT_KNOWN, Number, Quotient, minus
from benzotaper.rules.machine import Machine
from benzotaper.rules.nodes import Node, Quantity


def change_from(machine: Machine, node: Node, value: Node, baseline: Node) -> Number:
    """The value minus the baseline, on the same form."""
    change = minus(machine.run(value), machine.run(baseline))
    if not (isinstance(value, Quantity) and isinstance(baseline, Quantity)):
        return change
    if len(fact_type(value.fact).forms) < 2:  # noqa: PLR2004  one form needs no comparing
        return change
    one, other = machine.form(value.fact), machine.form(baseline.fact)
    comparable = (one == other) | (one == 0) | (other == 0) | (change.exists == 0)
    machine.because(node, "conflicting", comparable == False)  # noqa: E712  of arrays too
    return machine.range_where(comparable, change, NOT_KNOWN)


def ratio(machine: Machine, _: Node, above: Node, below: Node) -> Quotient:
    """One divided by the other; where that is 0 it does not apply."""
    return Quotient(machine.run(above), machine.run(below))


def or_default(machine: Machine, _: Node, value: Node, default: Node) -> Number:
    """The value, or the default where it is known that there is none."""
    given: Number = machine.run(value)
    return machine.range_where(given.exists == 0, machine.run(default), given)


def dose_equal_to_diazepam(machine: Machine, _: Node, diazepam: Node) -> Number:
    """The dose, in the unit of the total, that equals so much diazepam."""
    return machine.equal_to_diazepam(machine.run(diazepam))


def with_consent(machine: Machine, node: Node, fact: str, consent: str) -> Number:
    """The value; what a device says counts only with consent."""
    given = machine.truth(consent, worse=False)
    machine.because(node, "no_consent", given != 2)  # noqa: PLR2004
    return machine.number(fact, node.worse, given)
