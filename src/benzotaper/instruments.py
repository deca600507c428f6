"""Scores of instruments: their ranges and bands, and what a score with missing items can still say.

No item text is here, and none may be: a form's owner gives it. Scores and bands only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from benzotaper.errors import FactError, did_you_mean, hint
from benzotaper.fact_types import fact_types
from benzotaper.unknown import Unknown
from benzotaper.values import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One form.

    Attributes:
        form_id: what the facts call it.
        fact: the fact that holds its total.
        items: how many items it has; 0 where the sources do not say.
        item_max: the highest score of an item; the lowest is 0.
        bands: the lowest score of each band above the lowest one; empty where no source gives any.
        grade: of the bands: "seen", "secondary" or "recalled".
    """

    form_id: str
    fact: str
    items: int
    item_max: int
    bands: tuple[int, ...]
    grade: str

    @property
    def high(self) -> int:
        """The highest total."""
        return int(fact_types()[self.fact].high) if not self.items else self.items * self.item_max


INSTRUMENTS: Final[Mapping[str, Instrument]] = {
    form.form_id: form
    for form in (
        Instrument(form_id="GAD7", fact="gad7_total", items=7, item_max=3, bands=(5, 10, 15), grade="secondary"),
        Instrument(form_id="PHQ9", fact="phq9_total", items=9, item_max=3, bands=(5, 10, 15, 20), grade="secondary"),
        Instrument(form_id="PHQ8", fact="phq9_total", items=8, item_max=3, bands=(), grade="secondary"),
        Instrument(form_id="ISI7", fact="isi_total", items=7, item_max=4, bands=(8, 15, 22), grade="seen"),
        Instrument(form_id="WSAS", fact="wsas_total", items=0, item_max=0, bands=(10, 20), grade="secondary"),
        Instrument(form_id="SEVDEP5", fact="sevdep_sds_total", items=5, item_max=3, bands=(), grade="secondary"),
        Instrument(
            form_id="CIWAB_20x4_max80", fact="ciwab_total", items=20, item_max=4, bands=(21, 41, 61), grade="recalled"
        ),
    )
}
"""The forms whose totals the rules read; ranges, items and bands as in the project's table of instruments."""


def instrument(form_id: str) -> Instrument:
    """The form that has this id.

    Raises:
        FactError: no such form; near ids are suggested.

    >>> instrument("GAD7").high
    21
    """
    if form_id not in INSTRUMENTS:
        near = hint(did_you_mean(str(form_id), INSTRUMENTS))
        message = f"no form {form_id!r}{near}; the forms are {', '.join(INSTRUMENTS)}"
        raise FactError(message, fact="", value=form_id)
    return INSTRUMENTS[form_id]


def score(form_id: str, items: Iterable[int | Unknown]) -> int | Interval:
    """The total of a form's items; a range where some are unknown. Nothing is prorated.

    Args:
        form_id: the form.
        items: the score of each item, in order; `Unknown` where it was not answered.

    Raises:
        FactError: no such form, another number of items, or a score that an item cannot have.

    >>> score("GAD7", [3, 3, 3, 3, 2, 2, Unknown("declined")])
    Interval(low=16, high=19)
    """
    form, scores = instrument(form_id), list(items)
    if not form.items:
        message = f"{form_id}: its items are not known here; give its total, or an Interval of what it can be"
        raise FactError(message, fact=form.fact, value=form_id)
    if len(scores) != form.items:
        message = f"{form_id} has {form.items} items, not {len(scores)}; give Unknown(reason) for one without an answer"
        raise FactError(message, fact=form.fact, value=len(scores))
    known = [score for score in scores if not isinstance(score, Unknown)]
    for score in known:
        if isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= form.item_max:
            message = f"{form_id}: an item cannot be {score!r}; it is a whole number from 0 to {form.item_max}"
            raise FactError(message, fact=form.fact, value=score)
    missing = form.items - len(known)
    return Interval(sum(known), sum(known) + missing * form.item_max) if missing else sum(known)


def band(form_id: str, total: int) -> int | Unknown:
    """The band of a total: 0 for the lowest; unknown where no source gives bands.

    Raises:
        FactError: no such form, or a total that it cannot have.

    >>> band("GAD7", 16), band("PHQ8", 16)
    (3, Unknown(reason='no bands are known for this form'))
    """
    form = instrument(form_id)
    if isinstance(total, bool) or not isinstance(total, int) or not 0 <= total <= form.high:
        message = f"{form_id} cannot be {total!r}; its total is a whole number from 0 to {form.high}"
        raise FactError(message, fact=form.fact, value=total)
    if not form.bands:
        return Unknown("no bands are known for this form")
    return sum(total >= lowest for lowest in form.bands)
