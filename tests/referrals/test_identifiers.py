"""Referral numbers survive phone, fax and OCR; NPI, ICD-10, zip and phone are cleaned or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.identifiers import (
    CROCKFORD,
    clean_icd10,
    clean_npi,
    clean_phone,
    clean_referral_number,
    clean_zip,
    new_referral_number,
    npi_check_digit,
)


def test_a_new_number_is_canonical_and_random():
    numbers = {new_referral_number() for _ in range(200)}
    assert len(numbers) == 200
    assert all(clean_referral_number(number) == number for number in numbers)


@given(st.integers(0, 7), st.sampled_from(CROCKFORD), st.randoms(use_true_random=False))
def test_any_single_wrong_character_is_detected(place, other, random):
    code = new_referral_number().removeprefix("RL-").replace("-", "")
    if code[place] == other:
        return
    with pytest.raises(ValueError, match="typing error"):
        clean_referral_number("RL-" + code[:place] + other + code[place + 1 :])


def test_any_swap_of_neighbours_is_detected():
    for _ in range(300):
        code = new_referral_number().removeprefix("RL-").replace("-", "")
        for i in range(7):
            if code[i] != code[i + 1]:
                with pytest.raises(ValueError, match="typing error"):
                    clean_referral_number(code[:i] + code[i + 1] + code[i] + code[i + 2 :])


def test_reading_is_forgiving():
    number = next(n for n in iter(new_referral_number, None) if "0" in n[3:] and "1" in n[3:])
    for written in (
        number.lower(),
        number.replace("-", ""),
        number.replace("-", " "),
        "RL-" + number[3:].replace("0", "O").replace("1", "l"),
        "rl- " + number[3:].replace("1", "I"),
        number[3:],
    ):
        assert clean_referral_number(written) == number


@pytest.mark.parametrize("text", ["", "RL-", "RL-7K3M-9QX", "RL-7K3M-9QXCC", "hello", "RL-UUUU-UUUU", "٣٣٣٣٣٣٣٣"])
def test_other_text_is_no_number(text):
    with pytest.raises(ValueError, match="looks like"):
        clean_referral_number(text)


def test_npi_check_digit_of_the_standard_example():
    assert npi_check_digit("123456789") == "3"  # the worked example of the CMS standard
    assert clean_npi("1234567893") == "1234567893"


@pytest.mark.parametrize(
    "text", ["1234567890", "123456789", "9234567893", "12345678931", "123456789X", "１２３４５６７８９３"]
)
def test_bad_npis_are_refused(text):
    with pytest.raises(ValueError, match="NPI"):
        clean_npi(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("i2510", "I25.10"), ("I20.9", "I20.9"), ("m545", "M54.5"), ("Z00", "Z00"), ("S52.521A", "S52.521A")],
)
def test_icd10_gets_its_dot(text, code):
    assert clean_icd10(text) == code


@pytest.mark.parametrize("text", ["chest pain", "25.10", "I2", "I25.10999", "I25_1"])
def test_other_text_is_no_icd10(text):
    with pytest.raises(ValueError, match="ICD-10"):
        clean_icd10(text)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("(608) 555-0142", "608-555-0142"),
        ("+1 608.555.0142", "608-555-0142"),
        ("6085550142 ext. 12", "608-555-0142x12"),
    ],
)
def test_phones_are_written_one_way(text, phone):
    assert clean_phone(text) == phone


@pytest.mark.parametrize("text", ["555-0142", "0085550142", "60855501422", "call me"])
def test_bad_phones_are_refused(text):
    with pytest.raises(ValueError, match="ten digits"):
        clean_phone(text)


def test_zip():
    assert clean_zip(" 53703 ") == "53703"
    assert clean_zip("537031234") == "53703-1234"
    with pytest.raises(ValueError, match="five digits"):
        clean_zip("5370")
