"""Planted faults of products, pieces and doses."""

from fractions import Fraction
from random import Random

from plants import Document, administrations, copied, kind, mg, one, parts

MAKE, ALLOWED, NUMBER = "pieces make the dose", "pieces allowed", "number of pieces"
RELEASES, PRODUCTS = "releases and liquids", "products"


@kind("a dose changed", MAKE, refigured=True)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, administrations(document))
    if found:
        dose = Fraction(found[2]["dose_mg"])
        found[2]["dose_mg"] = mg(dose + chance.choice([Fraction(1, 2), Fraction(1, 10**6), -dose / 2]))
        return (Fraction(found[2]["dose_mg"]) * 10**6).denominator == 1
    return False


@kind("a piece more", MAKE)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, parts(document))
    if found:
        found[1]["pieces"] += chance.randint(1, 3)
    return bool(found)


@kind("pieces of another size", MAKE)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, parts(document))
    if found:
        found[1]["pieces_per_unit"] *= 2
    return bool(found)


@kind("another strength taken", MAKE)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, parts(document))
    if not found:
        return False
    _, part, ware = found
    others = [n for n, w in enumerate(document["products"]) if w["strength_mg"] != ware["strength_mg"]]
    part["product"] = one(chance, others)
    return bool(others)


@kind("another strength of a product", MAKE)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, parts(document))
    if found:
        found[2]["strength_mg"] = mg(Fraction(found[2]["strength_mg"]) * chance.choice([2, 4, 10]))
    return bool(found)


@kind("a part of a dose left out", MAKE)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, (a for _, _, a in administrations(document) if len(a["taken"]) > 1))
    if found:
        found["taken"].pop(chance.randrange(len(found["taken"])))
    return bool(found)


@kind("nothing makes a dose", MAKE)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, administrations(document, since=1))
    if found:
        found[2]["taken"] = []
    return bool(found)


@kind("one product counted as two", MAKE)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, (each for each in parts(document) if each[1]["pieces"] > 1))
    if found:
        a, part, _ = found
        part["pieces"] -= 1
        a["taken"].append(part | {"pieces": 1})
    return bool(found)


@kind("a product of another drug", MAKE)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, parts(document))
    if found:
        ware = copied(found[2]) | {"drug": chance.choice(["nitrazepam", "oxazepam", "zopiclone"]), "region": "own"}
        found[1]["product"] = len(document["products"])
        document["products"].append(ware)
        return ware["drug"] != found[0]["drug"]
    return False


@kind("a product taken that is not dispensed", MAKE)
def _(document: Document, chance: Random) -> bool:
    document["request"] |= {"products": "any dose", "splitting": ""}
    return bool(parts(document)) and chance.random() < 1


@kind("any dose, with a list of products", PRODUCTS)
def _(document: Document, chance: Random) -> bool:
    document["request"] |= {"products": "any dose", "splitting": ""}
    return bool(document["products"]) and chance.random() < 1


@kind("products left out", PRODUCTS)
def _(document: Document, chance: Random) -> bool:
    if document["request"]["products"] != "any dose" or chance.random() > 1:
        return False
    document["request"] |= {"products": "by hand", "splitting": "halves"}
    return True


@kind("no splitting policy", PRODUCTS)
def _(document: Document, chance: Random) -> bool:
    document["request"]["splitting"] = ""
    return bool(document["products"]) and chance.random() < 1


@kind("a product listed twice", PRODUCTS)
def _(document: Document, chance: Random) -> bool:
    ware = one(chance, document["products"])
    document["products"].append(copied(ware))
    return bool(ware)


@kind("a product that the data have otherwise", PRODUCTS)
def _(document: Document, chance: Random) -> bool:
    ware = one(chance, (w for w in document["products"] if w["region"] != "own"))
    if not ware:
        return False
    name = chance.choice(["split_ok", "name", "strength_mg", "offered", "form", "drops_per_ml"])
    other = {
        "split_ok": "quarters" if ware["split_ok"] != "quarters" else "yes",
        "name": ware["name"] + "x",
        "strength_mg": mg(Fraction(ware["strength_mg"]) * 11),
        "offered": "by name" if ware["offered"] == "yes" else "yes",
        "form": "capsule" if ware["form"] != "capsule" else "tablet",
        "drops_per_ml": ware["drops_per_ml"] + 5,
    }
    ware[name] = other[name]
    return True


@kind("a product of another region", PRODUCTS)
def _(document: Document, chance: Random) -> bool:
    ware = one(chance, (w for w in document["products"] if w["region"] != "own"))
    if not ware or document["request"]["products"] == "by hand":
        return False
    ware["region"] = chance.choice(["own", "elsewhere"])
    return True


@kind("a form that is none", PRODUCTS)
def _(document: Document, chance: Random) -> bool:
    ware = one(chance, document["products"])
    if ware:
        ware["form"] = chance.choice(["pill", "patch", "Tablet"])
    return bool(ware)


@kind("halves of what must stay whole", ALLOWED)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, (e for e in parts(document, liquid=False) if e[1]["pieces"] % e[1]["pieces_per_unit"]))
    if not found:
        return False
    _, _, ware = found
    change = {"form": "capsule"}, {"release": "ER"}, {"pieces": 1}, {"form": "oral film"}, {"release": "ODT"}
    ware |= chance.choice(change)
    return True


@kind("a policy that allows less", ALLOWED)
def _(document: Document, chance: Random) -> bool:
    by_policy = [p for _, p, w in parts(document, liquid=False) if w["pieces"] == "by policy"]
    finest = max((p["pieces_per_unit"] for p in by_policy if p["pieces"] % p["pieces_per_unit"]), default=1)
    document["request"]["splitting"] = chance.choice(["whole", "halves"] if finest == 4 else ["whole"])
    return finest > 1


@kind("a score line that is not there", ALLOWED)
def _(document: Document, chance: Random) -> bool:
    document["request"]["splitting"] = "scored"
    split = (w for _, p, w in parts(document, liquid=False) if p["pieces"] % p["pieces_per_unit"])
    ware = one(chance, (w for w in split if w["pieces"] == "by policy"))
    if ware:
        ware["split_ok"] = chance.choice(["no", "unknown"])
    return bool(ware)


@kind("thirds, fifths or eighths of a tablet", ALLOWED)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, parts(document, liquid=False))
    if found:
        into = chance.choice([3, 5, 8])
        found[1]["pieces"] *= into
        found[1]["pieces_per_unit"] *= into
    return bool(found)


@kind("quarters where halves are allowed", ALLOWED)
def _(document: Document, chance: Random) -> bool:
    halved = (
        e for e in parts(document, liquid=False) if e[1]["pieces_per_unit"] == 2 and e[2]["pieces"] == "by policy"
    )
    found = one(chance, halved)
    if not found or document["request"]["splitting"] == "quarters":
        return False
    found[1]["pieces"] *= 2
    found[1]["pieces_per_unit"] = 4
    return found[2]["split_ok"] != "quarters" or document["request"]["splitting"] != "scored"


@kind("a volume that cannot be measured", ALLOWED)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, (e for e in parts(document, liquid=True) if not e[2]["drops_per_ml"]))
    if not found:
        return False
    volume = Fraction(found[1]["pieces"], found[1]["pieces_per_unit"])
    found[2]["smallest_ml"] = mg(volume * chance.choice([2, Fraction(2, 3), Fraction(3, 7), 0]))
    return True


@kind("drops of another count", ALLOWED)
def _(document: Document, chance: Random) -> bool:
    found = one(chance, (e for e in parts(document, liquid=True) if e[2]["drops_per_ml"]))
    if found:
        found[2]["drops_per_ml"] += chance.choice([-10, -5, 5, 10, 30])
    return bool(found)


@kind("more pieces than allowed", NUMBER)
def _(document: Document, chance: Random) -> bool:
    counts = [0]
    for _, _, a in administrations(document):
        counts.append(0)
        for part in a["taken"]:
            rest = Fraction(part["pieces"], part["pieces_per_unit"])
            liquid = "oral" in document["products"][part["product"]]["form"]
            while not liquid and rest:
                rest -= max(size for size in (Fraction(1), Fraction(1, 2), Fraction(1, 4)) if size <= rest)
                counts[-1] += 1
            counts[-1] += liquid
    document["request"]["max_pieces"] = chance.randint(1, max(max(counts) - 1, 1))
    return max(counts) > 1


@kind("two releases", RELEASES)
def _(document: Document, chance: Random) -> bool:
    ware = one(chance, document["products"])
    if ware:
        ware["release"] = "ER" if ware["release"] == "IR" else "IR"
    return bool(ware)


@kind("a regimen of another release", RELEASES)
def _(document: Document, chance: Random) -> bool:
    regimen = document["request"]["regimen"]
    regimen["release"] = "SL" if regimen["release"] == "IR" else chance.choice(["IR", "ODT"])
    return any(w["drug"] == regimen["intakes"][0]["drug"] for w in document["products"])


@kind("a second liquid", RELEASES)
def _(document: Document, chance: Random) -> bool:
    liquid = one(chance, (w for w in document["products"] if w["form"] in ("oral solution", "oral drops")))
    if liquid:
        second = {"form": "oral suspension", "strength_mg": "7", "region": "own", "drops_per_ml": 0}
        document["products"].append(copied(liquid) | second)
    return bool(liquid)
