"""Documents that came in during the last days: most match by themselves, some need a person. A fax with two patients' notes is
left for the programs that start with the demo to read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle

from referrals import pipeline
from referrals.intake.arrivals import Sender, take_in
from referrals.intake.sandbox import Sandbox
from referrals.lifecycle.states import Status
from referrals.models import Arrival, IncomingDocument
from refloop_site.demo import consult_notes, paper
from refloop_site.demo.journey import Journey

QUIET_FOR = timedelta(days=1)  # nothing happened to the referral in the hours the document is on its way
EVERY = timedelta(minutes=47)  # one arrival after the other
FAX = Sender(Arrival.Source.FOLDER, "folder:fax", "fax server")
ENGINE = Sender(Arrival.Source.HL7, "folder:hl7", "interface engine")
PORTAL = Sender(Arrival.Source.UPLOAD, "staff:demo", "Maya Lindell")


def arrive(journeys: list[Journey], *, end: datetime) -> int:
    """Take in documents about referrals whose note is due, and read all but a fax; how many."""
    seen = [journey for journey in journeys if _waits_for_its_note(journey, end)]
    if not seen:
        return 0
    # Each referral gets one document that could be its note; in a small demo fewer match by themselves.
    plan = [*zip(MATCHED, seen[OWN:], strict=False), *zip(FOR_PEOPLE, cycle(seen[:OWN]), strict=False)]
    at = end - EVERY * (len(plan) + 2)
    with Sandbox() as sandbox:
        for way, journey in plan:
            at += EVERY
            for name, content, sender in way(journey, at):
                taken = take_in(content, filename=name, sender=sender, now=at, keep_unknown=True).document
                pipeline.process(taken.pk, sandbox=sandbox, now_fn=_clock(at))
    waiting = paper.fax(*(_text(journey, end) for journey in seen[:2]))
    take_in(waiting, filename="fax 0001.tif", sender=FAX, now=end - timedelta(seconds=20))
    return IncomingDocument.objects.count()


def _clock(at: datetime) -> Callable[[], datetime]:
    return lambda: at.astimezone(UTC) + timedelta(seconds=8)


def _waits_for_its_note(journey: Journey, end: datetime) -> bool:
    on = journey.referral
    return (
        on is not None
        and on.status == Status.SEEN
        and on.document_status == "none"
        and on.receiving_provider_id is not None
        and on.changed_at < end - QUIET_FOR
    )


def _text(journey: Journey, at: datetime, **values) -> str:
    journey.now = at
    return journey.note_text(**values)


def _note(journey: Journey, at: datetime) -> paper.Note:
    on = journey.referral
    return paper.Note(
        id=f"D{on.pk}",
        number=on.number,
        person=journey.planned.person.data,
        author=journey.cast.providers[on.receiving_provider_id],
        office=journey.cast.offices[on.receiving_office_id],
        visit_on=journey.memory.get("visit_on", at.date()),
        written_at=at,
        text=journey.planned.question.findings,
    )


# -- these fit beyond doubt ------------------------------------------------------------------------------------------
def _printed(journey: Journey, at: datetime):
    yield "consult note.pdf", paper.pdf(_text(journey, at)), FAX


def _message(journey: Journey, at: datetime):
    yield "MDM_T02.hl7", paper.hl7(_note(journey, at)), ENGINE


def _structured(journey: Journey, at: datetime):
    yield "consultation.xml", paper.ccda(_note(journey, at)), PORTAL


# -- these need a person ---------------------------------------------------------------------------------------------
def _other_birth_date(journey: Journey, at: datetime):
    """Day and month in each other's place: perhaps a slip, perhaps somebody else."""
    person = journey.planned.person.data
    born = person.birth_date
    slip = born.replace(month=born.day, day=born.month) if born.day <= 12 and born.day != born.month else None
    other = replace(person, birth_date=slip or born + timedelta(days=1))
    yield "scan0412.pdf", paper.pdf(_with_person(journey, at, other, number="")), FAX


def _unsigned(journey: Journey, at: datetime):
    text = "\n".join(
        line for line in _text(journey, at).splitlines() if "signed" not in line.lower() and "Status:" not in line
    )
    yield "letter from the specialist.pdf", paper.pdf(text), FAX


def _namesake(journey: Journey, at: datetime):
    """A note that names nobody but a patient whose name another one shares, and no birth date."""
    lines = _text(journey, at).splitlines()
    yield (
        "fax_2204.pdf",
        paper.pdf("\n".join(x for x in lines if not x.startswith(("Date of birth", "Referral:")))),
        FAX,
    )


def _broken(journey: Journey, at: datetime):
    yield "IMG_0071.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 8, FAX


def _asks(journey: Journey, at: datetime):
    """A referral letter by fax: nobody captured it yet."""
    letter = consult_notes.letter(
        number="",
        person=replace(journey.planned.person.data, given_name="Marguerite", family_name="Oyelaran"),
        office=journey.planned.office,
        referrer=journey.cast.providers.get(journey.referral.referring_provider_id),
        question=journey.planned.question,
    )
    yield "referral letter.pdf", paper.pdf(letter), FAX


def _stranger(journey: Journey, at: datetime):
    person = replace(
        journey.planned.person.data, given_name="Ottoline", family_name="Vandersloot", birth_date=at.date() - timedelta(days=16_000)
    )  # fmt: skip
    yield "consult note (2).pdf", paper.pdf(_with_person(journey, at, person, number="")), FAX


def _with_person(journey: Journey, at: datetime, person, *, number: str) -> str:
    on, cast = journey.referral, journey.cast
    return consult_notes.note(
        heading="CONSULTATION NOTE",
        status="Final",
        number=number or "not known",
        person=person,
        visit_on=journey.memory.get("visit_on", at.date()),
        office=cast.offices[on.receiving_office_id],
        author=cast.providers.get(on.receiving_provider_id),
        referrer=cast.providers.get(on.referring_provider_id),
        question=journey.planned.question,
        written_at=at,
    )


MATCHED = (_printed, _message, _structured, _printed, _message, _structured, _printed)
OWN = 3  # of these are about a referral; the others name somebody else or nobody
FOR_PEOPLE = (_other_birth_date, _unsigned, _namesake, _broken, _asks, _stranger)
