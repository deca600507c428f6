"""Planted faults of dates, order, beginning and end."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from plants import Document, copied, kind, means, mg, move, one, redate

CALENDAR, ORDER, BEGINNING, ENDING = "calendar", "order of the day", "current regimen", "ending"


@kind("a step numbered otherwise", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"])
    step["number"] += chance.randint(1, 3)
    return True


@kind("a day missing", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    since = chance.randrange(1, len(document["steps"])) if len(document["steps"]) > 1 else 0
    for step in document["steps"][since:]:
        move(step, 1)
    document["stops_on"] = document["stops_on"] and document["steps"][-1]["start"]
    return since > 0


@kind("a day twice", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    since = chance.randrange(1, len(document["steps"])) if len(document["steps"]) > 1 else 0
    for step in document["steps"][since:]:
        move(step, -chance.randint(1, 3))
    document["stops_on"] = document["stops_on"] and document["steps"][-1]["start"]
    return since > 0


@kind("a step that begins on another day", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, (s for s in document["steps"] if s["start"]))
    step["start"] = (date.fromisoformat(step["start"]) + timedelta(days=chance.choice([-7, -1, 1, 7]))).isoformat()
    document["stops_on"] = document["stops_on"] and document["steps"][-1]["start"]
    return True


@kind("a step that ends on another day", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, (s for s in document["steps"] if s["end"]))
    if step:
        step["end"] = (date.fromisoformat(step["end"]) + timedelta(days=chance.choice([-7, -1, 1, 7]))).isoformat()
    return bool(step)


@kind("a step of another length", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, (s for s in document["steps"] if s["days"]))
    if step:
        step["days"] += chance.randint(1, 9)
    return bool(step)


@kind("a step without a day", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"][1:-1])
    if step:
        step["days"] = 0
        redate(document)
    return bool(step)


@kind("a step left out", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    if len(document["steps"]) < 4:
        return False
    document["steps"].pop(chance.randrange(1, len(document["steps"]) - 1))
    for number, step in enumerate(document["steps"]):
        step["number"] = number
    return True


@kind("a step twice", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    place = chance.randrange(1, len(document["steps"])) if len(document["steps"]) > 1 else 0
    document["steps"].insert(place, copied(document["steps"][place]))
    for number, step in enumerate(document["steps"]):
        step["number"] = number
    return place > 0


@kind("another start", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    day = date.fromisoformat(document["request"]["start"]) + timedelta(days=chance.choice([-30, -1, 1, 30]))
    document["request"]["start"] = day.isoformat()
    return True


@kind("an open step in the middle", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"][1:-1])
    if step:
        step["days"] = step["end"] = None
    return bool(step)


@kind("a last step that ends", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    document["steps"][-1]["days"] = chance.randint(1, 30)
    redate(document)
    return True


@kind("more than twenty years", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"][1:-1])
    if step:
        step["days"] = 7306 + chance.randint(0, 99)
        redate(document)
    return bool(step)


@kind("a first day of a step 0 that lasts none", CALENDAR)
def _(document: Document, chance: Random) -> bool:
    first = document["steps"][0]
    first["start"] = document["request"]["start"]
    return first["days"] == 0 and chance.random() < 1


@kind("a dose listed twice", ORDER)
def _(document: Document, chance: Random) -> bool:
    day = one(chance, (day for step in document["steps"] for day in step["cycle"] if day))
    place = chance.randrange(len(day))
    day.insert(place, copied(day[place]))
    return True


@kind("doses out of the order of the day", ORDER)
def _(document: Document, chance: Random) -> bool:
    days = (day for step in document["steps"] for day in step["cycle"])
    day = one(chance, (day for day in days if len({a["time"] for a in day}) > 1))
    if day:
        day.append(day.pop(0))
    return bool(day)


@kind("another current regimen", BEGINNING)
def _(document: Document, chance: Random) -> bool:
    intake = one(chance, document["request"]["regimen"]["intakes"])
    if chance.random() < 0.5:
        intake["dose_mg"] = mg(Fraction(intake["dose_mg"]) + 1)
    else:
        taken = [other["time"] for other in document["request"]["regimen"]["intakes"]]
        intake["time"] = one(chance, {"morning", "noon", "evening", "night"}.difference(taken)) or "never"
    return intake["time"] != "never"


@kind("a current dose left out", BEGINNING)
def _(document: Document, chance: Random) -> bool:
    intakes = document["request"]["regimen"]["intakes"]
    if len(intakes) > 1:
        intakes.pop(chance.randrange(len(intakes)))
        return True
    return False


@kind("a shorter lead-in than asked for", BEGINNING)
def _(document: Document, chance: Random) -> bool:
    first = document["steps"][0]
    if first["days"] is None:
        return False
    document["request"]["lead_in_days"] = first["days"] + chance.randint(1, 9)
    return True


@kind("reductions of several drugs too near each other", "reductions apart")
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"][1:-1])
    if len({intake["drug"] for intake in document["request"]["regimen"]["intakes"]}) < 2:
        return False
    if chance.random() < 0.2:
        del document["request"]["apart_days"]
    else:
        step["days"] = chance.randint(1, document["request"]["apart_days"] - 1)
    redate(document)
    return True


@kind("another first day without a dose", ENDING)
def _(document: Document, chance: Random) -> bool:
    last = date.fromisoformat(document["steps"][-1]["start"])
    days = chance.choice([-30, -1, 1, 30] if document["stops_on"] else [0])
    document["stops_on"] = (last + timedelta(days=days)).isoformat()
    return True


@kind("no first day without a dose", ENDING)
def _(document: Document, chance: Random) -> bool:
    was, document["stops_on"] = document["stops_on"], None
    return bool(was) and chance.random() < 1


@kind("another ending", ENDING)
def _(document: Document, chance: Random) -> bool:
    others = {"zero": ["maintenance", "gate"], "maintenance": ["zero"], "gate": ["zero", "maintenance"]}[
        document["ending"]
    ]
    document["ending"] = chance.choice(others)
    document["stops_on"] = document["steps"][-1]["start"] if document["ending"] == "zero" else None
    document["remaining"] = ["linear 1 mg every 2 weeks"] if document["ending"] == "gate" else []
    return True


@kind("an end above zero", ENDING, refigured=True)
def _(document: Document, chance: Random) -> bool:
    *_, before, last = document["steps"]
    last["cycle"] = [copied(chance.choice(before["cycle"]))]
    return document["ending"] == "zero" and bool(last["cycle"][0])


@kind("nothing taken in the middle", ENDING, refigured=True)
def _(document: Document, chance: Random) -> bool:
    step = one(chance, document["steps"][1:-1])
    if step:
        step["cycle"] = [[]]
    return bool(step)


@kind("strategies remain without a gate", ENDING)
def _(document: Document, chance: Random) -> bool:
    document["remaining"] = [chance.choice(["linear 1 mg every 2 weeks", ""])]
    return bool(document["ending"] != "gate")


@kind("nothing remains behind a gate", ENDING)
def _(document: Document, chance: Random) -> bool:
    document["remaining"] = []
    return document["ending"] == "gate" and chance.random() < 1


@kind("another maintenance dose", ENDING)
def _(document: Document, chance: Random) -> bool:
    target = Fraction(document["request"]["target_mg"])
    document["request"]["target_mg"] = mg(target + Fraction(chance.choice([-1, 1, 2]), 2))
    return target > 0


@kind("a maintenance dose of a plan to zero", ENDING)
def _(document: Document, chance: Random) -> bool:
    document["request"]["target_mg"] = chance.choice(["1", "0.5"])
    return bool(document["ending"] == "zero")


@kind("another last dose", ENDING)
def _(document: Document, chance: Random) -> bool:
    if document["ending"] != "zero":
        return False
    days = document["steps"][-2]["cycle"]
    before = max(sum(Fraction(a["dose_mg"]) for a in day) for day in days)
    document["request"]["last_dose_mg"] = mg(before + Fraction(chance.choice([1, 2, 9]), 4))
    return bool(means(document["steps"][-2]))
