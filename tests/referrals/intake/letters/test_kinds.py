"""What kind of document it is, and whether it is final."""

import pytest

from tests.referrals.intake.letters.reading_text import reading


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CONSULTATION NOTE\nHistory of present illness: cough.", "consult_note"),
        ("Dear Dr. Lopez,\nThank you for referring Ms. Public. I saw her on 03/03/2026.", "consult_note"),
        ("Office Visit Note\nHPI: cough\nAssessment and Plan: rest", "consult_note"),
        ("REFERRAL REQUEST\nReason for referral: changing mole", "referral_letter"),
        ("I am referring Ms. Public to you. Please evaluate her for migraine.", "referral_letter"),
        ("COLONOSCOPY REPORT\nPreoperative diagnosis: screening\nAnesthesia: MAC", "procedure_report"),
        ("MRI Brain Report\nTechnique: routine\nComparison: none", "result"),
        ("FACSIMILE TRANSMITTAL SHEET\nTo: Dr. Reyes\nNumber of pages: 4", "other"),
        ("Your patient did not keep her appointment on 06/11/2025. We have been unable to reach her.", "other"),
        ("Appointment Reminder\nYour appointment is scheduled for 09/09/2025.", "other"),
    ],
)
def test_kind(text, kind):
    assert reading(text).kind.value == kind


@pytest.mark.parametrize("text", ["Dear Dr. Lopez,\nPlease call me.", "Blood pressure 120/80."])
def test_no_kind_is_made_up(text):
    assert reading(text).kind is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Electronically signed by Ama Osei, MD on 03/05/2026", "final"),
        ("Status: Final", "final"),
        ("PRELIMINARY REPORT\nElectronically signed by Ama Osei, MD", "preliminary"),
        ("*** DRAFT ***", "preliminary"),
        ("Dictated but not read.", "preliminary"),
        ("This note has not been signed.", "preliminary"),
        ("ADDENDUM 03/09/2026: labs reviewed.\nElectronically signed by Ama Osei, MD", "amended"),
        ("AMENDED REPORT", "amended"),
        ("This report was entered in error.", "retracted"),
    ],
)
def test_status(text, status):
    assert reading(text).status.value == status


@pytest.mark.parametrize(
    "text",
    [
        "If you have received this fax in error, please notify the sender.",
        "The preliminary results of the biopsy were discussed with her.",
        "She feels a draft from the window at night and has amended her diet since then.",
    ],
)
def test_words_in_prose_say_nothing_of_status(text):
    assert reading(text).status is None
