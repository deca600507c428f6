"""The curves of several plans over each other, as SVG: apart by colour, dashes and thickness, never by colour alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from benzotaper.exports.markup import Markup, element, joined
from benzotaper.exports.svg import GRID, INK, MOST_DAY_MARKS, QUIET, WEEKS_BETWEEN, WIDTH, picture, round_mark
from benzotaper.exports.words import date_words
from benzotaper.falls import starts, totals, unit_drug
from benzotaper.intervals import DAYS_PER_WEEK
from benzotaper.numbers import decimal_text
from benzotaper.plan import Plan

LEFT, RIGHT, TOP, HEIGHT, FOOT, ROW = 60, 30, 34, 260, 62, 22
COLOURS = ("#0b4f5c", "#b3470f", "#5b3a99", "#1b6e2c", "#8c1d4f", "#4a5560")
DASHES = ("", "7 4", "2 3", "12 4 2 4", "4 2")
WIDTHS = ("2.6", "2", "2.2")
LONGEST = 88
"""Letters of a name in the legend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One plan as a line.

    Attributes:
        name: its strategy.
        points: the day of the course from which each value holds, and the value; the current dose first, on day -1.
    """

    name: str
    points: tuple[tuple[int, Fraction], ...]

    @property
    def ends(self) -> bool:
        """Whether it comes to zero: then it is drawn no further, so that lines do not hide each other there."""
        return not self.points[-1][1]


def curves_of(plans: Mapping[str, Plan]) -> tuple[str, tuple[Curve, ...]]:
    """What the upright axis shows, and the curves.

    Args:
        plans: by name; they have the same start date.

    Returns:
        "mg of ... a day" where all totals are in mg of one drug, else "% of the starting total".
    """
    units = {unit_drug(plan.record) for plan in plans.values()}
    curves = []
    for name, plan in plans.items():
        doses = totals(plan.record)
        scale = Fraction(10**6) if len(units) == 1 else doses[0] / 100
        days = [(day - plan.start).days for day in starts(plan.record)]
        curves.append(Curve(name=name, points=tuple((d, dose / scale) for d, dose in zip(days, doses, strict=True))))
    return f"mg of {units.pop()} a day" if len(units) == 1 else "% of the starting total", tuple(curves)


def overlay(title: str, plans: Mapping[str, Plan]) -> Markup:
    """The curves of several plans over each other.

    Args:
        title: what they are of.
        plans: by name, at least one.
    """
    axis, curves = curves_of(plans)
    start = next(iter(plans.values())).start
    frame = _Frame.of(curves)
    height = TOP + HEIGHT + FOOT + ROW * len(curves)
    drawing = joined(
        element("text", axis, x=str(LEFT), y=str(TOP - 14), font_weight="600"),
        _grid(frame, start),
        *(element("path", d=_path(frame, curve), fill="none", **_pen(n)) for n, curve in enumerate(curves)),
        *(_key(n, curve, TOP + HEIGHT + FOOT + ROW * n) for n, curve in enumerate(curves)),
    )
    said = "; ".join(f"{c.name}: {_words(c.points[0][1])} until day {c.points[-1][0]}" for c in curves)
    described = f"Lines that go down in steps. {said}. The table has every figure."
    return picture("overlay", drawing, title=f"{title}: {axis}", described=described, height=height)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """The scales: days from `first` to `last`, values to `most`, a mark every so much."""

    first: int
    last: int
    most: Fraction
    mark: Fraction

    @classmethod
    def of(cls, curves: tuple[Curve, ...]) -> "_Frame":
        end = max(curve.points[-1][0] for curve in curves)
        edge = edge_of(end)
        highest = max(value for curve in curves for _, value in curve.points)
        mark = round_mark(highest)
        return cls(first=-edge, last=end + edge, most=mark * -(-highest // mark), mark=mark)

    def x(self, day: int) -> str:
        share = Fraction(day - self.first, self.last - self.first)
        return decimal_text(LEFT + share * (WIDTH - LEFT - RIGHT), places=2)

    def y(self, value: Fraction) -> str:
        return decimal_text(TOP + HEIGHT - value / self.most * HEIGHT, places=2)


def edge_of(last: int) -> int:
    """How many days are drawn before the first and after the last one of a course (days)."""
    return max(4, last // 24)


def _pen(number: int) -> dict[str, str]:
    dash = DASHES[number % len(DASHES)]
    line = {"stroke": COLOURS[number % len(COLOURS)], "stroke_width": WIDTHS[number % len(WIDTHS)]}
    return line | ({"stroke_dasharray": dash} if dash else {})


def _path(frame: _Frame, curve: Curve) -> str:
    (_, value), *rest = curve.points
    path = f"M{frame.x(frame.first)} {frame.y(value)}"
    for day, later in rest:
        path += f"H{frame.x(day)}V{frame.y(later)}"
    return path if curve.ends else path + f"H{frame.x(frame.last)}"


def _grid(frame: _Frame, start: date) -> Iterator[Markup]:
    value = Fraction(0)
    right = str(WIDTH - RIGHT)
    while value <= frame.most:
        y = frame.y(value)
        yield element("line", x1=str(LEFT), x2=right, y1=y, y2=y, stroke=GRID if value else INK, stroke_width="1")
        text = decimal_text(value)
        yield element("text", text, x=str(LEFT - 8), y=y, text_anchor="end", dominant_baseline="middle", fill=QUIET)
        value += frame.mark
    base = TOP + HEIGHT
    weeks = next((w for w in WEEKS_BETWEEN if frame.last <= w * DAYS_PER_WEEK * MOST_DAY_MARKS), WEEKS_BETWEEN[-1])
    for week in range(0, frame.last // DAYS_PER_WEEK + 1, weeks):
        x = frame.x(week * DAYS_PER_WEEK)
        yield element("line", x1=x, x2=x, y1=str(base), y2=str(base + 5), stroke=INK)
        yield element("text", str(week), x=x, y=str(base + 19), text_anchor="middle", fill=QUIET)
    yield element("text", f"weeks from {date_words(start)}", x=right, y=str(base + 36), text_anchor="end", fill=QUIET)


def _key(number: int, curve: Curve, y: int) -> Markup:
    name = curve.name if len(curve.name) <= LONGEST else f"{curve.name[: LONGEST - 1]}…"
    return joined(
        element("line", x1=str(LEFT), x2=str(LEFT + 34), y1=str(y), y2=str(y), **_pen(number)),
        element("text", name, x=str(LEFT + 42), y=str(y), dominant_baseline="middle"),
    )


def _words(value: Fraction) -> str:
    return decimal_text(value, places=2)
