"""A product: one strength of one form of one drug, and the pieces it gives."""

from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, Self

from benzotaper.doses import Dose, DoseLike, mg_text, read_dose
from benzotaper.drugs import drug_named
from benzotaper.errors import DoseError, ProductError, did_you_mean, hint
from benzotaper.numbers import decimal_text, exact

PARTS = {1: "whole", 2: "halves", 4: "quarters"}
"""What the pieces of one unit are called."""
SPLITTINGS = {"whole": 1, "scored": 0, "halves": 2, "quarters": 4}
"""Splitting policies and the pieces a plain tablet gives under each; 0: as its data say."""
PIECES_BY_DATA = {"yes": 2, "quarters": 4}
RELEASES = ("IR", "ER", "ODT", "SL")
"""Immediate, extended, orally disintegrating, sublingual: other products, never mixed."""
SPLIT_DATA = ("yes", "no", "unknown", "quarters", "measured volume", "measured drops")
OFFERED = ("yes", "no", "by name")
SMALLEST_ML = Fraction(1, 10)  # project default, confirm: what an oral syringe measures


@dataclass(frozen=True, slots=True)
class Form:
    """A pharmaceutical form: what one unit of it is called, and what may be done with it."""

    unit: str
    units: str
    splits: bool = False
    liquid: bool = False


FORMS = {
    "tablet": Form("tablet", "tablets", splits=True),
    "capsule": Form("capsule", "capsules"),
    "orally disintegrating tablet": Form("orally disintegrating tablet", "orally disintegrating tablets"),
    "sublingual tablet": Form("sublingual tablet", "sublingual tablets"),
    "oral film": Form("film", "films"),
    "oral spray": Form("spray", "sprays"),
    "oral solution": Form("mL", "mL", liquid=True),
    "oral suspension": Form("mL", "mL", liquid=True),
    "oral drops": Form("mL", "mL", liquid=True),
}


class AnyDose:
    """Stands for products where none are named: any dose in whole nanograms, "not dispensed"."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ANY_DOSE"


ANY_DOSE = AnyDose()


@dataclass(frozen=True, slots=True, kw_only=True, init=False, repr=False)
class Product:
    """One strength of one form of one drug.

    Attributes:
        drug: its name in this package.
        strength: per tablet or capsule; per mL of a liquid.
        form: a key of `FORMS`.
        region: where it is marketed, or "own".
        name: brand, or "generic".
        release: "IR", "ER", "ODT" or "SL".
        split_ok: what the data say of breaking it: "yes" (halves), "quarters", "no", "unknown", "measured volume"
            or "measured drops".
        pieces: the pieces that may be made of one unit by the caller's word, or "by policy".
        drops_per_ml: of a product counted in drops; 0 of any other.
        smallest_ml: the smallest volume that is measured (mL), of a liquid.
        offered: "yes", "by name" or "no".
        source_ids: where the facts are from.
        note: a remark on the facts.

    >>> Product("diazepam", strength="2 mg", form="tablet")
    <Product diazepam 2 mg tablet (own, own)>
    """

    drug: str
    strength: Dose
    form: str
    region: str
    name: str
    release: str
    split_ok: str
    pieces: int | Literal["by policy"]
    drops_per_ml: int
    smallest_ml: Fraction
    offered: str
    source_ids: tuple[str, ...]
    note: str

    def __init__(  # noqa: PLR0913  a record made by hand: every field has a name
        self,
        drug: str,
        *,
        strength: DoseLike,
        form: str,
        region: str = "own",
        name: str = "own",
        release: str = "IR",
        split_ok: str = "unknown",
        pieces: int | Literal["by policy"] = "by policy",
        drops_per_ml: int = 0,
        smallest_ml: str | Decimal | Fraction = SMALLEST_ML,
        offered: str = "by name",
        source_ids: tuple[str, ...] = (),
        note: str = "",
    ) -> None:
        if not isinstance(form, str) or form not in FORMS:
            near = hint(did_you_mean(form, FORMS))
            raise ProductError(f"form {form!r} is not known{near}; the forms are {', '.join(FORMS)}", value=form)
        given = {
            "drug": drug_named(drug).name,
            "strength": read_dose(strength),
            "form": form,
            "region": region,
            "name": name,
            "release": release,
            "split_ok": split_ok,
            "pieces": pieces,
            "drops_per_ml": drops_per_ml,
            "smallest_ml": exact(smallest_ml, error=DoseError),
            "offered": offered,
            "source_ids": source_ids,
            "note": note,
        }
        for field, value in given.items():
            object.__setattr__(self, field, value)
        self._check()

    def _check(self) -> None:
        known = {"release": RELEASES, "split_ok": SPLIT_DATA, "offered": OFFERED}
        for field, allowed in known.items():
            if getattr(self, field) not in allowed:
                message = f"{field} {getattr(self, field)!r} of {self.drug} must be one of {', '.join(allowed)}"
                raise ProductError(message, value=getattr(self, field))
        if type(self.drops_per_ml) is not int or self.drops_per_ml < 0:
            message = f"drops_per_ml {self.drops_per_ml!r} of {self.drug} must be a whole number above 0, or left out"
            raise ProductError(message, value=self.drops_per_ml)
        if self.pieces not in ("by policy", 1, 2, 4):
            raise ProductError(f"pieces {self.pieces!r} must be 1, 2 or 4", value=self.pieces)
        if self.pieces in (2, 4) and not self.splits:
            raise ProductError(
                f"{self} must not be split: {self.why_whole}; use pieces=1 or another product", value=self
            )
        if self.liquid and (self.smallest_ml <= 0 or (self.strength.ng * self.smallest_ml).denominator != 1):
            message = (
                f"{self} cannot be measured in {decimal_text(self.smallest_ml)} mL: not a whole number of nanograms"
            )
            raise ProductError(message, value=self)

    def __hash__(self) -> int:
        return hash((self.drug, self.strength.ng, self.form, self.name, self.region))  # it is asked for again and again

    @property
    def liquid(self) -> bool:
        """Whether it is measured or counted in drops."""
        return FORMS[self.form].liquid

    @property
    def splits(self) -> bool:
        """Whether its form allows splitting at all: plain immediate-release tablets only."""
        return FORMS[self.form].splits and self.release == "IR"

    @property
    def why_whole(self) -> str:
        """Why a form that never splits does not."""
        return "extended release" if self.release == "ER" else f"a {self.form}"

    @property
    def unit(self) -> str:
        """What one whole unit is called: tablet, capsule, mL."""
        return FORMS[self.form].unit

    @property
    def strength_mg(self) -> Fraction:
        """Strength in mg per unit; per mL of a liquid."""
        return self.strength.mg

    @property
    def label(self) -> str:
        """Strength and form, such as '5 mg tablet' or '0.4 mg/mL oral solution'."""
        extended = "extended-release " if self.release == "ER" else ""
        return f"{self.strength}{'/mL' if self.liquid else ''} {extended}{self.form}"

    def __str__(self) -> str:
        return f"{self.drug} {self.label} ({self.name}, {self.region})"

    def __repr__(self) -> str:
        return f"<Product {self}>"

    def replace(self, **changes: Any) -> Self:
        """The same product with other values, such as ``pieces=2`` where its tablets may be halved.

        >>> Product("diazepam", strength="2 mg", form="tablet").replace(pieces=2).pieces
        2
        """
        given = {field.name: getattr(self, field.name) for field in fields(self)} | changes
        return type(self)(given.pop("drug"), **given)

    def pieces_under(self, splitting: str) -> int:
        """The pieces that one unit gives under a splitting policy: 1, 2 or 4; of a liquid, see `piece_ng`."""
        if not self.splits:
            return 1
        if self.pieces != "by policy":
            return self.pieces
        return SPLITTINGS[splitting] or PIECES_BY_DATA.get(self.split_ok, 1)

    def allows(self, pieces: int) -> bool:
        """Whether the data (or the caller's word for this product) allow so many pieces of one unit."""
        allowed = self.pieces if self.pieces != "by policy" else PIECES_BY_DATA.get(self.split_ok, 1)
        return pieces <= allowed

    def said_of(self, pieces: int) -> str:
        """What the data say of taking it in so many pieces a unit, in words."""
        if self.allows(pieces):
            return "the data say that it may"
        if self.split_ok == "no":
            return "the data say that it must not be split"
        return (
            "the data do not say whether it may be split" if self.split_ok == "unknown" else "the data say halves only"
        )

    @property
    def smallest_measure(self) -> tuple[int, int]:
        """Of a liquid, the smallest amount that is measured, as a fraction of one mL: pieces, pieces per mL.

        Drops are counted in the smallest group that is a whole number of nanograms: of 30 drops = 10 mg, 3 drops.

        >>> Product("diazepam", strength="10 mg", form="oral drops", drops_per_ml=30).smallest_measure
        (3, 30)
        """
        if self.drops_per_ml:
            group = Fraction(self.strength.ng, self.drops_per_ml).denominator
            return group, self.drops_per_ml
        return self.smallest_ml.numerator, self.smallest_ml.denominator


def volume_text(ng: int, product: Product) -> str:
    """A measured dose in mL, mg and mg/mL, so that none is taken for another.

    >>> volume_text(800_000, Product("diazepam", strength="0.4 mg", form="oral solution"))
    '2 mL (0.8 mg) of 0.4 mg/mL'
    """
    ml = Fraction(ng, product.strength.ng)
    return f"{decimal_text(ml)} mL ({mg_text(ng)} mg) of {product.strength}/mL"
