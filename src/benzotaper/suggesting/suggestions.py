"""What `suggest` gives: products or a splitting that would help, with the exact figures before and after."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import zip_longest
from math import ceil
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, get_args

from benzotaper.doses import Dose
from benzotaper.exports.markup import element
from benzotaper.exports.step_figures import PROPOSAL
from benzotaper.exports.words import date_words, percent_text, steps_words
from benzotaper.numbers import number_text
from benzotaper.pace import Pace
from benzotaper.product import Product
from benzotaper.steps import PlanRecord, Step

if TYPE_CHECKING:
    import pandas as pd

Figure = TypeVar("Figure")
Kind: TypeAlias = Literal["product", "liquid", "splitting"]
KINDS: tuple[Kind, ...] = get_args(Kind)

NOT_LOOKED_AT = "Only the falls were compared; supply, licence, and measuring or splitting are for the pharmacist."
HEADER = ("what", "worst fall, of current", "last fall", "days", "other doses from")
POLICY_WORDS = {
    "scored": "tablets split where the data allow it",
    "halves": "tablets in halves",
    "quarters": "tablets in quarters",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How far a plan falls.

    Attributes:
        worst: the largest fall as a share of the total before it; the fall to zero counts only if it is the only one.
        last: the fall to zero, rounded up to a whole nanogram if it is from a mean of days; 0 mg where there is none;
            in mg of diazepam where several drugs are taken beside each other.
        days: from the start date to the first day without a dose, or to the last step of a plan that does not end.
    """

    worst: Fraction
    last: Dose
    days: int

    def better_than(self, other: "Figures") -> bool:
        """Whether a fall is smaller and none is larger."""
        mine, others = (self.worst, self.last), (other.worst, other.last)
        return mine != others and self.worst <= other.worst and self.last <= other.last


def figures_of(record: PlanRecord) -> Figures:
    """How far a plan falls, by its totals as the pace rules count them.

    Args:
        record: the plan.
    """
    falls = Pace(record).falls
    before_the_last = [fall.fraction for fall in falls if fall.after]
    last_start = record.steps[-1].start or record.request.start
    return Figures(
        worst=max(before_the_last or [fall.fraction for fall in falls], default=Fraction(0)),
        last=Dose.of_ng(ceil(falls[-1].ng) if record.ending == "zero" else 0),
        days=(last_start - record.request.start).days,
    )


def is_same_course(one: PlanRecord, other: PlanRecord) -> bool:
    """Whether the same doses are taken at the same times of the same days."""
    return _course(one) == _course(other)


def _course(record: PlanRecord) -> list[object]:
    return [(step.start, step.days, [_doses(step, n) for n in range(len(step.cycle))]) for step in record.steps]


def _doses(step: Step, day: int) -> tuple[object, ...]:
    return tuple((a.drug, a.time, a.dose) for a in step.day(day))


def changes(before: PlanRecord, after: PlanRecord) -> tuple[date, tuple[int, ...]]:
    """From which date on other doses are taken, and in which steps of the plan before.

    Args:
        before: a plan.
        after: another one of the same start date, with other doses.
    """
    days = sorted({step.start for record in (before, after) for step in record.steps if step.start})
    different: dict[date, int] = {}
    for day, until in zip_longest(days, days[1:]):
        old, new = (_in_force(record, day) for record in (before, after))
        if _differ(old, new, day, until):
            different[day] = old.number
    return min(different), tuple(dict.fromkeys(different.values()))


def _in_force(record: PlanRecord, day: date) -> Step:
    return next(step for step in reversed(record.steps) if step.start and step.start <= day)


def _differ(one: Step, other: Step, day: date, until: date | None) -> bool:
    """Whether two steps differ in their doses from a day on, until another one, or for ever."""
    ran = [(day - step.start).days if step.start else 0 for step in (one, other)]
    both = len(one.cycle) * len(other.cycle)  # then both begin again
    days = both if until is None else min(both, (until - day).days)
    return any(_doses(one, ran[0] + n) != _doses(other, ran[1] + n) for n in range(days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One product, or one splitting policy, that would shrink the worst or the last fall of a plan and grow neither.

    Attributes:
        what: the product, or the splitting policy: "scored", "halves", "quarters".
        kind: "product", "liquid" or "splitting".
        question: what to ask the pharmacist.
        worst_fall_before, worst_fall_after: the largest fall as a share of the total before it; the fall to zero counts
            only where it is the only one.
        last_fall_before, last_fall_after: the fall to zero; 0 mg of a plan that does not end there. Of a cycle of days
            the mean counts, rounded up to a whole nanogram; of several drugs beside each other, mg of diazepam.
        days_before, days_after: from the start date to the first day without a dose (days); of a plan that does not
            end, to its last step.
        from_date: the first day of the first step with another dose.
        steps: the plan's steps in which another dose would be taken.
    """

    what: Product | str
    kind: Kind
    question: str
    worst_fall_before: Fraction
    worst_fall_after: Fraction
    last_fall_before: Dose
    last_fall_after: Dose
    days_before: int
    days_after: int
    from_date: date
    steps: tuple[int, ...]

    @property
    def title(self) -> str:
        """What it is, in words."""
        return str(self.what) if isinstance(self.what, Product) else POLICY_WORDS[self.what]

    @property
    def cells(self) -> tuple[str, ...]:
        """What a table shows, as `HEADER` names it."""
        return (
            self.title,
            _change(self.worst_fall_before, self.worst_fall_after, lambda fall: percent_text(100 * fall)),
            _change(self.last_fall_before, self.last_fall_after, str),
            _change(self.days_before, self.days_after, str),
            f"{date_words(self.from_date)} ({steps_words(self.steps)})",
        )

    def __str__(self) -> str:
        figures = [f"{name}: {cell}" for name, cell in zip(HEADER[1:], self.cells[1:], strict=True)]
        return "\n".join([self.title, *(f"  {line}" for line in (*figures, self.question))])

    def to_dict(self) -> dict[str, Any]:
        """Plain values; exact numbers as text that `Fraction` reads, such as "0.5" or "20/3"."""
        return {
            "what": str(self.what),
            "kind": self.kind,
            "question": self.question,
            "worst_fall_before": number_text(self.worst_fall_before),
            "worst_fall_after": number_text(self.worst_fall_after),
            "last_fall_before_mg": number_text(self.last_fall_before.mg),
            "last_fall_after_mg": number_text(self.last_fall_after.mg),
            "days_before": self.days_before,
            "days_after": self.days_after,
            "from_date": self.from_date.isoformat(),
            "steps": list(self.steps),
        }


def _change(before: Figure, after: Figure, text: Callable[[Figure], str]) -> str:
    return f"{text(before)}, as now" if before == after else f"{text(before)} now, then {text(after)}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Suggestions:
    """What would shrink the falls of a plan, the largest effect first; a sequence of `Suggestion`.

    Attributes:
        plan: which plan, in words.
        items: the suggestions.
        note: why there are none, or what was not looked at; "" where there is nothing to say.
    """

    plan: str
    items: tuple[Suggestion, ...]
    note: str

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Suggestion]:
        return iter(self.items)

    def __getitem__(self, number: int) -> Suggestion:
        """A suggestion by its place, from 0."""
        return self.items[number]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know beside the figures."""
        return (*((self.note,) if self.note else ()), *((NOT_LOOKED_AT,) if self.items else ()), PROPOSAL)

    def __str__(self) -> str:
        return "\n".join([*map(str, self.items), *self.notes])

    def __repr__(self) -> str:
        return f"<Suggestions {len(self)} for {self.plan}>"

    def to_dict(self) -> dict[str, Any]:
        """Plain values; exact numbers as text."""
        return {"plan": self.plan, "suggestions": [item.to_dict() for item in self.items], "notes": list(self.notes)}

    def to_json(self) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def to_frame(self) -> "pd.DataFrame":
        """A row a suggestion.

        The columns: ``kind, what, worst_fall_before_percent, worst_fall_after_percent, last_fall_before_mg,
        last_fall_after_mg, days_before, days_after, from_date, steps, question``; falls in % of current and in mg as
        the nearest float, `steps` as text such as "1–3, 5".
        """
        import pandas as pd  # noqa: PLC0415  pandas loads at the first frame

        rows = [_row(item) for item in self.items]
        return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in DTYPES.items()})

    def _repr_html_(self) -> str:
        head = element("thead", element("tr", [element("th", name, scope="col") for name in (*HEADER, "question")]))
        body = element(
            "tbody",
            [element("tr", [element("td", cell) for cell in (*item.cells, item.question)]) for item in self.items],
        )
        table = element("table", element("caption", f"Suggestions for {self.plan}"), head, body)
        notes = [element("p", note) for note in self.notes]
        return element("div", *([table] if self.items else []), notes)


DTYPES = {
    "kind": "string",
    "what": "string",
    "worst_fall_before_percent": "float64",
    "worst_fall_after_percent": "float64",
    "last_fall_before_mg": "float64",
    "last_fall_after_mg": "float64",
    "days_before": "int64",
    "days_after": "int64",
    "from_date": "datetime64[s]",
    "steps": "string",
    "question": "string",
}
"""The columns of the frame and their dtypes."""


def _row(item: Suggestion) -> dict[str, object]:
    """A row of the frame; its floats are to be looked at."""
    return {
        "kind": item.kind,
        "what": str(item.what),
        "worst_fall_before_percent": float(100 * item.worst_fall_before),
        "worst_fall_after_percent": float(100 * item.worst_fall_after),
        "last_fall_before_mg": float(item.last_fall_before.mg),
        "last_fall_after_mg": float(item.last_fall_after.mg),
        "days_before": item.days_before,
        "days_after": item.days_after,
        "from_date": item.from_date,
        "steps": steps_words(item.steps).partition(" ")[2],
        "question": item.question,
    }
