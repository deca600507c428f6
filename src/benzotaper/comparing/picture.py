"""The curves of several plans over each other, drawn by matplotlib. Only this imports it; it loads on use."""

from collections.abc import Mapping

from benzotaper.comparing.overlay import COLOURS, WIDTHS, curves_of, edge_of
from benzotaper.errors import MissingExtraError
from benzotaper.intervals import DAYS_PER_WEEK
from benzotaper.plan import Plan

try:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
except ImportError as error:
    message = "plot() needs matplotlib, which is not installed; install it with: pip install 'benzotaper[plot]'"
    raise MissingExtraError(message, extra="plot") from error

STYLES: tuple[str, ...] = ("-", "--", ":", "-.")


def drawn(title: str, plans: Mapping[str, Plan], *, ax: Axes | None = None) -> Axes:
    """The curves on some axes.

    Args:
        title: what they are of.
        plans: by name; one at least.
        ax: the axes; those of a figure of its own, when left out.
    """
    axes = Figure(figsize=(8, 4.5), layout="constrained").add_subplot() if ax is None else ax
    label, curves = curves_of(plans)
    last = max(curve.points[-1][0] for curve in curves)
    edge = edge_of(last)
    for number, curve in enumerate(curves):
        days = [-edge, *(day for day, _ in curve.points[1:])]
        doses = [float(dose) for _, dose in curve.points]
        if not curve.ends:
            days, doses = [*days, last + edge], [*doses, doses[-1]]
        axes.step(
            [day / DAYS_PER_WEEK for day in days],
            doses,
            where="post",
            label=curve.name,
            color=COLOURS[number % len(COLOURS)],
            linestyle=STYLES[number % len(STYLES)],
            linewidth=float(WIDTHS[number % len(WIDTHS)]),
        )
    axes.set(title=title, xlabel="weeks from the start", ylabel=label)
    axes.set_ylim(bottom=0)
    axes.legend(fontsize="small")
    return axes
