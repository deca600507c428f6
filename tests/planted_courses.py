"""Planted faults of the course, of changes of drug, of figures, and of the document itself."""

import json
from fractions import Fraction
from random import Random
from typing import Any

import benzotaper as bt
from plants import TIMES, Document, copied, crossing, highest, kind, means, mg, one, quiet, seal
from real_plans import texts

DOSE, TOTAL, DAY, CHANGE = "no dose rises", "no total rises", "no day rises", "change of drug"
TOTALS, FALLS, WINDOW, EQUIVALENTS = "totals", "falls", "falls in 14 days", "diazepam equivalents"


def total(step: Document) -> Fraction:
    """The mean daily total of a step of one drug (mg)."""
    return sum(means(step).values(), Fraction(0))


def multiplied(administration: Document, times: int) -> Document:
    """So many times a dose, and of what makes it."""
    taken = [part | {"pieces": part["pieces"] * times} for part in administration["taken"]]
    return administration | {"dose_mg": mg(Fraction(administration["dose_mg"]) * times), "taken": taken}


@kind("a total that rises", TOTAL, refigured=True)
def _(document: Document, chance: Random) -> bool:
    steps = quiet(document)
    if len(steps) < 2:
        return False
    one_, other = sorted(chance.sample(steps, 2), key=lambda step: int(step["number"]))
    one_["cycle"], other["cycle"] = other["cycle"], one_["cycle"]
    return total(one_) < total(other) and not document["crossovers"]


@kind("a first step above what is taken now", TOTAL, DAY, DOSE, refigured=True)
def _(document: Document, chance: Random) -> bool:
    first = document["steps"][1]
    if crossing(document, first) or not any(first["cycle"]):
        return False
    first["cycle"] = [[multiplied(a, chance.choice([2, 3])) for a in document["steps"][0]["cycle"][0]]]
    return True


@kind("a dose that rises while the total does not", DOSE, refigured=True)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, quiet(document))
    if not step or len(step["cycle"]) > 1 or len(step["cycle"][0]) < 2:
        return False
    two = chance.sample(step["cycle"][0], 2)
    for name in ("dose_mg", "taken"):
        two[0][name], two[1][name] = two[1][name], two[0][name]
    before = highest(document["steps"][step["number"] - 1])
    return any(dose > before.get(at, 0) for at, dose in highest(step).items())


@kind("a dose that comes back", DOSE, refigured=True)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, quiet(document))
    if not step or len(step["cycle"]) > 1:
        return False
    day = step["cycle"][0]
    before = {time for _, time in highest(document["steps"][step["number"] - 1])}
    free = [time for time in TIMES if time not in before and all(a["time"] != time for a in day)]
    moved = chance.choice(day)
    moved["time"] = one(chance, free) or moved["time"]
    day.sort(key=lambda a: TIMES.index(a["time"]))
    return bool(free)


@kind("a highest day that rises", DAY, refigured=True)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, quiet(document))
    if not step:
        return False
    before = document["steps"][step["number"] - 1]["cycle"]
    day = max(before, key=lambda day: sum(Fraction(a["dose_mg"]) for a in day))
    step["cycle"] = [[multiplied(a, 2) for a in day], [], [], [], []][: chance.randint(2, 5)]
    return not crossing(document, document["steps"][step["number"] - 1])


@kind("a mean that rises behind the same highest day", DOSE, TOTAL, refigured=True)
def _(document: Document, chance: Random) -> bool:
    steps = [s for s in quiet(document) if len(s["cycle"]) > 1]
    step = one(chance, steps)
    if not step or step["number"] + 1 >= len(document["steps"]):
        return False
    then = document["steps"][step["number"] + 1]
    same = highest(step)
    then["cycle"] = [max(step["cycle"], key=lambda day: sum(Fraction(a["dose_mg"]) for a in day))]
    return highest(then) == same


# ---- changes of drug


def at_cross(document: Document, chance: Random) -> tuple[Any, Any]:
    """A change of drug, and one of its steps."""
    cross = one(chance, document["crossovers"])
    if not cross:
        return None, None
    return cross, document["steps"][chance.randint(cross["first_step"], cross["last_step"])]


@kind("too much of the drug that enters", TOTAL, DAY, refigured=True)
def _(document: Document, chance: Random) -> bool:
    cross, step = at_cross(document, chance)
    if not cross:
        return False
    times = chance.randint(6, 9)
    step["cycle"] = [[multiplied(a, times) if a["drug"] == cross["to"] else a for a in day] for day in step["cycle"]]
    began = document["steps"][cross["first_step"] - 1]
    worth = {cross["drug"]: Fraction(cross["factor"]), cross["to"]: Fraction(1)}
    now, was = (sum((d * worth.get(drug, 0) for drug, d in means(s).items()), Fraction(0)) for s in (step, began))
    return now > was


@kind("the drug that leaves rises", DOSE, refigured=True)
def _(document: Document, chance: Random) -> bool:
    cross, step = at_cross(document, chance)
    leaving = one(chance, (a for day in step["cycle"] for a in day if a["drug"] == cross["drug"])) if cross else None
    if not leaving:
        return False
    before = highest(document["steps"][step["number"] - 1])[leaving["drug"], leaving["time"]]
    leaving |= multiplied(leaving, chance.choice([2, 3]))
    return Fraction(leaving["dose_mg"]) > before


@kind("the drug that has left is still taken", CHANGE, refigured=True)
def _(document: Document, chance: Random) -> bool:
    cross = one(chance, document["crossovers"])
    if not cross:
        return False
    step = one(chance, document["steps"][cross["last_step"] : -1])
    old = [copied(a) for a in document["steps"][cross["first_step"] - 1]["cycle"][0]]
    step["cycle"] = [sorted([*day, *old], key=lambda a: TIMES.index(a["time"])) for day in step["cycle"]]
    return True


@kind("two drugs that fall at once", CHANGE, refigured=True)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, (s for s in quiet(document) if len(means(s)) > 1))
    if not step or step["number"] + 1 >= len(document["steps"]):
        return False
    before, now = means(document["steps"][step["number"] - 1]), means(step)
    same = [drug for drug in now if now[drug] == before.get(drug)]
    fell = len(same) < len(before)
    step["cycle"] = [[a for a in day if a["drug"] != one(chance, same)] for day in step["cycle"]]
    return fell and bool(same)


@kind("a change of drug said to begin later", CHANGE)
def _(document: Document, chance: Random) -> bool:
    cross = one(chance, (c for c in document["crossovers"] if c["first_step"] < c["last_step"]))
    if cross:
        cross["first_step"] += 1
    return bool(cross)


@kind("a change of drug said to end early", CHANGE)
def _(document: Document, chance: Random) -> bool:
    cross = one(chance, (c for c in document["crossovers"] if c["first_step"] < c["last_step"]))
    if cross:
        cross["last_step"] = chance.randrange(cross["first_step"], cross["last_step"])
    return bool(cross)


@kind("a change of drug said to end late", CHANGE)
def _(document: Document, chance: Random) -> bool:
    cross = one(chance, document["crossovers"])
    if cross:
        cross["last_step"] += chance.randint(1, 3)
    return bool(cross)


@kind("a change of drug said to begin early", CHANGE)
def _(document: Document, chance: Random) -> bool:
    cross = one(chance, (c for c in document["crossovers"] if c["first_step"] > 1))
    if cross:
        cross["first_step"] = chance.randrange(1, cross["first_step"])
    return bool(cross) and len(document["crossovers"]) == 1


@kind("a change of drug behind the end", CHANGE)
def _(document: Document, chance: Random) -> bool:
    cross = one(chance, document["crossovers"])
    if cross:
        cross["last_step"] = len(document["steps"]) + chance.randint(0, 3)
    return bool(cross)


@kind("a change of drug that nobody declared", CHANGE)
def _(document: Document, chance: Random) -> bool:
    crossovers = document["crossovers"]
    if crossovers:
        crossovers.pop(chance.randrange(len(crossovers)))
        return True
    return False


@kind("a change to a drug that is not taken", CHANGE)
def _(document: Document, chance: Random) -> bool:
    cross = one(chance, document["crossovers"])
    if cross:
        cross[chance.choice(["to", "drug"])] = chance.choice(["nitrazepam", "tofisopam"])
    return bool(cross)


@kind("another drug in the middle", CHANGE, refigured=True)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, (s for s in document["steps"] if any(s["cycle"])))
    for day in step["cycle"]:
        for a in day:
            a["drug"] = "nitrazepam" if a["drug"] != "nitrazepam" else "oxazepam"
    return True


@kind("totals in another drug", CHANGE, refigured=True)
def _(document: Document, chance: Random) -> bool:
    was, document["totals_in"] = document["totals_in"], chance.choice(["tofisopam", "phenazepam", "diazepam"])
    return bool(was != document["totals_in"])


@kind("another factor for a change of drug", EQUIVALENTS, refigured=True)
def _(document: Document, chance: Random) -> bool:
    cross = one(chance, document["crossovers"])
    if cross:
        cross["factor"] = mg(Fraction(cross["factor"]) * chance.choice([Fraction(1, 2), Fraction(9, 8), 2]))
    return bool(cross)


@kind("another pick for a change of drug", EQUIVALENTS)
def _(document: Document, chance: Random) -> bool:
    cross = one(chance, (c for c in document["crossovers"] if c["pick"]))
    if cross:
        cross["pick"] = chance.choice([pick for pick in ("", "low", "high", "midpoint") if pick != cross["pick"]])
    return bool(cross)


@kind("another table for a change of drug", EQUIVALENTS)
def _(document: Document, chance: Random) -> bool:
    cross = one(chance, document["crossovers"])
    if cross:
        cross["table"] = chance.choice(["denmark", ""])
    return bool(cross)


# ---- figures


@kind("another total", TOTALS)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"])
    step["total_mg"] = mg(Fraction(step["total_mg"]) + Fraction(1, chance.choice([1, 2, 1000])))
    return True


@kind("a dose left out", TOTALS, FALLS)
def _(document: Document, chance: Random) -> bool:
    day = one(chance, (day for step in document["steps"][1:] for day in step["cycle"] if day))
    if day:
        day.pop(chance.randrange(len(day)))
    return bool(day)


@kind("another day of a cycle", TOTALS, FALLS)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, (s for s in document["steps"] if len(s["cycle"]) > 1))
    if step:
        was = total(step)
        step["cycle"].append(copied(chance.choice(step["cycle"])))
        return total(step) != was
    return False


def other_figure(document: Document, chance: Random, *names: str) -> bool:
    """Change one of these figures of one row."""
    row = one(chance, (row for step in document["steps"] for row in step["falls"]))
    name = chance.choice(names)
    if row[name] is None:
        row[name] = chance.choice(["0", "1"])
    else:
        row[name] = mg(abs(Fraction(row[name])) + Fraction(chance.choice([1, 3]), chance.choice([2, 3, 1000])))
    return True


@kind("another mean dose", FALLS)
def _(document: Document, chance: Random) -> bool:
    return other_figure(document, chance, "mean_mg")


@kind("another fall", FALLS)
def _(document: Document, chance: Random) -> bool:
    return other_figure(document, chance, "fall_mg")


@kind("another % of current", FALLS)
def _(document: Document, chance: Random) -> bool:
    return other_figure(document, chance, "percent_of_current")


@kind("another % of start", FALLS)
def _(document: Document, chance: Random) -> bool:
    return other_figure(document, chance, "percent_of_start")


@kind("% of start given for % of current", FALLS)
def _(document: Document, chance: Random) -> bool:
    rows = (row for step in document["steps"] for row in step["falls"])
    row = one(chance, (r for r in rows if r["percent_of_current"] != r["percent_of_start"]))
    if row:
        row["percent_of_current"] = row["percent_of_start"]
    return bool(row)


@kind("a row of falls left out", FALLS)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"])
    step["falls"].pop(chance.randrange(len(step["falls"])))
    return True


@kind("another fall in 14 days", WINDOW)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"])
    fall = Fraction(step["worst_fall_in_14_days_mg"])
    step["worst_fall_in_14_days_mg"] = mg(fall + chance.choice([Fraction(1), -fall / 2, Fraction(1, 100)]))
    return Fraction(step["worst_fall_in_14_days_mg"]) != fall


@kind("another diazepam equivalent", EQUIVALENTS)
def _(document: Document, chance: Random) -> bool:
    return other_figure(document, chance, "diazepam_low_mg", "diazepam_high_mg")


@kind("diazepam that is not itself", EQUIVALENTS, refigured=True)
def _(document: Document, chance: Random) -> bool:
    factor = one(chance, (f for f in document["factors"] if f["drug"] == "diazepam"))
    if factor:
        factor |= chance.choice(
            [{"low": "0.5"}, {"high": "2"}, {"low": "0.5", "high": "0.5"}, {"low": "2", "high": "2"}]
        )
    return bool(factor)


@kind("diazepam without its factor", EQUIVALENTS, refigured=True)
def _(document: Document, chance: Random) -> bool:
    kept = [f for f in document["factors"] if f["drug"] != "diazepam"]
    left_out = len(kept) < len(document["factors"])
    document["factors"] = kept
    return left_out and chance.random() < 1


@kind("a factor upside down, or of nothing", EQUIVALENTS, refigured=True)
def _(document: Document, chance: Random) -> bool:
    factor = one(chance, document["factors"])
    if factor:
        factor |= chance.choice([{"low": mg(Fraction(factor["high"]) + 1)}, {"low": "0"}, {"drug": "tofisopam"}])
    return bool(factor)


@kind("a factor twice", EQUIVALENTS)
def _(document: Document, chance: Random) -> bool:
    factor = one(chance, document["factors"])
    document["factors"].append(factor)
    return bool(factor)


# ---- the document


@kind("content changed under the old seal", "seal", sealed=False)
def _(document: Document, chance: Random) -> bool:
    name = chance.choice(["fit", "reduce", "acknowledge", "profile"])
    document["request"][name] += chance.choice([" ", "x"])
    return True


@kind("another seal", "seal", sealed=False)
def _(document: Document, chance: Random) -> bool:
    place, text = chance.randrange(64), document["content_sha256"]
    document["content_sha256"] = text[:place] + chance.choice("ghij") + text[place + 1 :]
    return True


@kind("a field left out", "form")
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"])
    holder = chance.choice([document, document["request"], step, step["falls"][0]])
    unread = {"benzotaper", "ideal", "findings", "finest_fall_mg", "strategies", "fit", "reduce", "profile"}
    names = sorted(holder.keys() - unread - {"acknowledge", "align", "schema_version", "content_sha256"})
    del holder[chance.choice(names)]
    return True


@kind("a value of another type", "form")
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"])
    holder, name = chance.choice(
        [(document, "steps"), (step, "number"), (step, "total_mg"), (step, "start"), (document["request"], "target_mg")]
    )
    holder[name] = chance.choice([True, 1.5, {}, [{}], "1.50", "x", "1e3", "-", "2026-02-30"])
    return True


@kind("a changed certificate", "carried certificate", sealed=False)
def _(document: Document, chance: Random) -> bool:
    carried = document["certificate"]
    check = chance.choice(carried["checks"])
    change: Any = chance.choice(["verdict", "evidence", "ok", "not_checked", "seal"])
    if change in check:
        check[change] = {"holds": "fails", "fails": "holds"}.get(check[change], "holds")
    elif change == "seal":
        carried["certificate_sha256"] = "0" * 64
    else:
        carried[change] = not carried["ok"] if change == "ok" else carried["not_checked"][:-1]
    return True


@kind("the certificate of another plan", "carried certificate", sealed=False)
def _(document: Document, chance: Random) -> bool:
    other = json.loads(chance.choice(texts()))["certificate"]
    same = other == document["certificate"]
    document["certificate"] = other
    return not same


@kind("a certificate sealed anew after a change", "carried certificate")
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"])
    step["total_mg"] = mg(Fraction(step["total_mg"]) + 1)
    seal(document)
    good = document["certificate"] | {"content_sha256": document["content_sha256"]}
    content = {name: value for name, value in good.items() if name != "certificate_sha256"}
    document["certificate"] = content | {"certificate_sha256": bt.verification.certificate.sha256_of(content)}
    return True
