"""The page of one incoming document, and every decision on it: permitted, once, never for a wrong patient."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals.actions import incoming
from referrals.actions.reviewing import attach_by_hand
from referrals.errors import InvalidInput
from referrals.intake.letters.asking import question_in
from referrals.intake.reading import Found, Identifier, Name, Party
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Status
from referrals.models import IncomingDocument, MatchDecision, Referral
from tests import factories
from tests.factories import NOW, patient_data
from tests.referrals.admin.conftest import ROLES, as_role, page_url
from tests.referrals.admin.incoming_documents import LIST, WHO, address, arrived, note, patient

State = IncomingDocument.State
CARE, DECIDING = {"Coordinator", "Manager", "Auditor"}, {"Coordinator", "Manager"}
AS_NOTE = {"kind": "consult_note", "status": "final", "service_date": "2026-11-04"}


@pytest.fixture
def seen(world) -> Referral:
    return factories.in_status(world, "seen", patient=patient_data(**WHO))


@pytest.fixture
def unsigned(seen) -> IncomingDocument:
    """In review: it fits, but does not say whether it is signed."""
    return arrived(note(seen, status=None), name="unsigned.txt")


def attach(client, document, on, **values):
    return client.post(address(document, "attach", referral=on.pk), AS_NOTE | values)


# -- who, and how ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ROLES)
def test_who_sees_the_page_the_picture_and_the_file(role, unsigned):
    client = as_role(role)
    for where in (address(unsigned), address(unsigned, "file")):
        assert client.get(where).status_code == (200 if role in CARE else 403)
    assert client.get(address(unsigned, "page", number=1)).status_code == (404 if role in CARE else 403)


@pytest.mark.parametrize("role", ROLES)
def test_who_decides(role, unsigned, seen):
    client = as_role(role)
    attempts = [
        attach(client, unsigned, seen),
        client.post(address(unsigned, "aside"), {"quick": "Not our patient"}),
        client.post(address(unsigned, "again")),
        client.post(address(unsigned, "split"), {"starts": "2"}),
        client.post(address(unsigned, "capture"), {}),
    ]
    refused = {answer.status_code for answer in attempts} == {403}
    assert refused == (role not in DECIDING)
    assert MatchDecision.objects.exists() == (role in DECIDING)
    page = client.get(address(unsigned)).content.decode() if role in CARE else ""
    assert 'name="confirmed"' not in page and (role in DECIDING or "Set aside</button>" not in page)


def test_nothing_changes_by_get(unsigned, seen, coordinator):
    for where in (
        address(unsigned, "attach", referral=seen.pk), address(unsigned, "aside"), address(unsigned, "again"),
    ):  # fmt: skip
        assert coordinator.get(where).status_code == 405
    unsigned.refresh_from_db()
    assert unsigned.state == State.REVIEW


def test_changes_need_the_token_of_the_form(unsigned, seen):
    client = as_role("Coordinator", enforce_csrf_checks=True)
    assert attach(client, unsigned, seen).status_code == 403


# -- the page --------------------------------------------------------------------------------------------------------
def test_the_page_shows_document_reading_and_candidates(unsigned, seen, coordinator):
    answer = coordinator.get(address(unsigned))
    body = answer.content.decode()
    assert "CONSULTATION NOTE &lt;script&gt;" in body and "<script>alert" not in body
    assert "DOB: 1961-03-04" in body and "03/04/1961" in body
    assert seen.number in body and "birth date equal" in body and "fits well" in body
    assert "Nothing in it shows whether it is signed." in body


def test_the_page_costs_a_fixed_number_of_queries(world, coordinator):
    def queries(document) -> int:
        coordinator.get(address(document))
        with CaptureQueriesContext(connection) as captured:
            coordinator.get(address(document))
        return len(captured)

    one = factories.in_status(world, "seen", patient=patient_data(**WHO))
    document = arrived(note(one, status=None))
    few = queries(document)
    for _ in range(4):
        factories.in_status(world, "seen", patient=None, patient_id=one.patient_id)
    many = arrived(note(one, status=None))
    assert len(many.suggestions) == 5
    assert queries(many) <= few + 1  # the next one in review is there now
    assert few <= 40


def test_a_document_that_waits_or_failed_opens(coordinator, world):
    assert coordinator.get(address(arrived())).status_code == 200
    unknown = arrived(content=b"\x00\x01\x02" * 50)
    body = coordinator.get(address(unknown)).content.decode()
    assert "RefLoop cannot read this kind of file." in body and "Read again" not in body


# -- attach ----------------------------------------------------------------------------------------------------------
def test_attaching_a_final_note_closes_and_opens_the_next(unsigned, seen, coordinator):
    following = arrived(note(None, patients=()), name="next.txt")
    answer = attach(coordinator, unsigned, seen)
    seen.refresh_from_db()
    assert seen.status == Status.CLOSED
    decision = MatchDecision.objects.get()
    assert (decision.automatic, decision.referral) == (False, seen)
    assert "birth date equal" in decision.evidence and decision.evidence[0].startswith("chosen by user")
    assert answer.url == f"{address(following)}?after={decision.pk}"
    body = coordinator.get(answer.url).content.decode()
    assert seen.number in body and "The loop is closed." in body and "Undo" in body


def test_the_last_decision_leads_to_the_list(unsigned, seen, coordinator):
    answer = attach(coordinator, unsigned, seen)
    assert answer.url.startswith(f"{LIST}?after=")
    assert "Undo" in coordinator.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"kind": ""}, "This field is required."),
        ({"status": ""}, "This field is required."),
        ({"service_date": ""}, "Say on which day the visit was"),
        ({"service_date": "2031-01-01"}, "cannot be in the future"),
    ],
)
def test_what_the_document_does_not_say_has_to_be_said(sent, says, unsigned, seen, coordinator):
    answer = attach(coordinator, unsigned, seen, **sent)
    assert says in answer.content.decode()
    unsigned.refresh_from_db()
    assert unsigned.state == State.REVIEW


def test_a_letter_needs_no_day(unsigned, seen, coordinator):
    assert attach(coordinator, unsigned, seen, kind="other", service_date="").status_code == 302
    assert MatchDecision.objects.get().kind == "filed"


def test_the_second_to_decide_is_told_and_keeps_what_was_typed(unsigned, seen, coordinator):
    incoming.set_aside(document=unsigned, reason="no", actor=Actor.system("Rosa Delgado"), now=NOW)
    answer = attach(coordinator, unsigned, seen, service_date="2026-11-03")
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Rosa Delgado was faster: set aside." in body and "What you entered is still here." in body
    assert 'value="2026-11-03"' in body


def test_an_ended_referral_refuses_in_words(world, coordinator):
    cancelled = factories.in_status(world, "cancelled", patient=patient_data(**WHO))
    document = arrived(note(cancelled))
    answer = attach(coordinator, document, cancelled)
    assert answer.status_code == 409
    assert "Possible now" in answer.content.decode()


# -- never a wrong patient -------------------------------------------------------------------------------------------
CONTRADICTIONS = {
    "born swapped": ({"born": "1961-04-03"}, "The birth dates differ: 04/03/1961 on the document, 03/04/1961 on record."),
    "born otherwise": ({"born": "1975-01-02"}, "The birth dates differ: 01/02/1975 on the document"),
    "not born": ({"born": ""}, "No birth date could be read from the document; on record: 03/04/1961."),
    "named otherwise": ({"given": "Gregory"}, "The names differ: Public, Gregory on the document, Public, William on record."),
    "sex": ({"sex": Found("male")}, "The sex differs."),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_contradiction_has_to_be_confirmed_in_so_many_words(case, world, coordinator):
    values, says = CONTRADICTIONS[case]
    seen = factories.in_status(world, "seen", patient=patient_data(**WHO))
    document = arrived(note(seen, status=None, patients=(patient(**values),), referral_numbers=(Found(seen.number),)))
    assert document.state == State.REVIEW
    page = coordinator.get(address(document)).content.decode()
    assert says in page and "I checked that this is the same patient." in page
    key = page.split('name="doubts" value="')[1].split('"')[0]
    refused = attach(coordinator, document, seen, doubts=key)
    assert "Check that it is the same patient" in refused.content.decode()
    assert not MatchDecision.objects.exists()
    assert attach(coordinator, document, seen, doubts=key, confirmed="on").status_code == 302
    against = MatchDecision.objects.get().against
    assert against[0].startswith(says) and "checked that it is the same patient" in against[0]


def test_a_tick_under_other_words_does_not_count(world, coordinator):
    seen = factories.in_status(world, "seen", patient=patient_data(**WHO))
    document = arrived(note(seen, patients=(patient(born="1961-04-03"),)))
    page = coordinator.get(address(document)).content.decode()
    key = page.split('name="doubts" value="')[1].split('"')[0]
    seen.patient.given_name = "Wilhelmina"
    seen.patient.save()
    answer = attach(coordinator, document, seen, doubts=key, confirmed="on").content.decode()
    assert "The names differ" in answer and not MatchDecision.objects.exists()
    newer = answer.split('name="doubts" value="')[1].split('"')[0]
    assert newer != key and "checked>" not in answer


def test_the_service_refuses_without_the_confirmation(world):
    seen = factories.in_status(world, "seen", patient=patient_data(**WHO))
    document = arrived(note(seen, patients=(patient(given="Jane"),)))
    with pytest.raises(InvalidInput, match="same patient"):
        attach_by_hand(
            document=document, referral=seen, taken_for=incoming.As(), confirmed="", actor=factories.SYSTEM, now=NOW
        )


def test_an_unreadable_document_needs_the_tick(world, coordinator):
    seen = factories.in_status(world, "seen", patient=patient_data(**WHO))
    document = arrived(note(None, patients=()))
    assert "confirmed" in attach(coordinator, document, seen).content.decode()
    assert not MatchDecision.objects.exists()


# -- another referral, set aside, read again -------------------------------------------------------------------------
def test_another_referral_is_found_as_in_the_worklist(world, coordinator):
    other = factories.in_status(world, "seen", patient=patient_data(family_name="Quill"))
    document = arrived(note(None, patients=()))
    for text in (other.number, "quill", "03/04/1961", other.patient.phone):
        assert other.number in coordinator.get(address(document), {"find": text}).content.decode(), text
    assert "Nothing found." in coordinator.get(address(document), {"find": "zzz"}).content.decode()


def test_set_aside_needs_a_reason(unsigned, coordinator):
    assert "Choose a reason" in coordinator.post(address(unsigned, "aside"), {}).content.decode()
    coordinator.post(address(unsigned, "aside"), {"quick": "Not our patient", "reason": "lives in Iowa"})
    unsigned.refresh_from_db()
    assert unsigned.state == State.REJECTED
    assert unsigned.decisions.get().reason == "Not our patient: lives in Iowa"
    assert coordinator.post(address(unsigned, "aside"), {"quick": "Not our patient"}).status_code == 409


def test_read_again_only_from_review(unsigned, coordinator):
    assert coordinator.post(address(unsigned, "again")).status_code == 302
    unsigned.refresh_from_db()
    assert (unsigned.state, unsigned.attempts) == (State.WAITING, 0)
    assert coordinator.post(address(unsigned, "again")).status_code == 409


def test_undo_asks_why_and_brings_the_document_back(unsigned, coordinator):
    coordinator.post(address(unsigned, "aside"), {"quick": "Not our patient"})
    undo = reverse("admin:referrals_incomingdocument_undo", kwargs={"decision": unsigned.decisions.get().pk})
    assert coordinator.get(undo).status_code == 200
    assert "required" in coordinator.post(undo, {}).content.decode()
    answer = coordinator.post(undo, {"reason": "it is ours", "next": "https://evil.example/"})
    assert answer.url == address(unsigned)
    unsigned.refresh_from_db()
    assert unsigned.state == State.REVIEW
    assert coordinator.post(undo, {"reason": "again"}).status_code == 409
    assert as_role("Auditor").post(undo, {"reason": "x"}).status_code == 403


def test_undo_of_a_note_takes_it_off_and_leads_back_to_the_referral(unsigned, seen, coordinator):
    attach(coordinator, unsigned, seen)
    undo = reverse("admin:referrals_incomingdocument_undo", kwargs={"decision": unsigned.decisions.get().pk})
    answer = coordinator.post(undo, {"reason": "another patient's", "next": page_url(seen)})
    assert answer.url == page_url(seen)
    seen.refresh_from_db()
    unsigned.refresh_from_db()
    assert (seen.status, unsigned.state) == (Status.SEEN, State.REVIEW)
    page = coordinator.get(page_url(seen)).content.decode()
    assert "taken back by" in page and "another patient&#x27;s" in page
    assert "taken back by" in coordinator.get(address(unsigned)).content.decode()


# -- a new referral from it ------------------------------------------------------------------------------------------
LETTER = "Dear colleague,\n\nExertional chest pain for six weeks.\nIs this angina?\n\nDr. Chen"


def letter(world, **values):
    gp = world.outside_gp
    by = Found(Party(Name(gp.family_name, (gp.given_name,)), npi=gp.npi))
    who = patient(family="Newcomer", given="Nora", identifiers=(Found(Identifier("MRN 77")),))
    return note(None, kind=Found("referral_letter"), patients=(who,), authors=(by,), text=LETTER, **values)


def test_the_capture_form_is_filled_in_from_the_letter(world, coordinator):
    document = arrived(letter(world))
    body = coordinator.get(address(document, "capture")).content.decode()
    for value in ('value="Newcomer"', 'value="Nora"', 'value="1961-03-04"', "Is this angina?", 'value="MRN 77"'):
        assert value in body, value
    assert str(world.outside_gp) in body and world.outside.name in body


def test_captured_with_the_letter_on_it(world, coordinator):
    document = arrived(letter(world))
    sent = {
        "key": "k1", "given_name": "Nora", "family_name": "Newcomer", "birth_date": "1961-03-04", "sex": "female",
        "specialty": world.cardiology.pk, "priority": "routine", "clinical_question": "Is this angina?",
        "referring_office": world.outside.pk, "authorization_state": "not_required",
    }  # fmt: skip
    assert (
        "This field is required"
        in coordinator.post(address(document, "capture"), sent | {"clinical_question": ""}).content.decode()
    )
    coordinator.post(address(document, "capture"), sent)
    made = Referral.objects.get()
    assert (made.patient.family_name, made.source) == ("Newcomer", "fax")
    attached = made.documents.get()
    assert (attached.kind, attached.versions.get().sha256) == ("referral_letter", document.sha256)
    decision = document.decisions.get()
    assert (decision.kind, decision.referral) == ("captured", made)
    assert coordinator.post(address(document, "capture"), sent).status_code == 409
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (LETTER, "Exertional chest pain for six weeks. Is this angina?"),
        ("REASON FOR REFERRAL\nPalpitations at night.\n\nHISTORY\nlong", "Palpitations at night."),
        ("Reason for consultation: weight loss\n\nmore", "weight loss"),
        ("no heading at all", ""),
    ],
)
def test_the_question_is_the_paragraph_below_its_heading(text, question):
    assert question_in(text) == question


# -- on the referral's page ------------------------------------------------------------------------------------------
def test_the_referral_says_that_and_why_a_note_was_matched(seen, coordinator):
    document = arrived(note(seen))
    body = coordinator.get(page_url(seen)).content.decode()
    assert "Matched automatically" in body and "birth date equal" in body
    undo = reverse("admin:referrals_incomingdocument_undo", kwargs={"decision": document.decisions.get().pk})
    assert undo in body
    assert undo not in as_role("Auditor").get(page_url(seen)).content.decode()
