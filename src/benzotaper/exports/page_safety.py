"""The fixed safety block of the page: plain words, the same on every page."""

from benzotaper.exports.markup import Markup, element, joined
from benzotaper.exports.page_parts import facts

NOT_CHECKED = (
    "epilepsy, or a fit at any time in the past",
    "pregnancy or breastfeeding",
    "alcohol or other drugs",
    "opioid pain medicines",
    "liver, kidney or breathing problems",
    "other medicines",
    "age",
)
URGENT = (
    "a fit (seizure)",
    "confusion, or not knowing where one is",
    "seeing or hearing things that are not there",
    "thoughts of suicide or of harming oneself",
)
CARE = {
    "This is a proposal": (
        "It is not signed by a prescriber. "
        "It counts only after a named prescriber has checked it and agreed to it with you."
    ),
    "Never stop suddenly": (
        "Do not leave out this medicine all at once. That can be dangerous, even when you feel well."
    ),
    "Too fast is a reason to talk": (
        "If it gets hard, talk to your prescriber or pharmacist. "
        "Holding at a dose for a while is allowed, and they can decide it with you. "
        "Needing more time is common and is nobody's fault."
    ),
    "Never go back to an old dose": (
        "After weeks on less, or without it, the body is no longer used to the old dose (tolerance is lost). "
        "The old dose can then be too strong. Ask first."
    ),
    "Driving and machines": (
        "Do not drive, ride or use machines when you feel sleepy or slow, "
        "or after a change of dose until you are sure how you feel. "
        "Driving law also covers this medicine: ask what applies where you live."
    ),
    "Alcohol and opioids": (
        "Together with this medicine they can make breathing stop. Tell your prescriber about all that you take."
    ),
    "Store it safely": (
        "Keep tablets, pieces and liquid in their labelled pack, locked away, out of reach of children. "
        "Share them with nobody. Take what is left over back to the pharmacy."
    ),
}
WHO_TO_CALL = (
    "Call the emergency number of the place where you are. Do not wait for the next appointment. Do not stay alone."
)


def safety() -> Markup:
    """The safety block."""
    urgent = element(
        "div",
        element("h3", "Call the emergency number at once for"),
        element("ul", *(element("li", text) for text in URGENT)),
        element("p", WHO_TO_CALL),
        class_="urgent",
    )
    return joined(
        urgent,
        facts(CARE.items(), class_="care"),
        element("h3", "What was not checked"),
        element("p", "This plan is arithmetic. It knows nothing about the person. A prescriber must think of:"),
        element("ul", *(element("li", text) for text in NOT_CHECKED), class_="unchecked"),
    )
