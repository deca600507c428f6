"""`verify`: every check of a plan, by its JSON form alone, and the certificate of what was found."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NoReturn, Protocol, TypeAlias

from benzotaper.errors import PlanFormatError
from benzotaper.verification import course, dates, figures, tablets
from benzotaper.verification.certificate import OWN_SEAL, Certificate, Check, checked, sha256_of
from benzotaper.verification.reading import Paper, read_paper
from benzotaper.verification.sums import sums_of
from benzotaper.version import DATA_VERSION, SCHEMA_VERSION, VERSION

CHECKER = "benzotaper verify 1"
"""Name and version of this checker; it rises when it asks more, or in other words."""
VERIFIED_BY = f"{CHECKER}, benzotaper {VERSION}, facts {DATA_VERSION}"
SEAL = "content_sha256"
CERTIFICATE = "certificate"
CARRIED = "carried certificate"
"""The check that `from_json` refuses a document by."""
NOT_CHECKED = (
    "whether the course is right for a person; a named prescriber decides",
    "whether doses and days follow the strategies and the alignment asked for, or are the best that products allow",
    "the ideal course, and the finest fall that products could make",
    "the findings",
    "the equivalence tables themselves: factors are compared with each other, not with their sources",
)


class Exportable(Protocol):
    """Anything that gives its plan as JSON."""

    def to_json(self) -> str:
        """The plan as JSON text."""


Source: TypeAlias = Exportable | str | Mapping[str, Any]


def verify(plan: Source) -> Certificate:
    """Check a plan, from its JSON form alone, by code that shares nothing with what makes plans.

    Args:
        plan: a `Plan`, its JSON as text, or that as a dict.

    Returns:
        The certificate: each check with its verdict and evidence. A plan that fails is no error; look at `ok`.

    Raises:
        PlanFormatError: it is no JSON object, or of another version of the plan format.

    Limits: it proves arithmetic and dates. It does not know the person, the strategies or the sources of the tables;
        `not_checked` says so.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> print(verify(plan)["ending"])
    holds          ending: nothing is taken from 2026-12-15 on
    >>> verify(plan.to_json().replace('"pieces": 1', '"pieces": 3', 1)).failures[0].name
    'seal'
    """
    document = _document(plan)
    content = {name: value for name, value in document.items() if name not in (SEAL, CERTIFICATE)}
    seal = _sealed(content)
    checks = [_content_is_as_sealed(document, seal)]
    try:
        paper = read_paper(document)
    except PlanFormatError as error:
        checks.append(Check(name="form", verdict="fails", evidence=str(error)))
        rest: tuple[str, ...] = ("everything else: no further check can read this form", *NOT_CHECKED)
    else:
        checks.append(checked("form", [], held=f"every field is there, in format {SCHEMA_VERSION}"))
        checks += _checks(paper)
        rest = (*_not_checked(paper), *NOT_CHECKED)
    found = Certificate(checks=tuple(checks), content_sha256=seal, verified_by=VERIFIED_BY, not_checked=rest)
    return _with_carried(found, document)


def _checks(paper: Paper) -> list[Check]:
    """Every check of what the document says, in the order in which a reader would ask."""
    sums = sums_of(paper)
    return [
        tablets.products_are_as_the_data_say(paper),
        tablets.releases_and_liquids_do_not_mix(paper),
        tablets.pieces_make_every_dose(paper),
        tablets.pieces_may_be_made(paper),
        tablets.pieces_are_few_enough(paper),
        dates.begins_with_what_is_taken_now(paper),
        dates.doses_stand_in_order(paper),
        dates.days_follow_each_other(paper),
        dates.reductions_are_apart(paper),
        dates.ends_as_declared(paper),
        course.drugs_change_as_declared(paper, sums),
        course.no_dose_rises(sums),
        course.no_mean_total_rises(sums, paper.totals_in),
        course.no_highest_day_rises(sums, paper.totals_in),
        figures.totals_are_the_sums_of_their_days(paper, sums),
        figures.falls_are_as_stated(sums),
        figures.falls_in_14_days_are_as_stated(sums),
        figures.diazepam_figures_are_by_one_factor(paper, sums),
    ]


def _not_checked(paper: Paper) -> tuple[str, ...]:
    """What this plan keeps from being checked."""
    if paper.any_dose:
        return (f"tablets: {tablets.NOT_DISPENSED}",)
    if paper.data_version != DATA_VERSION:
        return (f"the facts of products that the plan was made with ({paper.data_version}); these are {DATA_VERSION}",)
    return ()


def _content_is_as_sealed(document: Mapping[str, Any], seal: str) -> Check:
    faults = [] if document.get(SEAL) == seal else ["the content is not what was sealed: something was changed since"]
    return checked("seal", faults, held="the content has the SHA-256 that the document states")


def _with_carried(found: Certificate, document: Mapping[str, Any]) -> Certificate:
    """The certificate, and whether the one that the document carries says the same.

    It holds alike where none is carried, so that a plan has the same certificate before and after it is written.
    """
    same = checked(CARRIED, [], held="a certificate that the document carries says the same")
    expected = replace(found, checks=(*found.checks, same))
    if CERTIFICATE not in document:
        return expected
    faults = list(_other_certificate(document[CERTIFICATE], expected))
    return replace(found, checks=(*found.checks, checked(CARRIED, faults, held=same.evidence)))


def _other_certificate(carried: Any, expected: Certificate) -> Iterator[str]:
    """What is wrong with a carried certificate; of another checker's only that it is whole, and of this content."""
    if not isinstance(carried, dict):
        yield "the certificate that the document carries is no object"
        return
    own = {name: value for name, value in carried.items() if name != OWN_SEAL}
    if carried.get(OWN_SEAL) != sha256_of(own):
        yield "the certificate that the document carries was changed after it was written"
    if carried.get(SEAL) != expected.content_sha256:
        yield "the certificate that the document carries is that of another content"
    if carried.get("verified_by") == VERIFIED_BY and own | {OWN_SEAL: ""} != expected.to_dict() | {OWN_SEAL: ""}:
        yield "the certificate that the document carries says other than what this checker finds"


def _document(plan: object) -> dict[str, Any]:
    """The JSON object of a plan."""
    given = plan if isinstance(plan, str | Mapping) else _exported(plan)
    document = _parsed(given) if isinstance(given, str) else dict(given)
    version = document.get("schema_version")
    if type(version) is not int or version != SCHEMA_VERSION:
        _refuse(f"schema_version is {version!r}, but this checker reads version {SCHEMA_VERSION} of the plan format")
    return document


def _exported(plan: object) -> str:
    write = getattr(plan, "to_json", None)
    if not callable(write):
        _refuse(f"it must be a plan, its JSON text or that as a dict, but is {type(plan).__name__}")
    return str(write())


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:  # no JSON; a number of thousands of digits; nested too deeply
        _refuse(f"it is no JSON: {str(error)[:80]}", cause=error)
    if not isinstance(document, dict):
        _refuse("it is no JSON object")
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        _refuse(f"a field of the object with {', '.join(sorted(found)[:3])} stands twice")
    return found


def _sealed(content: Mapping[str, Any]) -> str:
    try:
        return sha256_of(content)
    except (TypeError, ValueError, RecursionError) as error:  # a date or a Fraction in a dict made by hand
        _refuse(f"a value is no JSON: {error}", cause=error)


def _refuse(why: str, *, cause: Exception | None = None) -> NoReturn:
    raise PlanFormatError(f"verify: {why}; give it a plan, or the document as it was written", path="") from cause
