"""Names as letters write them."""

import pytest

from referrals.intake.letters.names import person_in


@pytest.mark.parametrize(
    ("text", "family", "given", "suffix"),
    [
        ("Public, Jane Q.", "Public", "Jane Q.", ""),
        ("Jane Q. Public, Jr.", "Public", "Jane Q.", "Jr."),
        ("PUBLIC JR, JOHN A", "PUBLIC", "JOHN A", "JR"),
        ("Mr. John Smith, a 54-year-old", "Smith", "John", ""),
        ("Ludwig van der Berg", "van der Berg", "Ludwig", ""),
        ("de la Cruz, María José", "de la Cruz", "María José", ""),
        ("Anne-Marie O'Brien-Núñez III", "O'Brien-Núñez", "Anne-Marie", "III"),
        ("Ronald McDonald 03/04/1961", "McDonald", "Ronald", ""),
        ("Ms. Public", "Public", "", ""),
        ("Mr. St. John", "St. John", "", ""),
        ("Do, Kim", "Do", "Kim", ""),
        ("Li, Ma", "Li", "Ma", ""),
        ("John Smith - follow-up", "Smith", "John", ""),
        ("Jane Public (F)", "Public", "Jane", ""),
    ],
)
def test_parts_of_a_name(text, family, given, suffix):
    name = person_in(text).name
    assert (name.family, " ".join(name.given), name.suffix) == (family, given, suffix)


@pytest.mark.parametrize(
    ("text", "family", "credentials"),
    [("Ama Osei, MD, FACC on 03/05/2026", "Osei", ("MD", "FACC")), ("Osei, Ama MD", "Osei", ("MD",)), ("Lena Fischer PA-C", "Fischer", ("PA-C",)), ("Wendell Pryce, M.D.", "Pryce", ("MD",))],
)  # fmt: skip
def test_credentials_are_no_part_of_a_name(text, family, credentials):
    person = person_in(text)
    assert (person.name.family, person.credentials) == (family, credentials)


@pytest.mark.parametrize(
    "text",
    [
        "Your referral",
        "consultation for chest pain",
        "is a pleasant 54-year-old",
        "03/04/1961",
        "",
        "Information",
        "Cardiology",
    ],
)
def test_what_is_no_name(text):
    assert person_in(text) is None


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("J0hn Sm1th", "Smlth"),
        ("Public,Jane", "Public"),
        ("JaneQ.Public", "Public"),
        ("Public. Jane", "Public"),
        ("Delacroix Iil, Carlos", "Delacroix"),
    ],
)
def test_look_alikes_and_lost_spaces_are_mended_in_recognised_text_only(text, family):
    assert person_in(text, recognised=True).name.family == family
    plain = person_in(text)
    assert plain is None or not plain.mended


@pytest.mark.parametrize(
    ("text", "family"), [("Jane M. oyelaran", "Oyelaran"), ("PUBLIC 111, JANE", "PUBLIC"), ("Jane M: Public", "Public")]
)
def test_small_slips_of_recognition_in_names(text, family):
    assert person_in(text, recognised=True).name.family == family
    assert person_in("Jane Public presented", recognised=True).name.family == "Public"
