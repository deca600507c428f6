"""Values in plan JSON: exact numbers as text, and a place in a document that knows its path and says what is wrong."""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NoReturn, Self, TypeVar

from benzotaper.doses import NG_PER_MG, Dose
from benzotaper.drugs import drug_named
from benzotaper.errors import BenzotaperError, PlanFormatError, did_you_mean, hint
from benzotaper.numbers import number_text

T = TypeVar("T")
PLAN_JSON = "plan JSON"
_NUMBER = re.compile(r"([0-9]+)(?:\.([0-9]+)|/([0-9]+))?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LONGEST = 400  # characters of a number: far above any that a plan has, far below what is slow to read
_KINDS = {str: "text", bool: "true or false", int: "a whole number", float: "a decimal number", list: "a list"}


@dataclass(frozen=True, slots=True)
class Place:
    """A value of the document and where it stands, such as ``steps[3].cycle[0][1].dose_mg``.

    Attributes:
        value: the value.
        path: where it stands; "" for the whole.
        document: what the document is, for errors.
    """

    value: Any
    path: str = ""
    document: str = PLAN_JSON

    def refuse(self, why: str, *, cause: Exception | None = None) -> NoReturn:
        """Say what is wrong here.

        Raises:
            PlanFormatError: always.
        """
        raise PlanFormatError(f"{self.document}, {self.path or 'the whole'}: {why}", path=self.path) from cause

    def field(self, name: str) -> "Place":
        """The value of a field of this object.

        Raises:
            PlanFormatError: no object, or the field is missing.
        """
        if not isinstance(self.value, dict):
            self.refuse(f"must be an object, but is {_kind(self.value)}")
        there = Place(None, f"{self.path}.{name}".lstrip("."), self.document)
        if name not in self.value:
            there.refuse("this field is missing; use the document as it was written")
        return Place(self.value[name], there.path, self.document)

    def fields(self, *names: str) -> dict[str, "Place"]:
        """The fields of this object, which has exactly these.

        Raises:
            PlanFormatError: no object, a field missing, or one too many.
        """
        found = {name: self.field(name) for name in names}
        for name in self.value:
            if name not in found:
                why = f"this field is not known{hint(did_you_mean(name, names))}; the fields are {', '.join(names)}"
                Place(None, f"{self.path}.{name}".lstrip("."), self.document).refuse(why)
        return found

    def items(self) -> tuple[Self, ...]:
        """The entries of this list.

        Raises:
            PlanFormatError: no list.
        """
        if not isinstance(self.value, list):
            self.refuse(f"must be a list, but is {_kind(self.value)}")
        return tuple(
            type(self)(value, f"{self.path}[{number}]", self.document) for number, value in enumerate(self.value)
        )

    def each(self, read: Callable[["Place"], T]) -> tuple[T, ...]:
        """The entries of this list, each read."""
        return tuple(read(item) for item in self.items())

    def text(self) -> str:
        """A text.

        Raises:
            PlanFormatError: no text.
        """
        if not isinstance(self.value, str):
            self.refuse(f"must be text, but is {_kind(self.value)}")
        return self.value

    def word(self, among: Collection[str]) -> Any:
        """One of a few texts.

        Raises:
            PlanFormatError: another value.
        """
        text = self.text()
        if text not in among:
            near = hint(did_you_mean(text, among))
            self.refuse(f"{text!r} is not known{near}; it is one of {', '.join(map(repr, among))}")
        return text

    def whole(self, *, least: int = 0) -> int:
        """A whole number, at least so much.

        Raises:
            PlanFormatError: no whole number, or below.
        """
        if type(self.value) is not int:  # True is an int too
            self.refuse(f"must be a whole number, but is {_kind(self.value)}")
        if self.value < least:
            self.refuse(f"{self.value} is below {least}, the least that this can be")
        return self.value

    def number(self) -> Fraction:
        """An exact number, zero or more, in its canonical text.

        Raises:
            PlanFormatError: no text, negative, or not canonical.
        """
        text = self.text()
        match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
        if not match:
            sign = "it is negative; " if text.startswith("-") else ""
            self.refuse(f"{text[:40]!r} is not a number here: {sign}write text such as '0.5' or '1/3', zero or more")
        whole, decimals, denominator = match.groups(default="")
        if denominator and not int(denominator):
            self.refuse(f"{text!r} divides by zero")
        value = Fraction(int(whole + decimals), int(denominator or 10 ** len(decimals)))
        if number_text(value) != text:
            self.refuse(f"{text!r} is not in canonical form; write it as {number_text(value)!r}")
        return value

    def dose(self) -> Dose:
        """A dose, in mg.

        Raises:
            PlanFormatError: as `number`; or finer than a nanogram.
        """
        ng = self.number() * NG_PER_MG
        if ng.denominator != 1:
            self.refuse(f"{self.value!r} mg is finer than a nanogram (0.000001 mg)")
        return Dose.of_ng(int(ng))

    def day(self) -> date:
        """A calendar day.

        Raises:
            PlanFormatError: no day as YYYY-MM-DD.
        """
        text = self.text()
        why = f"{text!r} is no date; write it as YYYY-MM-DD"
        if not _DAY.fullmatch(text):
            self.refuse(why)
        try:
            day = date.fromisoformat(text)
        except ValueError as error:  # such as 2026-02-30
            self.refuse(why, cause=error)
        return day

    def drug(self) -> str:
        """A drug by the name that plans use.

        Raises:
            PlanFormatError: no drug, or another of its names.
        """
        text = self.text()
        try:
            name = drug_named(text).name
        except BenzotaperError as error:
            self.refuse(str(error), cause=error)
        if name != text:
            self.refuse(f"{text!r} is not the name that plans use; write {name!r}")
        return name


def read_json(text: object, *, document: str) -> Any:
    """The values of a JSON text, strictly: no field twice in one object, no constants that JSON has not.

    Args:
        text: the text.
        document: what it is, for errors, such as "plan JSON".

    Raises:
        PlanFormatError: it is no such text.
    """
    place = Place(None, document=document)
    if not isinstance(text, str):
        place.refuse(f"it must be text, but is {type(text).__name__}; read the file as UTF-8 text first")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                place.refuse(f"the field {name!r} stands twice in one object")
            found[name] = value
        return found

    def no_constant(name: str) -> NoReturn:
        place.refuse(f"it is no JSON: {name} is no number")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no_constant)
    except json.JSONDecodeError as error:
        place.refuse(f"it is no JSON: {error.msg} at line {error.lineno}, column {error.colno}", cause=error)
    except (RecursionError, ValueError) as error:  # nested too deeply; a number of thousands of digits
        what = document.removesuffix(" JSON")
        place.refuse(f"it is no {what}: nested too deeply, or a number of thousands of digits", cause=error)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "null" if value is None else "an object")
