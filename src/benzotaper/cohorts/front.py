"""Plans a taper for every row of a frame: the front door of cohorts. Nothing here loads pandas before a call."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from benzotaper.cohorts.progress import progress_bar
from benzotaper.cohorts.result import Cohort
from benzotaper.cohorts.templates import Planner, planner_for
from benzotaper.dispensing.reduce import Reduce
from benzotaper.doses import DoseLike
from benzotaper.equivalence_tables import Table
from benzotaper.errors import PlanError
from benzotaper.planning.choices import Choices, read_choices
from benzotaper.planning.several import APART
from benzotaper.product import AnyDose, Product
from benzotaper.schedules import Phases
from benzotaper.schedules.base import ZERO

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 4096
"""People at a time: their rows stay in the processor's cache."""
ANY_START = "2000-01-01"
"""Days are counted from the start; which day that is changes nothing."""


def cohort(  # noqa: PLR0913  as `taper`: every choice is the caller's, by name
    frame: "pd.DataFrame",
    strategy: Phases | Mapping[str, Any],
    *,
    products: str | Iterable[Product] | AnyDose,
    splitting: str = "",
    times: str | Iterable[str] = "",
    fit: str = "up",
    reduce: Reduce = "evenly",
    max_pieces: int = 0,
    liquids: bool | Product = False,
    lead_in: str | timedelta = "",
    target: DoseLike = ZERO,
    last_dose: DoseLike = ZERO,
    table: "str | Table" = "",
    apart: str | timedelta = APART,
    pick: str = "",
    acknowledge: str = "",
    chunk: int = CHUNK,
    progress: bool = False,
) -> Cohort:
    """Plan a taper for every person of a frame: row by row what `taper` plans, to the nanogram.

    Args:
        frame: a row a person, with `id`; `regimen` (text, as people write it), or `drug` and `dose_mg`, the daily dose
            in mg, at `times`; perhaps `start`, a day, which is checked. Other columns are left alone.
        strategy: one strategy or phases for everybody, as `taper` takes them; or the name of a column of texts, with
            semicolons between phases.
        products: as `taper`.
        splitting: as `taper`.
        times: when a daily dose is taken, in equal parts: "night", "morning, night"; or the name of a column of these.
        fit: as `taper`, and so are all that follow up to `acknowledge`.
        reduce: how the day's doses fall.
        max_pieces: pieces an administration at most.
        liquids: True adds the region's liquid; or the liquid to add.
        lead_in: how long the current dose is kept first.
        target: a maintenance dose to stay on.
        last_dose: the dose from which it goes to zero.
        table: the equivalence table, which several drugs need.
        apart: with several drugs, the least time between two reductions.
        pick: with several drugs, "low", "midpoint" or "high" where `table` gives a range.
        acknowledge: who owns something unusual, and why.
        chunk: people whose rows are put together at a time; it changes the speed and nothing else.
        progress: whether to show a progress bar; this needs tqdm.

    Returns:
        The plans, and who has none and why: nobody is dropped. Dates, pieces and findings are left to `taper`.

    Raises:
        DataError: a column that is missing, or no frame.
        BenzotaperError: an argument that is wrong for everybody.

    Limits: as `taper`. A person whose id stands in several rows is refused in each of them.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"id": [1, 2], "drug": ["diazepam", "aspirin"], "dose_mg": [2.0, 100.0]})
    >>> found = cohort(frame, "linear 1 mg every 2 weeks", products="UK", splitting="halves", times="night")
    >>> found
    <Cohort of 2: 1 planned in 2 rows, 1 refused>
    >>> found.plans[["day", "days", "dose_mg"]].values.tolist()
    [[0, 14, 1.0], [14, <NA>, 0.0]]
    """
    asked = _choices(
        products=products,
        splitting=splitting,
        fit=fit,
        reduce=reduce,
        max_pieces=max_pieces,
        liquids=liquids,
        lead_in=lead_in,
        target=target,
        last_dose=last_dose,
        table=table,
        apart=apart,
        pick=pick,
        acknowledge=acknowledge,
    )
    from benzotaper.cohorts.making import cohort_of  # noqa: PLC0415  pandas loads at the first frame
    from benzotaper.table_columns import refuse_no_frame  # noqa: PLC0415  as above

    refuse_no_frame(frame)  # before its people are counted
    with progress_bar(wanted=progress, people=len(frame)) as advance:
        return cohort_of(
            frame, strategy, times=times, planner=planner_for(asked), chunk=_read_chunk(chunk), advance=advance
        )


def cohort_chunks(
    frames: "Iterable[pd.DataFrame]",
    strategy: Phases | Mapping[str, Any],
    *,
    times: str | Iterable[str] = "",
    progress: bool = False,
    **choices: Any,
) -> Iterator[Cohort]:
    """Plan people who do not fit into memory together: a frame at a time, each distinct person planned once in all.

    Args:
        frames: frames as `cohort` takes them, such as ``pd.read_csv(file, chunksize=100_000)`` gives.
        strategy: as `cohort`.
        times: as `cohort`.
        progress: whether to show a progress bar; this needs tqdm.
        choices: all other arguments of `cohort`.

    Returns:
        An iterator with a `Cohort` a frame; `refused.row` counts through all of them. Ids are compared within a frame
        only.

    Raises:
        BenzotaperError: as `cohort`; a choice that is wrong for everybody at once, before the first frame is asked for.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"id": [1, 2], "regimen": ["diazepam 2 mg at night", "diazepam 4 mg at night"]})
    >>> parts = [frame.iloc[:1], frame.iloc[1:]]
    >>> asked = {"products": "UK", "splitting": "halves"}
    >>> [len(part.plans) for part in cohort_chunks(parts, "linear 1 mg every 2 weeks", **asked)]
    [2, 4]
    """
    chunk = _read_chunk(choices.pop("chunk", CHUNK))
    planner = planner_for(_choices(**choices))
    return _each(frames, _kept(strategy), times=_kept(times), progress=progress, planner=planner, chunk=chunk)


def _kept(value: Any) -> Any:
    """What can be read for one frame after the other."""
    return tuple(value) if isinstance(value, Iterator) else value


def _each(
    frames: "Iterable[pd.DataFrame]", strategy: Any, *, times: Any, progress: bool, planner: Planner, chunk: int
) -> Iterator[Cohort]:
    """The cohort of each frame; apart from `cohort_chunks`, since a generator checks nothing when it is called."""
    from benzotaper.cohorts.making import cohort_of  # noqa: PLC0415  pandas loads at the first frame

    row = 0
    with progress_bar(wanted=progress) as advance:
        for frame in frames:
            yield cohort_of(frame, strategy, times=times, planner=planner, chunk=chunk, advance=advance, first_row=row)
            row += len(frame)


def present_doses(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Say what each person takes before the taper, which the plans of a cohort do not: `levels_frame` must know it.

    Args:
        frame: the people, as `cohort` takes them: `id`, and `regimen` or `drug` and `dose_mg`. At which times a daily
            dose is taken does not matter.

    Returns:
        A row for each person and drug, in the order of the people: `id`, `drug` (by its own name, categorical as in
        `Cohort.plans`), `start_mg`, the present daily dose (mg), and `reason`, NA but where no dose can be read: then
        drug and dose are NA.

    Raises:
        DataError: a column that is missing or double, or no frame.

    >>> import pandas as pd
    >>> people = pd.DataFrame({"id": [1, 2], "regimen": ["Valium 5 mg twice daily", "lorazepam 1 mg nocte"]})
    >>> present_doses(people)[["id", "drug", "start_mg"]].values.tolist()
    [[1, 'diazepam', 10.0], [2, 'lorazepam', 1.0]]
    """
    from benzotaper.cohorts.present import doses_of  # noqa: PLC0415  pandas loads at the first frame

    return doses_of(frame)


def cohort_parts(
    strategy: Phases | Mapping[str, Any], *, times: str | Iterable[str], **choices: Any
) -> "Callable[..., Cohort]":
    """What plans a part of a larger cohort, as `cohorts.making.cohort_of` given what belongs to the part; for files.

    Args:
        strategy: as `cohort`.
        times: as `cohort`.
        choices: as `cohort`.

    Raises:
        BenzotaperError: a choice that is wrong for everybody.
    """
    from benzotaper.cohorts.making import cohort_of  # noqa: PLC0415  pandas loads at the first frame

    return partial(cohort_of, strategy=strategy, times=times, planner=planner_for(_choices(**choices)), chunk=CHUNK)


def _choices(**given: Any) -> Choices:
    """The choices, in a form that can be remembered; those that are wrong for everybody are refused."""
    for name in given.keys() - (cohort.__kwdefaults__ or {}).keys() - {"products"}:
        message = f"{name}= is not chosen for a cohort"  # such as `align`, which `taper` has
        raise TypeError(message)
    choices = read_choices(start=ANY_START, **given | {"reduce": _hashable(given.get("reduce", "evenly"))})
    choices.check_for_all()
    return choices


def _hashable(value: Any) -> Any:
    return tuple(_hashable(item) for item in value) if isinstance(value, list | tuple) else value


def _read_chunk(chunk: int) -> int:
    if type(chunk) is not int or chunk < 1:
        raise PlanError(f"chunk {chunk!r} must be a whole number of people, at least 1", value=chunk)
    return chunk
