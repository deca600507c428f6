"""What is said of each rule is plain, blames nobody, holds no dose, and leads to help where life is at risk."""

import csv
import re
from pathlib import Path

import pytest

import benzotaper
from readability import grade, sentences, syllables, words

FOLDER = Path(benzotaper.__file__).parent / "data"
ROLES = ("clinician", "coach", "patient")
GENERAL = (
    *("urgency_info", "urgency_next_review", "urgency_within_72h", "urgency_same_day", "urgency_emergency_now"),
    *("hold", "slow", "block_start", "prescriber_decides_dose", "not_known", "resume_may_be_offered"),
    *("nothing_found", "drill", "crisis", "emergency", "declined"),
)
STAND_INS = {
    "{emergency_number}": "the emergency number",
    "{crisis_line}": "the crisis line",
    "{prescriber}": "your prescriber",
}
SUICIDE = ("RF-04", "RF-05", "RF-06", "RF-07")
DOSE_CONTENT = re.compile(
    r"\d\s*(?:mg|mcg|µg|ug|ml|milli\w*|tablet|pill|capsule|drop)|\bdose of\b|\b(?:half|quarter)\s+(?:a\s+)?tablet",
    re.IGNORECASE,
)
KEEP_TAKING = re.compile(r"\b(?:keep|go on|carry on|continue)\b[^.]*\b(?:taking|medicine|dose)", re.IGNORECASE)


def rows_of(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


RULES = {row["rule_id"]: row for row in rows_of("rules.csv")}
TEXTS = {(row["key"], row["role"]): row["text"] for row in rows_of("rule_texts.csv")}
BARRED = rows_of("barred_words.csv")
EMERGENCIES = [rule_id for rule_id, row in RULES.items() if "EMERGENCY_NOW" in row["urgency"]]
OVERSEDATION = [rule_id for rule_id, row in RULES.items() if row["prescriber_decides_dose"] == "yes"]
PATIENT = {key: text for (key, role), text in TEXTS.items() if role == "patient"}


def key_of(rule_id: str) -> str:
    return rule_id.lower().replace("-", "")


def filled(text: str) -> str:
    """The text as it reads once an integrator has filled its places."""
    for place, stand_in in STAND_INS.items():
        text = text.replace(place, stand_in)
    return text


def barred_in(text: str, role: str) -> set[str]:
    """Each word in the text that nobody may write for this role."""
    plain = text.lower().replace("’", "'")  # noqa: RUF001  as people type it
    words_for = {row["word"] for row in BARRED if row["roles"] == "all" or role in row["roles"].split("|")}
    return {word for word in words_for if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", plain)}


def test_every_rule_and_every_general_key_has_one_text_for_each_role() -> None:
    keys = [*map(key_of, RULES), *GENERAL]
    assert len(RULES) == 80
    assert [(row["key"], row["role"]) for row in rows_of("rule_texts.csv")] == [(k, r) for k in keys for r in ROLES]


@pytest.mark.parametrize(("key", "role"), TEXTS)
def test_a_text_is_whole_sentences_without_line_breaks_or_double_spaces(key: str, role: str) -> None:
    text = TEXTS[key, role]
    assert text == " ".join(text.split())
    assert re.match(r"[A-Z]", text)
    assert text.endswith(".")


@pytest.mark.parametrize(("key", "role"), TEXTS)
def test_a_text_has_no_place_to_fill_but_the_three_that_are_known(key: str, role: str) -> None:
    assert set(re.findall(r"\{[^}]*\}?|\}", TEXTS[key, role])) <= set(STAND_INS)
    assert not re.search(r"[{}]", filled(TEXTS[key, role]))


@pytest.mark.parametrize(("key", "role"), TEXTS)
def test_no_text_has_a_barred_word(key: str, role: str) -> None:
    assert not barred_in(TEXTS[key, role], role)


def test_barred_words_are_found_as_words_in_any_case_and_for_their_roles_only() -> None:
    assert barred_in("You must JUST stop.", "patient") == {"you must", "just", "stop"}
    assert barred_in("Don’t worry.", "coach") == {"don't worry"}  # noqa: RUF001  as people type it
    assert not barred_in("A stopgap; adjust for safety.", "patient")
    assert not barred_in("Do not stop it.", "clinician")


def test_each_barred_word_stands_once_in_lower_case_with_known_roles_and_a_reason() -> None:
    assert len({row["word"] for row in BARRED}) == len(BARRED)
    for row in BARRED:
        assert row["word"] == row["word"].lower().strip() != ""
        assert row["roles"] == "all" or set(row["roles"].split("|")) <= set(ROLES)
        assert row["reason"]


def test_the_grade_of_known_sentences_is_the_published_formula() -> None:
    # 6 words, 6 syllables, 1 sentence: 0.39 x 6 + 11.8 - 15.59
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)
    # 10 words, 11 syllables, 2 sentences: 0.39 x 5 + 11.8 x 1.1 - 15.59
    assert grade("We will call you today. Please tell us your name.") == pytest.approx(-0.66)
    # 4 words, 13 syllables, 1 sentence: 0.39 x 4 + 11.8 x 3.25 - 15.59
    assert grade("Gradual benzodiazepine discontinuation recommended.") > 20


def test_sentences_and_words_are_counted_as_a_reader_would() -> None:
    assert sentences("Call now. Do you hear? Stay!") == ["Call now.", "Do you hear?", "Stay!"]
    assert words("Don't wait: call 112, it's blue-grey.") == ["don't", "wait", "call", "it's", "blue", "grey"]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *[("stay", 1), ("take", 1), ("passed", 1), ("needed", 2), ("little", 2), ("voices", 2), ("times", 1)],
        *[("medicine", 3), ("prescriber", 3), ("emergency", 4), ("pharmacy", 3), ("whole", 1), ("the", 1)],
    ],
)
def test_syllables_of_known_words(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize("key", PATIENT)
def test_a_patient_text_can_be_read_at_grade_8(key: str) -> None:
    assert grade(filled(PATIENT[key])) <= 8


def test_patient_texts_can_be_read_at_grade_6_on_average() -> None:
    grades = [grade(filled(text)) for text in PATIENT.values()]
    assert sum(grades) / len(grades) <= 6


@pytest.mark.parametrize("key", PATIENT)
def test_no_sentence_for_a_patient_is_long(key: str) -> None:
    assert max(len(words(filled(sentence))) for sentence in sentences(PATIENT[key])) <= 25


@pytest.mark.parametrize("key", PATIENT)
def test_a_patient_text_has_no_figures_rule_ids_or_scores(key: str) -> None:
    assert not re.search(r"\d", PATIENT[key])
    assert not re.search(r"\b(?:score|total|screener|risk|rule|PHQ|GAD|C-SSRS|ISI|WSAS)\b", PATIENT[key])


@pytest.mark.parametrize("key", [key for key, role in TEXTS if role == "coach"])
def test_a_coach_text_has_no_dose_content(key: str) -> None:
    assert not DOSE_CONTENT.search(TEXTS[key, "coach"])


@pytest.mark.parametrize("text", ["take 5 mg", "2.5ml", "3 tablets", "a dose of it", "half a tablet", "20 drops"])
def test_dose_content_is_recognised(text: str) -> None:
    assert DOSE_CONTENT.search(text)


@pytest.mark.parametrize("rule_id", EMERGENCIES)
def test_an_emergency_begins_with_calling_the_emergency_number(rule_id: str) -> None:
    first = sentences(PATIENT[key_of(rule_id)])[0]
    assert first.startswith("Call {emergency_number}")
    assert "{emergency_number}" in TEXTS[key_of(rule_id), "coach"]


def test_there_are_16_rules_that_can_be_an_emergency() -> None:
    assert len(EMERGENCIES) == 16  # the collection itself works


@pytest.mark.parametrize("rule_id", SUICIDE)
def test_a_text_on_suicide_names_the_crisis_line_and_a_live_person(rule_id: str) -> None:
    text = PATIENT[key_of(rule_id)]
    assert {"{crisis_line}", "{emergency_number}"} <= set(re.findall(r"\{\w+\}", text))
    assert "live person" in text
    assert "{crisis_line}" in TEXTS[key_of(rule_id), "coach"]


def test_five_rules_leave_the_dose_to_the_prescriber() -> None:
    assert sorted(OVERSEDATION) == ["CA-03", "RF-17", "RF-18", "RS-03", "RS-04"]


@pytest.mark.parametrize("key", [*map(key_of, OVERSEDATION), "prescriber_decides_dose", "hold"])
def test_nobody_who_may_be_oversedated_is_told_to_keep_taking(key: str) -> None:
    assert not KEEP_TAKING.search(TEXTS[key, "patient"])
    assert not KEEP_TAKING.search(TEXTS[key, "coach"])


@pytest.mark.parametrize("key", [*map(key_of, OVERSEDATION), "prescriber_decides_dose"])
def test_oversedation_says_that_the_prescriber_decides_about_the_dose(key: str) -> None:
    assert "Your prescriber decides about the dose" in TEXTS[key, "patient"]
    assert "before the next dose" in TEXTS[key, "patient"]
    assert TEXTS[key, "clinician"].startswith("The prescriber decides about the dose; holding is not the neutral")


@pytest.mark.parametrize("text", ["Please keep taking your medicine.", "Carry on with this dose."])
def test_an_advice_to_keep_taking_is_recognised(text: str) -> None:
    assert KEEP_TAKING.search(text)


def test_only_three_rules_tell_anybody_to_keep_taking() -> None:
    # whoever shows texts leaves these out beside one of over-sedation
    assert {key for key, text in PATIENT.items() if KEEP_TAKING.search(text)} == {"rf01", "rf19", "rf20"}


@pytest.mark.parametrize("rule_id", ["RF-01", "RF-19", "RF-20"])
def test_where_a_sudden_end_is_the_danger_the_medicine_is_kept_until_the_prescriber_was_asked(rule_id: str) -> None:
    said = "keep taking your medicine as planned until you have talked with your prescriber"
    assert said in PATIENT[key_of(rule_id)]


@pytest.mark.parametrize("rule_id", [rule_id for rule_id, row in RULES.items() if row["directive"] == "BLOCK_START"])
def test_a_block_tells_the_patient_that_somebody_looks_at_it_and_names_no_finding(rule_id: str) -> None:
    text = PATIENT[key_of(rule_id)]
    assert re.search(r"Your prescriber will|The next step of your plan waits", text)
    assert not re.search(r"disorder|addict|catatoni|seizure|stroke|psychosis|dependen|withdrawal", text, re.IGNORECASE)


def test_no_patient_text_names_what_only_a_clinician_may_suspect() -> None:
    for text in PATIENT.values():
        assert not re.search(
            r"catatoni|stroke|psycho|delirium|mania|bipolar|disorder|suicid|depress", text, re.IGNORECASE
        )


@pytest.mark.parametrize("rule_id", RULES)
def test_a_patient_text_names_somebody_to_turn_to(rule_id: str) -> None:
    assert re.search(r"\{\w+\}|prescriber|tell us|[Cc]ome back to us", PATIENT[key_of(rule_id)])
