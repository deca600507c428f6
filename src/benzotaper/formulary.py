"""What is marketed: the products of each region, to pick from or to plan with.

Only what the data marks as offered in a region whose list is complete is taken when a region is named; everything
else only by name, from the list that `products` gives.
"""

from collections.abc import Iterable
from fractions import Fraction
from functools import cache, lru_cache

from benzotaper import datafiles
from benzotaper.doses import NG_PER_MG, Dose
from benzotaper.drugs import drug_named
from benzotaper.errors import ProductError, ReleaseError, did_you_mean, hint
from benzotaper.product import FORMS, OFFERED, RELEASES, SPLIT_DATA, Product

_COLUMNS: dict[str, datafiles.Reader] = {
    "drug": datafiles.word,
    "region": datafiles.word,
    "product": datafiles.word,
    "form": datafiles.one_of(*FORMS),
    "strength_mg": datafiles.positive_or_unknown,
    "conc_mg_per_ml": datafiles.positive_or_unknown,
    "release": datafiles.one_of(*RELEASES),
    "score_pieces": datafiles.one_of("", "1", "2", "4"),
    "score_equal_doses": datafiles.one_of("", "unknown", "presumed", "yes", "no"),
    "split_ok": datafiles.one_of(*SPLIT_DATA),
    "drops_per_ml": datafiles.positive_or_unknown,
    "mg_per_drop": datafiles.positive_or_unknown,
    "rxcui_scd": datafiles.text,
    "code_system": datafiles.text,
    "code": datafiles.text,
    "status": datafiles.word,
    "source_id": datafiles.ids,
    "grade": datafiles.one_of("seen", "secondary"),
    "note": datafiles.text,
    "offered": datafiles.one_of(*OFFERED),
    "region_complete": datafiles.one_of("yes", "no"),
}


@cache
def _shipped() -> tuple[tuple[Product, ...], frozenset[str]]:
    """All products of the data, and the regions whose lists are complete."""
    rows = list(datafiles.shipped_rows("products.csv", _COLUMNS))
    complete = frozenset(row["region"] for row in rows if row["region_complete"] == "yes")
    return tuple(_product(row) for row in rows), complete


def _product(row: datafiles.Row) -> Product:
    liquid = FORMS[row["form"]].liquid
    per_unit = row["conc_mg_per_ml" if liquid else "strength_mg"]
    drops = row["drops_per_ml"]
    return Product(
        row["drug"],
        strength=Dose.of_ng(int(per_unit * NG_PER_MG)),
        form=row["form"],
        region=row["region"],
        name=row["product"],
        release=row["release"],
        split_ok=row["split_ok"],
        drops_per_ml=int(drops) if isinstance(drops, Fraction) else 0,
        offered=row["offered"],
        source_ids=row["source_id"],
        note=row["note"],
    )


def regions() -> dict[str, bool]:
    """The regions of the data, and whether the list of each is complete.

    >>> regions()["UK"], regions()["AU"]
    (True, False)
    """
    everything, complete = _shipped()
    return {region: region in complete for region in sorted({product.region for product in everything})}


def products(drug: str, *, region: str, forms: Iterable[str] = tuple(FORMS)) -> tuple[Product, ...]:
    """The products of a drug in a region, to pick from: offered ones and those taken by name only.

    Args:
        drug: any name of the drug.
        region: such as "UK".
        forms: the forms wanted; all of them when left out.

    Returns:
        Products, none when the data has none: that is "not captured", not "not marketed".

    Raises:
        UnknownDrugError, ProductError: unknown drug, region or form.

    >>> for product in products("diazepam", region="UK"):
    ...     print(product.label)
    0.4 mg/mL oral solution
    2 mg tablet
    5 mg tablet
    10 mg tablet
    """
    name = drug_named(drug).name
    wanted = (forms,) if isinstance(forms, str) else tuple(forms)
    for form in (form for form in wanted if form not in FORMS):
        raise ProductError(f"form {form!r} is not known; the forms are {', '.join(FORMS)}", value=form)
    _check_region(region)
    return tuple(
        product
        for product in _shipped()[0]
        if (product.drug, product.region) == (name, region) and product.form in wanted and product.offered != "no"
    )


def _check_region(region: str) -> None:
    known = regions()
    if not isinstance(region, str) or region not in known:
        near = hint(did_you_mean(region, known))
        raise ProductError(f"region {region!r} is not known{near}; the regions are {', '.join(known)}", value=region)


@lru_cache(maxsize=1024)
def stocked(
    choice: str | tuple[Product, ...], *, drug: str, liquids: bool | Product, release: str
) -> tuple[Product, ...]:
    """The products that a plan for one drug may use.

    Args:
        choice: a region, or products by hand (those of other drugs are left aside).
        drug: the drug's name.
        liquids: whether to add the region's liquid, or the liquid to add.
        release: the release of the regimen, "IR" unless it says otherwise.

    Raises:
        ProductError: none there, an incomplete region, more than one liquid.
        ReleaseError: releases mixed, or not that of the regimen.
    """
    found = _of_region(choice, drug) if isinstance(choice, str) else tuple(p for p in choice if p.drug == drug)
    if liquids is True:
        found += _only_liquid(choice, drug, found)
    elif isinstance(liquids, Product):
        found += (liquids,) if liquids.drug == drug and liquids not in found else ()
    if not found:
        raise ProductError(
            f"no product of {drug} among the products given; add one, or products of its region", value=drug
        )
    _check_together(found, drug, release)
    return found


def check_complete(region: str, *, drug: str) -> None:
    """Refuse a region whose list of products cannot be used by its name.

    Args:
        region: such as "UK".
        drug: a drug's name, for what to do instead.

    Raises:
        ProductError: it is not known, or its list is not complete.

    >>> check_complete("UK", drug="diazepam")
    """
    _check_region(region)
    if not regions()[region]:
        complete = ", ".join(name for name, whole in regions().items() if whole)
        message = (
            f"the list of products for {region} is not complete, so it cannot be used by its name; "
            f"give products=[...] from bt.products({drug!r}, region={region!r}) or of your own; complete are {complete}"
        )
        raise ProductError(message, value=region)


def _of_region(region: str, drug: str) -> tuple[Product, ...]:
    check_complete(region, drug=drug)
    found = tuple(p for p in products(drug, region=region) if p.offered == "yes")
    if found:
        return found
    by_name = products(drug, region=region)
    what = "only special forms, taken by name" if by_name else "none captured, which does not mean none marketed"
    raise ProductError(f"{drug} in {region}: {what}; give products=[...] by hand", value=drug)


def _only_liquid(choice: object, drug: str, found: tuple[Product, ...]) -> tuple[Product, ...]:
    if any(product.liquid for product in found):
        return ()
    if not isinstance(choice, str):
        raise ProductError(
            "liquids=True needs a region; with products by hand, put the liquid among them", value=choice
        )
    liquids = [product for product in products(drug, region=choice) if product.liquid]
    if len(liquids) != 1:
        listed = "; ".join(str(product) for product in liquids) or "none is in the data"
        message = (
            f"liquids=True needs exactly one liquid of {drug} in {choice}: {listed}; give the one you mean as liquids="
        )
        raise ProductError(message, value=drug)
    return tuple(liquids)


def _check_together(found: tuple[Product, ...], drug: str, release: str) -> None:
    releases = sorted({product.release for product in found})
    if releases != [release]:
        message = (
            f"the regimen is {drug} with release {release}, the products have {' and '.join(releases)}: "
            "extended-release and special forms are other products and are never mixed with plain ones; "
            "give products of one release, and name it in the regimen with release="
        )
        raise ReleaseError(message, value=releases)
    if len({(p.strength, p.drops_per_ml) for p in found if p.liquid}) > 1:
        listed = "; ".join(p.label for p in found if p.liquid)
        raise ProductError(f"two liquids are never mixed in one plan ({listed}); give one of them", value=drug)
