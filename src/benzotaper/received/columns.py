"""The columns of a schedule, found by name: what each header means, in the spellings that people use."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from benzotaper.doses import NG_PER_UNIT
from benzotaper.errors import ScheduleError

SPELLINGS = {
    "step": "step stage phase step_no step_number",
    "start": "start start_date start_day from begin begins date_from from_date first_day",
    "end": "end end_date end_day to until last_day date_to to_date through",
    "date": "date calendar_date day_date on",
    "day": "day day_number day_no",
    "week": "week weeks wk week_number week_no",
    "days": "days duration_days n_days number_of_days length_days duration_in_days",
    "duration_weeks": "duration_weeks number_of_weeks n_weeks length_weeks duration_in_weeks",
    "duration": "duration length for lasts",
    "drug": "drug medicine medication drug_name substance ingredient",
    "dose": "dose daily_dose dosage amount dose_per_day dose_day",
    "time": "time time_of_day when at",
    "total": "total daily_total total_dose total_daily_dose tdd sum total_per_day",
    "tablets": "tablets tablet tabs units take number_of_tablets tablets_per_dose count instruction instructions",
    "strength": "strength tablet_strength product_strength tablet_size",
    "product": "product",
    "pieces": "pieces",
    "pieces_per_unit": "pieces_per_unit",
    "cycle_day": "cycle_day",
    "percent": "percent percentage pct percent_of_start percent_of_current percent_of_original percent_of_baseline",
    "morning": "morning am mane breakfast",
    "noon": "noon midday lunch",
    "evening": "evening dinner supper",
    "night": "night bedtime pm nocte",
}
"""Each field and the headers that mean it, without unit, in lower case, with underlines between the words."""
FIELDS = {header: name for name, headers in SPELLINGS.items() for header in headers.split()}
MEASURED = frozenset({"dose", "total", "strength", "morning", "noon", "evening", "night"})
"""Fields whose header may name a unit: dose_mg, total_daily_dose_mg, morning_mg."""
WIDE = ("morning", "noon", "evening", "night")
OF_DAY = ("start", "date", "day", "week")
"""Where the first day may stand, the best place first; the others are then left aside."""
BASES = {
    "percent_of_start": "percent of start",
    "percent_of_original": "percent of start",
    "percent_of_baseline": "percent of start",
    "percent_of_current": "percent of current",
}
QUIET = frozenset({"note", "notes", "comment", "comments", "reason"})
QUIET_STARTS = ("fall_", "diazepam_low", "diazepam_high")


@dataclass(slots=True)
class Columns:
    """Where each field stands.

    Attributes:
        places: the column of each field, counted from 0.
        units: the unit that a header names, by field.
        unread: headers that were left aside.
    """

    places: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def header_field(header: object) -> tuple[str, str]:
    """The field that a header means, and the unit it names; '' for either where there is none.

    >>> header_field("Dose (mg)"), header_field("dose_mg_per_day"), header_field("% of start"), header_field("weight")
    (('dose', 'mg'), ('dose', 'mg'), ('percent', 'percent of start'), ('', ''))
    """
    name = re.sub(r"[^a-z0-9]+", "_", str(header).casefold().replace("%", " percent ").replace("µ", "u")).strip("_")
    if name in FIELDS:
        return FIELDS[name], BASES.get(name, "percent" if FIELDS[name] == "percent" else "")
    words = name.split("_")
    units = [word for word in words if word in NG_PER_UNIT]
    if len(units) != 1:
        return "", ""
    rest = "_".join(word for word in words if word != units[0])
    rest = rest.removesuffix("_per_day").removesuffix("_day").removesuffix("_a") or "dose"
    found = FIELDS.get(rest, "dose" if rest in ("per_day", "a_day") else FIELDS.get(rest.removesuffix("_dose"), ""))
    found = "strength" if found == "tablets" else found
    return (found, units[0]) if found in MEASURED else ("", "")


def find_columns(headers: Sequence[object]) -> Columns:
    """Find what each column is.

    Raises:
        ScheduleError: no column holds a dose, or two hold the same.

    >>> find_columns(["Week", "Dose (mg)", "Colour"]).unread
    ('Colour',)
    """
    found = Columns()
    unread = []
    for place, header in enumerate(headers):
        name, unit = header_field(header)
        if name and name in found.places:
            message = f"two columns say {name}: {headers[found.places[name]]!r} and {header!r}; leave one of them out"
            raise ScheduleError(message, value=str(header))
        if name:
            found.places[name], found.units[name] = place, unit
        elif not _is_quiet(str(header)):
            unread.append(str(header))
    _choose_day(found, unread, headers)
    _check_dose(found, headers)
    found.unread = tuple(unread)
    return found


def is_header(headers: Sequence[object]) -> bool:
    """Whether these are the headers of a schedule: one says how much, and no two cells are plain numbers."""
    names = [header_field(header)[0] for header in headers]
    return len(headers) > 1 and sum(map(bool, names)) > 1


def _is_quiet(header: str) -> bool:
    low = header.casefold().strip()
    return low in QUIET or low.startswith(QUIET_STARTS) or not low or low.startswith("unnamed")


def _choose_day(found: Columns, unread: list[str], headers: Sequence[object]) -> None:
    """Keep the best of several columns that name the day."""
    days = [name for name in OF_DAY if name in found.places]
    unread.extend(str(headers[found.places.pop(name)]) for name in days[1:])


def _check_dose(found: Columns, headers: Sequence[object]) -> None:
    if "dose" not in found.places and "total" in found.places and not any(n in found.places for n in WIDE):
        found.places["dose"], found.units["dose"] = found.places.pop("total"), found.units["total"]
    if not any(name in found.places for name in ("dose", "percent", "tablets", "pieces", *WIDE)):
        listed = ", ".join(str(header) for header in headers)
        message = (
            f"no column holds a dose; the columns are {listed[:200]!r}; name one 'dose_mg', 'dose' (each cell with its "
            "unit), 'percent_of_start', 'tablets', or by times of the day ('morning_mg', 'night_mg')"
        )
        raise ScheduleError(message, value=listed)
