"""What is said to whom: fixed texts by key and role, with the numbers that the integrator gave filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from benzotaper import datafiles
from benzotaper.errors import ReviewError, refuse_faults

FILE = "rule_texts.csv"
ROLES = ("clinician", "coach", "patient")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Whom to call where the person is. The integrator gives them; nothing is assumed.

    Attributes:
        emergency_number: the emergency number of that place.
        crisis_line: the crisis line of that place.
        prescriber: the name or service of the prescriber, as the person knows it; may be empty.

    >>> Contacts(emergency_number="112", crisis_line="0800 111 0 111").complete
    True
    """

    emergency_number: str = ""
    crisis_line: str = ""
    prescriber: str = ""

    def __post_init__(self) -> None:
        for name in ("emergency_number", "crisis_line", "prescriber"):
            if not isinstance(getattr(self, name), str):
                message = f"{name} {getattr(self, name)!r} is no text; write it as it is dialled or said, such as '112'"
                raise ReviewError(message, value=getattr(self, name))

    @property
    def complete(self) -> bool:
        """Whether an emergency could be answered."""
        return bool(self.emergency_number.strip() and self.crisis_line.strip())

    def fill(self, text: str) -> str:
        """A text with the numbers in their places."""
        return (
            text.replace("{emergency_number}", self.emergency_number or "your local emergency number")
            .replace("{crisis_line}", self.crisis_line or "your local crisis line")
            .replace("{prescriber}", self.prescriber or "your prescriber")
        )


NO_CONTACTS = Contacts()


def text_key(rule_id: str) -> str:
    """The key of a rule's texts.

    >>> text_key("PA-02")
    'pa02'
    """
    return rule_id.replace("-", "").lower()


def text_for(key: str, *, role: str) -> str:
    """The text of a key for a role, its places not yet filled.

    >>> bool(text_for("hold", role="patient"))
    True
    """
    return _shipped()[key, role]


@cache
def _shipped() -> Mapping[tuple[str, str], str]:
    columns = {"key": datafiles.word, "role": datafiles.one_of(*ROLES), "text": datafiles.word}
    texts: dict[tuple[str, str], str] = {}
    faults = []
    for number, row in enumerate(datafiles.read_csv(datafiles.shipped(FILE), columns, file=FILE), start=2):
        if (row["key"], row["role"]) in texts:
            faults.append(f"row {number}: {row['key']} for {row['role']} is already there")
        texts[row["key"], row["role"]] = row["text"]
    refuse_faults(FILE, faults)
    return texts
