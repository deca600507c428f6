"""The names in a schedule: drugs and times of the day, by any spelling the package knows."""

from functools import lru_cache

from benzotaper.drugs import drug_named
from benzotaper.errors import BenzotaperError
from benzotaper.intervals import TIMES
from benzotaper.received.entries import Doubts

TIME_WORDS = {
    **{time: time for time in TIMES},
    "midday": "noon",
    "lunch": "noon",
    "lunchtime": "noon",
    "afternoon": "noon",
    "dinner": "evening",
    "am": "morning",
    "a.m.": "morning",
    "mane": "morning",
    "breakfast": "morning",
    "mornings": "morning",
    "pm": "night",
    "p.m.": "night",
    "nocte": "night",
    "bedtime": "night",
    "bed": "night",
    "nights": "night",
    "qhs": "night",
    "supper": "evening",
}
"""How people write the times of the day."""


@lru_cache(maxsize=1024)
def _drug(name: str) -> tuple[str, str]:
    try:
        return drug_named(name).name, ""
    except BenzotaperError as error:
        return name, str(error)


def drug_word(name: str, place: int, doubts: Doubts) -> str:
    """A drug's own name; of a name that is no drug here, the name as it stands, with a doubt."""
    if not name:
        return ""
    found, why = _drug(name)
    if why:
        doubts.add(place, why, "write the drug by one of its names")
    return found


def time_word(word: str, place: int, doubts: Doubts) -> str:
    """A time of the day; a clock time stays as it is; another word leaves a doubt and stays as it is."""
    low = word.casefold()
    if not low or low in TIME_WORDS:
        return TIME_WORDS.get(low, "")
    if not low.replace(":", "").isdigit():
        doubts.add(place, f"{word[:40]!r} is no time of the day here", "write morning, noon, evening or night")
    return low
