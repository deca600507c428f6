"""The dose curve: a step plot drawn as SVG, readable by people and by screen readers, in colour and in print.

Every drug has its own panel with its own scale: 1 mg of one drug is not 1 mg of another. Lines differ in thickness
and dashes, never in colour alone. All coordinates are exact fractions until they are printed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256

from benzotaper.exports.markup import Markup, element, joined
from benzotaper.exports.step_figures import day_range_ng
from benzotaper.exports.words import date_words, day_and_month, mg_figure
from benzotaper.falls import together
from benzotaper.numbers import decimal_text
from benzotaper.steps import PlanRecord, Step

WIDTH, LEFT, RIGHT, TOP, PANEL, GAP, BOTTOM = 720, 60, 30, 34, 190, 80, 74
INK, QUIET, LINE, FILL, BAND, GRID = "#1b1f24", "#4a5560", "#0b4f5c", "#dcecef", "#bcdbe0", "#d5dadf"
MOST_DAY_MARKS, MOST_MG_MARKS = 6, 5
WEEKS_BETWEEN = (1, 2, 4, 8, 13, 26, 52, 104, 208)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """One drug's panel and its scales.

    Attributes:
        drug: the drug.
        top: its upper edge (units of the view box).
        first, last: the days at its left and right edge.
        most: the dose at its upper edge (mg).
        mark: mg between two marks.
    """

    drug: str
    top: int
    first: date
    last: date
    most: Fraction
    mark: Fraction

    @property
    def base(self) -> int:
        """Its lower edge, 0 mg."""
        return self.top + PANEL

    def x(self, day: date) -> str:
        """Where a day stands."""
        share = Fraction((day - self.first).days, (self.last - self.first).days)
        return decimal_text(LEFT + share * (WIDTH - LEFT - RIGHT), places=2)

    def y(self, ng: Fraction | int) -> str:
        """Where a dose stands."""
        return decimal_text(self.base - Fraction(ng) / 10**6 / self.most * PANEL, places=2)


def dose_curve(record: PlanRecord) -> str:
    """The planned daily dose over time, with the ideal course behind it.

    Args:
        record: the plan.

    Returns:
        An SVG element that scales with its place. The same plan always gives the same text.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> dose_curve(plan.record).startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 298"')
    True
    """
    frames = _frames(record)
    height = frames[-1].base + BOTTOM
    drawing = joined(*(_panel(record, frame) for frame in frames), _legend(record, height - 20))
    title = f"Dose curve: {' and '.join(record.drugs)}, mg a day"
    return picture("curve", drawing, title=title, described=_described(record), height=height)


def picture(name: str, drawing: Markup, *, title: str, described: str, height: int) -> Markup:
    """A drawing as an SVG element that says what it shows, to people who do not see it too.

    Args:
        name: what its ids begin with; what follows tells it from other drawings of a page.
        drawing: what is drawn, `WIDTH` wide.
        title: what it shows.
        described: the same in more words.
        height: its height (units of the view box).
    """
    mark = sha256(drawing.encode()).hexdigest()[:8]
    return element(
        "svg",
        element("title", title, id=f"{name}-title-{mark}"),
        element("desc", described, id=f"{name}-desc-{mark}"),
        drawing,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        preserveAspectRatio="xMinYMin",
        role="img",
        aria_labelledby=f"{name}-title-{mark} {name}-desc-{mark}",
        font_family="system-ui, 'Noto Sans', 'DejaVu Sans', Arial, sans-serif",
        font_size="14",
        fill=INK,
    )


def _described(record: PlanRecord) -> str:
    steps = [step for step in record.steps if step.start]
    said = [f"{_doses(record.steps[0])} until {date_words(record.request.start)}"]
    said += [f"{_doses(step)} from {date_words(step.start)}" for step in (steps[:1] + steps[-1:]) if step.start]
    return f"A line that goes down in steps: {'; '.join(dict.fromkeys(said))}. The table of steps has every number."


def _doses(step: Step) -> str:
    return " and ".join(f"{mg_figure(step.mean_ng(drug))} mg of {drug} a day" for drug in step.drugs) or "no dose"


def _frames(record: PlanRecord) -> list[_Frame]:
    start, end = record.request.start, max(step.start or record.request.start for step in record.steps)
    edge = max(4, (end - start).days // 24)
    first = start - timedelta(days=edge if record.steps[0].start is None else 0)
    frames = []
    for number, drug in enumerate(record.drugs):
        highest = max(day_range_ng(step, drug)[1] for step in record.steps)
        ideal = max((point.mean.ng for point in record.ideal if point.drug == drug), default=0)
        mark = round_mark(Fraction(max(highest, ideal), 10**6))
        most = mark * -(-max(highest, ideal) // int(mark * 10**6))
        top = TOP + number * (PANEL + GAP)
        frames.append(_Frame(drug=drug, top=top, first=first, last=end + timedelta(days=edge), most=most, mark=mark))
    return frames


def round_mark(most: Fraction) -> Fraction:
    """A round distance that gives at most five marks up to a value.

    >>> round_mark(Fraction(33))
    Fraction(10, 1)
    """
    size = Fraction(1, 10**6)
    while True:
        for factor in (1, 2, 5):
            if most <= size * factor * MOST_MG_MARKS:
                return size * factor
        size *= 10


def _stretches(record: PlanRecord, frame: _Frame) -> Iterator[tuple[Step, date, date]]:
    """Each step with the first day it is drawn from and the day it is drawn to."""
    begins = [step.start or frame.first for step in record.steps]
    # a current regimen that lasts no day is drawn up to the start, so that one sees what comes before
    yield from zip(record.steps, begins, [*begins[1:], frame.last], strict=True)


def _panel(record: PlanRecord, frame: _Frame) -> Markup:
    levels = [(begin, step.mean_ng(frame.drug)) for step, begin, _ in _stretches(record, frame)]
    planned = _line(frame, levels)
    # the line is closed along 0 mg to be filled
    filled = f"{planned}V{frame.base}H{frame.x(frame.first)}Z"
    return element(
        "g",
        element("text", f"{frame.drug}, mg a day", x=str(LEFT), y=str(frame.top - 14), font_weight="600"),
        element("path", d=filled, fill=FILL),
        _grid(frame, record.request.start),
        *_bands(record, frame),
        *_ideal(record, frame),
        element("path", d=planned, fill="none", stroke=LINE, stroke_width="2.5", stroke_linejoin="round"),
    )


def _line(frame: _Frame, levels: list[tuple[date, Fraction]], *, until: date | None = None) -> str:
    """A path that is level from each day on and falls or rises on the next."""
    (first, dose), *rest = levels
    path = f"M{frame.x(first)} {frame.y(dose)}"
    for day, ng in rest:
        path += f"H{frame.x(day)}V{frame.y(ng)}"
    return path + f"H{frame.x(until or frame.last)}"


def _grid(frame: _Frame, start: date) -> Iterator[Markup]:
    mg = Fraction(0)
    while mg <= frame.most:
        y, right = frame.y(mg * 10**6), str(WIDTH - RIGHT)
        yield element("line", x1=str(LEFT), x2=right, y1=y, y2=y, stroke=GRID if mg else INK, stroke_width="1")
        text = decimal_text(mg)
        yield element("text", text, x=str(LEFT - 8), y=y, text_anchor="end", dominant_baseline="middle", fill=QUIET)
        mg += frame.mark
    for day in _marked_days(frame, start):
        x = frame.x(day)
        yield element("line", x1=x, x2=x, y1=str(frame.base), y2=str(frame.base + 5), stroke=INK)
        yield element("text", day_and_month(day), x=x, y=str(frame.base + 19), text_anchor="middle", fill=QUIET)
        yield element(
            "text", str(day.year), x=x, y=str(frame.base + 34), text_anchor="middle", fill=QUIET, font_size="12"
        )


def _marked_days(frame: _Frame, start: date) -> Iterator[date]:
    """The first day of the course, and days a round number of weeks apart from it, few enough to be read."""
    length = (frame.last - frame.first).days
    weeks = next((w for w in WEEKS_BETWEEN if length <= w * 7 * MOST_DAY_MARKS), WEEKS_BETWEEN[-1])
    day = start
    while day <= frame.last:
        yield day
        day += timedelta(weeks=weeks)


def _bands(record: PlanRecord, frame: _Frame) -> Iterator[Markup]:
    """From the low to the high day of each cycle."""
    for step, begin, end in _stretches(record, frame):
        lowest, highest = day_range_ng(step, frame.drug)
        if lowest != highest:
            left, right, low, high = frame.x(begin), frame.x(end), frame.y(lowest), frame.y(highest)
            outline = f"M{left} {high}H{right}V{low}H{left}Z"
            yield element("path", d=outline, fill=BAND, stroke=LINE, stroke_width="0.8", stroke_dasharray="1 2")


def _ideal(record: PlanRecord, frame: _Frame) -> Iterator[Markup]:
    """The course that the strategies asked for; of a drug that is replaced, until it begins to leave."""
    points = [(point.start, Fraction(point.mean.ng)) for point in record.ideal if point.drug == frame.drug]
    if not points or together(record):  # a common curve is in diazepam and belongs to no drug's panel
        return
    if frame.drug in record.request.regimen.drugs:
        points.insert(0, (frame.first, Fraction(record.request.regimen.of(frame.drug).total.ng)))
    leaves = [record.steps[cross.first_step].start for cross in record.crossovers if cross.drug == frame.drug]
    until = next((day for day in leaves if day), frame.last)
    path = _line(frame, points, until=until)
    yield element("path", d=path, fill="none", stroke=INK, stroke_width="1.2", stroke_dasharray="5 4")


def _legend(record: PlanRecord, y: int) -> Iterator[Markup]:
    keys = [("planned", {"stroke": LINE, "stroke_width": "2.5"})]
    if record.ideal:
        keys.append(("ideal course, before tablets", {"stroke": INK, "stroke_width": "1.2", "stroke_dasharray": "5 4"}))
    x = LEFT
    for words, line in keys:
        yield element("line", x1=str(x), x2=str(x + 28), y1=str(y), y2=str(y), **line)
        yield element("text", words, x=str(x + 36), y=str(y), dominant_baseline="middle")
        x += 60 + 7 * len(words)
    if any(len(set(day_range_ng(step, drug))) > 1 for step in record.steps for drug in record.drugs):
        outline = {"fill": BAND, "stroke": LINE, "stroke_width": "0.8", "stroke_dasharray": "1 2"}
        yield element("rect", x=str(x), y=str(y - 7), width="28", height="14", **outline)
        yield element("text", "from low to high day", x=str(x + 36), y=str(y), dominant_baseline="middle")
