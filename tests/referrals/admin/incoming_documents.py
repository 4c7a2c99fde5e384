"""Documents as they stand in review, made by the real arrival and pipeline from readings a test writes."""

from dataclasses import replace
from datetime import date

from django.urls import reverse

from referrals import pipeline
from referrals.intake.arrivals import Sender, take_in
from referrals.intake.reading import Found, Identifier, Moment, Name, Party, Patient, Reading, to_json
from referrals.intake.sandbox import Answer
from referrals.models import IncomingDocument, Referral
from tests.factories import NOW, note_bytes

WHO = {"family_name": "Public", "given_name": "William", "birth_date": date(1961, 3, 4)}
LIST = reverse("admin:referrals_incomingdocument_changelist")
UPLOAD = reverse("admin:referrals_incomingdocument_add")


class Reads:
    """A sandbox that reads what the test wants read."""

    def __init__(self, answer: Reading | Answer):
        self.answer = answer if isinstance(answer, Answer) else Answer((to_json(answer),), seconds=0.1)

    def read(self, content: bytes) -> Answer:
        return self.answer


def patient(born: str = "1961-03-04", family: str = "Public", given: str = "William", **values) -> Patient:
    moment = Found(Moment(born, born), f'page 1: "DOB: {born}"', 0.9) if born else None
    return Patient(names=(Found(Name(family, (given,)), "page 1", 0.9),), birth_date=moment, **values)


def note(on: Referral | None = None, **values) -> Reading:
    """A final consult note by the specialist of ``on``, about WHO, unless ``values`` say otherwise."""
    by = on.receiving_provider if on else None
    reading = Reading(
        format="PDF text",
        patients=(patient(),),
        kind=Found("consult_note"),
        status=Found("final"),
        document_id=Found(Identifier("D1", "1.2.3")),
        visit_at=Found(Moment("11/04/2026", "2026-11-04")),
        authors=(Found(Party(Name(by.family_name, (by.given_name,)), npi=by.npi)),) if by else (),
        text="CONSULTATION NOTE <script>alert(1)</script>",
    )
    return replace(reading, **values)


def arrived(reading: Reading | Answer | None = None, *, content: bytes | None = None, name="fax.txt", now=NOW):
    """The document after the pipeline; with no reading it still waits."""
    sender = Sender("folder", "folder:fax", "fax server")
    document = take_in(content or note_bytes(), filename=name, sender=sender, now=now, keep_unknown=True).document
    if reading is not None:
        pipeline.process(document.pk, sandbox=Reads(reading), now_fn=lambda: now)
        document.refresh_from_db()
    return document


def address(document: IncomingDocument, name: str = "", **more) -> str:
    if not name:
        return reverse("admin:referrals_incomingdocument_change", args=(document.pk,))
    return reverse(f"admin:referrals_incomingdocument_{name}", kwargs={"pk": document.pk} | more)
