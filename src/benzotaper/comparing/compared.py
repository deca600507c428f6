"""Strategies that were planned alike: plans, figures, tables, a picture, and a rank by what the caller names."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from benzotaper.comparing.measuring import Measured, by_table
from benzotaper.comparing.metrics import METRICS, Metrics, cell_of, columns_of, words_of
from benzotaper.comparing.overlay import overlay
from benzotaper.errors import PlanError, did_you_mean, hint, look_up
from benzotaper.exports.markup import Markup, element
from benzotaper.exports.plain_tables import html_table, plain_table
from benzotaper.exports.rows import COLUMNS as PLAN_COLUMNS, Kind, Row, rows
from benzotaper.exports.step_figures import PROPOSAL
from benzotaper.exports.table_csv import csv_of
from benzotaper.plan import Plan
from benzotaper.unknown import Unknown
from benzotaper.version import DATA_VERSION, VERSION

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Per: TypeAlias = Literal["strategy", "table", "step", "day"]
PER: tuple[Per, ...] = ("strategy", "table", "step", "day")
TABLE_COLUMNS: Mapping[str, Kind] = {
    "strategy": "text",
    "table": "text",
    "cumulative_diazepam_mg_low": "exact",
    "cumulative_diazepam_mg_high": "exact",
    "days_below_5_mg_low": "number",
    "days_below_5_mg_high": "number",
}
NO_SCORE = "No figure is weighed against another: which of them matters is for the prescriber and the person to say."
WORDS = {"percent": "%", "mg": "mg", "ml": "mL", "points": "points"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One strategy of a comparison.

    Attributes:
        name: as the caller named it, or its text.
        plan: the plan, or why there is none.
        metrics: its figures, or why there are none.
    """

    name: str
    plan: Plan | Unknown
    metrics: Metrics | Unknown

    @property
    def reason(self) -> str:
        """Why it cannot be planned; "" where it can."""
        return self.plan.reason if isinstance(self.plan, Unknown) else ""

    def figure(self, name: str) -> int | Fraction | Unknown:
        """One figure, by its name; unknown where there is no plan."""
        return self.metrics if isinstance(self.metrics, Unknown) else self.metrics.value(name)

    def cells(self, figures: Iterable[str]) -> Row:
        """Some figures as cells of a row, and why there are none."""
        return {**{name: cell_of(self.figure(name)) for name in figures}, "problem": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Comparison:
    """Strategies for one regimen, planned alike; see `compare`.

    Attributes:
        title: for whom and from when, in words.
        by: the tables and numbers that the figures are counted by.
        strategies: all that were asked for, in their order; one that cannot be planned stands there with its reason.
    """

    title: str
    by: Measured
    strategies: tuple[Compared, ...]

    def __iter__(self) -> Iterator[Compared]:
        return iter(self.strategies)

    def __len__(self) -> int:
        return len(self.strategies)

    def __getitem__(self, name: str) -> Compared:
        """A strategy by its name.

        Raises:
            UnknownIdError: it is not among those compared.
        """
        return look_up(name, {each.name: each for each in self.strategies}, kind="strategy", where="this comparison")

    @property
    def plans(self) -> dict[str, Plan]:
        """The plans by name, of the strategies that have one."""
        return {each.name: each.plan for each in self.strategies if isinstance(each.plan, Plan)}

    @property
    def metrics(self) -> dict[str, Metrics]:
        """The figures by name, of the strategies that have a plan."""
        return {each.name: each.metrics for each in self.strategies if isinstance(each.metrics, Metrics)}

    @property
    def refused(self) -> dict[str, str]:
        """Why the other strategies cannot be planned, by name."""
        return {each.name: each.reason for each in self.strategies if each.reason}

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of the figures that tables show."""
        return self.by.figures

    def rank(self, *, by: str, largest_first: bool = False) -> tuple[Compared, ...]:
        """The strategies in the order of one figure that the caller names.

        Args:
            by: the name of the figure; see `Metrics`.
            largest_first: whether the largest value comes first; the smallest does, when left out.

        Returns:
            All of them; ties stay in the order given, and those whose figure is unknown come last.

        Raises:
            UnknownIdError: no such figure.
            PlanError: the figure is unknown for every strategy.
        """
        look_up(by, dict.fromkeys(METRICS, ""), kind="figure", where="bt.Metrics")
        known = {each.name: value for each in self if not isinstance(value := each.figure(by), Unknown)}
        if not known:
            why = self.strategies[0].figure(by)
            said = why.reason if isinstance(why, Unknown) else ""
            raise PlanError(f"nothing can be ranked by {by}, which is unknown for all: {said}", value=by)
        sign = -1 if largest_first else 1  # not `reverse`: ties stay in the order given
        ranked = sorted((each for each in self if each.name in known), key=lambda each: sign * known[each.name])
        return (*ranked, *(each for each in self if each.name not in known))

    def ranked(self, *, by: str, largest_first: bool = False) -> "Comparison":
        """The same comparison with its strategies in the order of `rank`."""
        return replace(self, strategies=self.rank(by=by, largest_first=largest_first))

    # ---- as rows

    def columns(self, *, per: Per = "strategy") -> Mapping[str, Kind]:
        """The columns of a grain, in order, and what each holds.

        Raises:
            PlanError: another grain.
        """
        if per not in PER:
            near = hint(did_you_mean(str(per), PER))
            raise PlanError(f"per={per!r} is not known{near}; a comparison has rows per {', '.join(PER)}", value=per)
        if per == "strategy":
            return columns_of(self.figures)
        return TABLE_COLUMNS if per == "table" else {"strategy": "text", **PLAN_COLUMNS[per]}

    def rows(self, *, per: Per = "strategy") -> Iterator[Row]:
        """Exact rows: a strategy, a strategy and table, or each step or day of each plan; None for NA."""
        self.columns(per=per)
        for each in self.strategies:
            if per == "strategy":
                yield {"strategy": each.name, **each.cells(self.figures)}
            elif isinstance(each.plan, Plan):
                found = self._table_rows(each.plan) if per == "table" else rows(each.plan.record, per=per)
                yield from ({"strategy": each.name, **row} for row in found)

    def _table_rows(self, plan: Plan) -> Iterator[Row]:
        for each in by_table(plan.record, self.by.tables):
            values = (each.table, each.low, each.high, each.days_below_low, each.days_below_high)
            yield dict(zip(list(TABLE_COLUMNS)[1:], values, strict=True))

    def to_frame(self, *, per: Per = "strategy") -> "pd.DataFrame":
        """A row a strategy with its figures; or per equivalence table, step or day. What is unknown is NA.

        Raises:
            PlanError: another grain.
        """
        from benzotaper.exports.frames import frame_of  # noqa: PLC0415  pandas loads at the first frame

        return frame_of(self.rows(per=per), self.columns(per=per))

    def to_csv(self, *, per: Per = "strategy") -> str:
        """The rows of `to_frame` as CSV text, exact."""
        return csv_of(self.rows(per=per), self.columns(per=per))

    def to_dict(self) -> dict[str, Any]:
        """Plain values; exact numbers as text, what is unknown with its reason. Plans write their own JSON."""
        return {
            "title": self.title,
            "tables": [table.id for table in self.by.tables],
            "strategies": [
                {
                    "strategy": each.name,
                    "problem": each.reason,
                    "metrics": self._plain(each.metrics) if isinstance(each.metrics, Metrics) else {},
                }
                for each in self.strategies
            ],
            "version": VERSION,
            "data_version": DATA_VERSION,
        }

    def _plain(self, metrics: Metrics) -> dict[str, Any]:
        return {name: value for name, value in metrics.to_dict().items() if name in self.figures}

    def to_json(self) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"

    # ---- for reading

    def __str__(self) -> str:
        marks = [f"[{number}]" for number in range(1, len(self) + 1)]
        names = [f"{mark} {each.name}" for mark, each in zip(marks, self.strategies, strict=True)]
        table = plain_table(["", *marks], self._lines(), right=marks)
        return "\n".join([self.title, *names, "", table, "", *self._notes()])

    def __repr__(self) -> str:
        return f"<Comparison of {len(self)} strategies for {self.title}>"

    def to_html(self) -> str:
        """One self-contained page: the curves over each other, and the figures."""
        head = element(
            "head", element("meta", charset="utf-8"), element("title", f"{self.title} (a comparison)"), STYLE
        )
        return f"<!DOCTYPE html>\n{element('html', head, element('body', self._repr_html_()), lang='en')}\n"

    def _repr_html_(self) -> Markup:
        names = [each.name for each in self.strategies]
        return element(
            "div",
            [element("p", element("strong", PROPOSAL)), overlay(self.title, self.plans)] if self.plans else "",
            html_table(self.title, ["", *names], self._lines()),
            [element("p", note) for note in self._notes()],
        )

    def to_svg(self) -> str:
        """The curves over each other, as an SVG element; needs no other package.

        Raises:
            PlanError: no strategy could be planned.
        """
        return overlay(self.title, self._drawable())

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the curves over each other with matplotlib.

        Args:
            ax: where to; a figure of its own, when left out.

        Returns:
            The axes; ``ax.figure.savefig("curves.png")`` writes a file.

        Raises:
            MissingExtraError: matplotlib is not installed; the error says how to install it.
            PlanError: no strategy could be planned.
        """
        from benzotaper.comparing.picture import drawn  # noqa: PLC0415  matplotlib loads only for a picture

        return drawn(self.title, self._drawable(), ax=ax)

    def _drawable(self) -> dict[str, Plan]:
        if not self.plans:
            raise PlanError("no strategy could be planned, so there is nothing to draw; see .refused", value=self.title)
        return self.plans

    def _lines(self) -> Iterator[list[str]]:
        for name in self.figures:
            yield [name.replace("_", " "), *(words_of(each.figure(name)) for each in self.strategies)]

    def _notes(self) -> Iterator[str]:
        for name, reason in self.refused.items():
            yield f"Not planned: {name}: {reason}."
        yield f"Diazepam mg by {', '.join(table.id for table in self.by.tables)}."
        unknown = {
            f"{field.name.replace('_', ' ')}: {value.reason}"
            for field in fields(Metrics)
            if field.name in self.figures
            for metrics in self.metrics.values()
            if isinstance(value := metrics.value(field.name), Unknown)
        }
        yield from (f"– {said}." for said in sorted(unknown))
        yield NO_SCORE
        yield PROPOSAL


STYLE = element(
    "style",
    Markup(
        "body{font:1rem/1.45 system-ui,'Noto Sans','DejaVu Sans',Arial,sans-serif;max-width:60rem;margin:1rem auto;"
        "padding:0 1rem;color:#1b1f24}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
        "th,td{border:1px solid #d5dadf;padding:.2rem .5rem;text-align:right;vertical-align:top}"
        "td:first-child,th:first-child{text-align:left}caption{text-align:left;font-weight:600}"
    ),
)
