"""The commands of the rules: `review` of a person's facts, and `rules`, which lists them.

Exit status of `review`: 0 nobody needs to act, and no rule was found against a step; 1 nobody needs to act on what is
known, but a step is not permitted on it; 2 the input is wrong; 10 NEXT_REVIEW; 11 WITHIN_72H; 12 SAME_DAY, or a suicide
item was declined; 13 EMERGENCY_NOW.
"""

from pathlib import Path
from typing import Any

import click

import benzotaper as bt
from benzotaper.cli_options import as_json, print_json, text
from benzotaper.exports.plain_tables import plain_table
from benzotaper.profiles import default_threshold
from benzotaper.received.files import text_of
from benzotaper.reviewing.ladders import Urgency
from benzotaper.reviewing.results import value_said
from benzotaper.reviewing.texts import ROLES
from benzotaper.rules.arms import compiled
from benzotaper.truth import Truth
from benzotaper.whole_files import write_whole

FILE = click.Path(path_type=Path, readable=False)
CLEAR, UNCLEAR = 0, 1
STATUS = {Urgency.NEXT_REVIEW: 10, Urgency.WITHIN_72H: 11, Urgency.SAME_DAY: 12, Urgency.EMERGENCY_NOW: 13}
"""The exit status of each urgency."""
WRITERS = {".html": "to_html", ".json": "to_json"}


@click.command()
@click.argument("facts", type=FILE)
@click.option(
    "--profile", required=True, type=text, help="rule profile, such as asam-2025, or a TOML file of one's own"
)
@click.option("--now", required=True, type=text, help="the moment, with its offset: 2026-11-25T08:10+01:00")
@click.option("--plan", type=FILE, help="the plan (JSON), taken as planned")
@click.option("--course", type=FILE, help="the course (JSON), instead of a plan")
@click.option(
    "--role", type=click.Choice(ROLES), default="clinician", help="who reads it; the clinician, when left out"
)
@click.option("--emergency-number", type=text, help="emergency number where the person is")
@click.option("--crisis-line", type=text, help="crisis line where the person is")
@click.option("--prescriber", type=text, help="name or service of the prescriber")
@click.option("-o", "output", type=FILE, help="file to write: .html or .json")
@as_json
@click.pass_context
def review(
    context: click.Context, /, facts: Path, *, as_json: bool, output: Path | None, role: str, **given: Any
) -> None:
    """Review a person's FACTS (JSON) by the rules.

    Exit status: 0 nobody needs to act, and no rule was found against a step; 1 nobody needs to act on what is known,
    but a step is not permitted on it; 2 wrong input; 10 NEXT_REVIEW; 11 WITHIN_72H; 12 SAME_DAY, or a suicide item was
    declined; 13 EMERGENCY_NOW.
    """
    if output is not None and output.suffix.lower() not in WRITERS:
        raise click.UsageError(f"-o {str(output)!r}: the ending must be one of {', '.join(WRITERS)}")
    found = bt.review(
        bt.Facts.from_json(text_of(facts, what="a facts JSON file")),
        profile=_profile(given["profile"]),
        now=given["now"],
        plan=bt.Plan.from_json(text_of(given["plan"], what="a plan's JSON file")) if given["plan"] else None,
        course=bt.Course.from_json(text_of(given["course"], what="a course's JSON file")) if given["course"] else None,
        **_contacts(given),
    )
    if output is not None:
        html = output.suffix.lower() == ".html"
        write_whole({output: found.to_html(role=role) if html else found.to_json()})
    click.echo(found.to_json() if as_json else found.to_text(role=role), nl=False)
    context.exit(_status(found))


def _profile(name: str) -> "str | bt.Profile":
    return bt.load_profile(name) if name.endswith(".toml") else name


def _contacts(given: dict[str, Any]) -> dict[str, Any]:
    """Whom to call, if anything of it was given."""
    names = ("emergency_number", "crisis_line", "prescriber")
    said = {name: given[name] for name in names if given[name]}
    return {"contacts": bt.Contacts(**said)} if said else {}


def _status(found: "bt.Review") -> int:
    declined = STATUS[Urgency.SAME_DAY] if found.contact_same_day else 0
    if urgent := max(STATUS.get(found.urgency_known, 0), declined):
        return urgent
    return CLEAR if found.may_step is Truth.TRUE else UNCLEAR


@click.command()
@click.option("--profile", type=text, help="thresholds of this profile, or of a TOML file; the defaults, when left out")
@click.option("--rule", "rule_id", type=text, help="one rule, with its conditions, thresholds and sources")
@as_json
def rules(*, as_json: bool, profile: str | None, rule_id: str | None) -> None:
    """List the rules with their thresholds and origins; "house" is a project default, to be confirmed."""
    chosen = None if profile is None else _loaded(profile)
    rows = [_row(bt.rule(each), chosen) for each in ([bt.rule(rule_id).id] if rule_id else bt.rule_ids())]
    if as_json:
        print_json(rows)
    elif rule_id:
        click.echo("\n".join(_lines(rows[0])))
    else:
        heads = ("rule", "kind", "urgency", "directive", "if unknown", "origin", "grade")
        click.echo(plain_table(heads, ([row[head.replace(" ", "_")] for head in heads] for row in rows)))
        edition = bt.ruleset()
        click.echo(f"\nrule set {edition.version} of {edition.date}, to be looked at again by {edition.expires}")


def _loaded(profile: str) -> "bt.Profile":
    chosen = _profile(profile)
    return bt.profile(chosen) if isinstance(chosen, str) else chosen


def _row(rule: Any, profile: "bt.Profile | None") -> dict[str, Any]:
    arms = compiled().by_rule[rule.id]
    names = dict.fromkeys(name for arm in arms for name in arm.node.thresholds())
    thresholds = [profile.threshold(name) if profile else default_threshold(name) for name in names]
    return {
        "rule": rule.id,
        "kind": rule.kind,
        "condition": rule.condition,
        "urgency": rule.urgency,
        "directive": rule.directive,
        "gate": list(rule.gate),
        "if_unknown": rule.if_unknown,
        "latched": rule.latched,
        "origin": rule.threshold_origin,
        "grade": rule.grade,
        "source": rule.source_id,
        "arms": [{"arm": arm.name, "urgency": arm.urgency, "condition": arm.node.text} for arm in arms],
        "thresholds": [
            {
                "name": each.name,
                "value": value_said(each),
                "unit": each.unit,
                "origin": each.origin,
                "source": each.source_id,
            }
            for each in thresholds
        ],
    }


def _lines(row: dict[str, Any]) -> list[str]:
    """One rule, a line a fact."""
    lines = [f"{row['rule']} ({row['kind']}): {row['condition']}"]
    lines += [f"{key.replace('_', ' ')}: {row[key]}" for key in ("urgency", "directive", "if_unknown", "grade")]
    lines += [f"source: {bt.cite(row['source'])}"]
    lines += [f"arm {arm['arm']} ({arm['urgency']}): {arm['condition']}" for arm in row["arms"]]
    for each in row["thresholds"]:
        ours = ", project default, confirm" if each["origin"] == "house" else ""
        lines.append(
            f"t.{each['name']} = {each['value']} {each['unit']} ({each['origin']}, {each['source']}{ours})".replace(
                "  ", " "
            )
        )
    return lines


REVIEWS = (review, rules)
"""The commands, for the group."""
