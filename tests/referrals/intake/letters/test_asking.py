"""What a letter asks, and its diagnosis codes: proposed when the letter says so, and nothing that it does not."""

import pytest

from referrals.intake.letters.asking import LONGEST, diagnoses_in, question_in

GREETED = """Dear Dr. Osei,
Thank you for seeing this pleasant 61-year-old teacher. She lives alone and gardens. I would be grateful for your
opinion on exertional chest pain. Is this angina?
Sincerely,
Leo Gray, MD"""


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("REASON FOR REFERRAL: palpitations\nHISTORY: long story\n", "palpitations"),
        ("Reason for Referral\nPalpitations at night,\nworse lying down.\nPAST MEDICAL HISTORY\nAsthma", "Palpitations at night, worse lying down."),
        ("1. Reason for consultation - weight loss of 20 lb\nMedications: none", "weight loss of 20 lb"),
        ("Clinical question:\n\nIs surgery needed?\n\nAllergies: none", "Is surgery needed?"),
        (GREETED, "I would be grateful for your opinion on exertional chest pain. Is this angina?"),
        ("Dear colleague,\nJane had a nice holiday. The weather was fine.\n\nRegards", ""),
        ("Questions? Call 608-555-0100.\nWe are open until five.", ""),
        ("The patient had no question about it.", ""),
        ("Dear Dr. Osei: Please evaluate syncope.\nThank you.", "Please evaluate syncope."),
        ("", ""),
    ],
)  # fmt: skip
def test_the_question_is_what_is_asked_and_no_more(text, question):
    assert question_in(text) == question


def test_a_long_question_ends_with_a_sentence():
    asked = question_in("Reason for referral: " + "Chest pain on exertion for weeks. " * 60)
    assert len(asked) <= LONGEST and asked.endswith("weeks.")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Angina (I20.9), hypertension I10 and M54.5.", ["I20.9", "M54.5"]),
        ("ICD-10: I10, E11.9; R079\nB12 low", ["I10", "E11.9", "R079"]),
        ("Dx codes: I20.9 I20.9", ["I20.9"]),
        ("Diagnosis code: r07.9", ["R07.9"]),
        ("Vitamin B12, T4, A1C 7.2, H1N1 vaccine, C5 radiculopathy, L4-L5, room A12.", []),
        ("Version V2.10 of 11.05.2026, score 9.5", []),
        ("", []),
    ],
)
def test_codes_are_those_with_a_dot_or_a_label(text, codes):
    assert diagnoses_in(text) == codes


def test_reading_is_linear():
    assert question_in("Dear " * 40_000) == "" and diagnoses_in("ICD: " * 40_000) == []
