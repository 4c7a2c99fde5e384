"""Authors, referrers, recipients, their NPIs, the letterhead."""

import pytest

from tests.referrals.intake.letters.reading_text import reading


def families(found) -> list[str]:
    return [item.value.name.family for item in found]


@pytest.mark.parametrize(
    "text",
    ["Electronically signed by Ama Osei, MD on 03/05/2026", "Sincerely,\n\n\nAma Osei, MD\nCardiology", "Dictated by: Ama Osei, M.D.", "Author: Osei, Ama MD", "Consultant: Dr. Ama Osei"],
)  # fmt: skip
def test_author(text):
    found = reading(text).authors
    assert families(found) == ["Osei"]
    assert found[0].value.name.given == ("Ama",)


@pytest.mark.parametrize(
    "label",
    ["Referring Provider:", "Referring Physician:", "Requesting physician:", "Referred by:", "Ordering Provider:"],
)
def test_referrer_with_npi(label):
    (found,) = reading(f"{label} Maria Lopez, MD   NPI: 1234567893").referrers
    assert (found.value.name.family, found.value.npi) == ("Lopez", "1234567893")


def test_an_npi_with_a_wrong_check_digit_is_not_one():
    assert reading("Referring Provider: Maria Lopez, MD   NPI: 1234567890").referrers[0].value.npi == ""


def test_an_npi_of_somebody_else_is_not_taken():
    found = reading("Referring Provider: Maria Lopez, MD\nPCP: Peter Brandt, MD   NPI: 1234567893")
    assert found.referrers[0].value.npi == ""


def test_a_salutation_is_a_recipient_and_the_referrer_who_is_thanked():
    thanked = reading(
        "Dear Dr. Lopez,\nThank you for referring Ms. Public. I saw her in consultation today.\ncc: Peter Brandt, MD"
    )
    assert families(thanked.recipients) == ["Lopez", "Brandt"]
    assert families(thanked.referrers) == ["Lopez"]
    assert reading("Dear Dr. Lopez,\nMs. Public missed her appointment.").referrers == ()


def test_letterhead():
    found = reading("LAKESIDE CARDIOLOGY ASSOCIATES\n1200 Harbor Drive, Madison, WI 53703\nPhone: 608-555-0100")
    assert found.author_organization.value == "LAKESIDE CARDIOLOGY ASSOCIATES"
    assert reading("03/05/2026 10:15 FROM: LAKESIDE CLINIC TO: 6085550142 P.1/3").author_organization is None
