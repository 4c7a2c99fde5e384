"""Referral numbers and the numbers of others."""

import pytest

from referrals.identifiers import new_referral_number
from referrals.intake.letters.extract import letter
from referrals.intake.letters.page import PageText
from tests.referrals.intake.letters.reading_text import reading


def numbers(text: str, *, score: float = 1.0) -> list[str]:
    return [found.value for found in reading(text, score=score).referral_numbers]


@pytest.mark.parametrize("form", ["Referral #: {}", "Ref. No.: {}", "Your ref {}.", "({})", "{}"])
def test_printed_number(form):
    made = new_referral_number()
    assert numbers(form.format(made)) == [made]
    assert numbers(form.format(made.lower())) == [made]
    assert numbers(form.format(made.replace("-", " "))) == [made]


def test_a_number_with_a_wrong_check_is_none():
    made = new_referral_number()
    assert numbers(made[:-1] + ("7" if made[-1] != "7" else "9")) == []


def test_a_look_alike_is_mended_in_recognised_text_only():
    made = "RL-7K3M-95X"
    made += next(last for last in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if numbers(made + last))
    misread = made.replace("5", "S")
    assert numbers(misread) == []
    (found,) = reading(misread, score=0.95).referral_numbers
    assert found.value == made
    assert found.sure < 0.75


def test_a_number_that_could_be_two_is_none():
    """Every other reading of a look-alike with a fitting check is refused together."""
    assert len(reading("RL-5SBZ-8GQD", score=0.9).referral_numbers) <= 1


def test_a_code_gives_the_number():
    made = new_referral_number()
    found = letter([PageText((), (f"https://refloop.example/r/{made}",))], format="OCR").referral_numbers
    assert [(item.value, item.sure) for item in found] == [(made, 1.0)]


def test_numbers_of_others():
    found = reading("Accession Number: 25-0099871   Order #: 889900\nEncounter #: 99887766\nReferral #: 4455667")
    assert [item.value.value for item in found.order_ids] == ["25-0099871", "889900", "4455667"]
    assert [item.value.value for item in found.visit_ids] == ["99887766"]
