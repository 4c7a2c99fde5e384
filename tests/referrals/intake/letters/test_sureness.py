"""How sure a recognised value is: repeated mentions that agree raise it, those that differ lower it."""

from tests.referrals.intake.letters.reading_text import patient, reading

ONE = "Patient: Jane Abernathy   DOB: 03/04/1961   MRN: 00482913\nVisit date: 05/01/2026"
UNSURE = 0.75  # from here on a name or birth date is hard evidence


def test_one_mention_is_as_sure_as_its_recognition():
    found = patient(ONE, score=0.97)
    assert found.birth_date.sure == found.names[0].sure == found.identifiers[0].sure == 0.873


def test_two_pages_that_agree_are_surer_than_one():
    found = patient(f"{ONE}\f{ONE}", score=0.97)
    assert found.birth_date.sure == found.names[0].sure == found.identifiers[0].sure == 0.95


def test_text_layers_are_not_made_surer_by_repeating():
    assert patient(f"{ONE}\f{ONE}").birth_date.sure == patient(ONE).birth_date.sure


def test_readings_that_differ_are_weak_evidence():
    other = ONE.replace("Abernathy", "Abernethy").replace("1961", "1951").replace("00482913", "00482973")
    found = patient(f"{ONE}\f{other}", score=0.97)
    assert found.names[0].sure < UNSURE
    assert found.birth_date.sure < UNSURE
    assert [record.sure < UNSURE for record in found.identifiers] == [True]


def test_an_initial_or_a_missing_part_is_no_other_reading():
    found = patient("Patient: Jane Q. Abernathy   DOB: 03/04/1961\n\nPatient: J. Abernathy", score=0.97)
    assert found.names[0].sure >= UNSURE


def test_a_visit_told_twice_is_surer():
    once = reading(ONE, score=0.97).visit_at
    twice = reading(f"{ONE}\nDate of service: 05/01/2026", score=0.97).visit_at
    assert twice.sure > once.sure


def test_spaces_lost_between_columns_are_put_back():
    found = patient(
        "Patient: Jane Abernathy  DOB: 03/04/1961\nMRN: 00482913Visit date May 1, 2026Referral 77", score=0.97
    )
    assert found.identifiers[0].value.value == "00482913"


def test_labels_misread_in_a_table_head():
    found = patient(
        "Last Namne     First Naine     DOB (mim/dd/yyyy)\nAbernathy      Jane            03/04/1961", score=0.97
    )
    assert (found.names[0].value.family, found.birth_date.value.iso) == ("Abernathy", "1961-03-04")


def test_a_referral_number_with_an_h_read_as_two_strokes():
    assert reading("Referral RL-II2II4-ZBBE", score=0.97).referral_numbers[0].value == "RL-H2H4-ZBBE"
    assert reading("Referral RL-62BQ-VVÑS", score=0.97).referral_numbers[0].value == "RL-62BQ-VVNS"
