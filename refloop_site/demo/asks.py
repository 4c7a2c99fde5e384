"""What is asked in the demo, drawn in advance: who refers whom to which specialty, when, how urgently, by which way."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from referrals.capture.ask import NewReferral
from referrals.models import Office
from referrals.practice.calendar import practice_calendar
from refloop_site.demo import behaviour as b
from refloop_site.demo.clinical_questions import QUESTIONS, Question
from refloop_site.demo.directory import Directory
from refloop_site.demo.office_hours import arrival_times, later
from refloop_site.demo.patients import People, Person, as_sent_by


@dataclass(frozen=True)
class PlannedAsk:
    """One referral to come. ``repeats`` marks a second capture of the same ask by somebody else."""

    index: int
    at: datetime
    ask: NewReferral
    question: Question
    person: Person
    office: Office = field(compare=False)
    repeats: bool = False


def plan(*, directory: Directory, start: datetime, end: datetime, count: int, rng: Random) -> list[PlannedAsk]:
    """``count`` asks between the two instants, in order, and a few repeats of them."""
    people = People(rng, today=practice_calendar().local_date(start))
    keys = {office.pk: key for key, office in directory.offices.items()}
    planned: list[PlannedAsk] = []
    for at in arrival_times(start, end, count, rng):
        direction = _draw(rng, b.DIRECTIONS)
        office = rng.choice(directory.practices if direction == "inbound" else directory.ours)
        made = _one(len(planned), at, direction, office, keys[office.pk], directory, people, rng)
        planned.append(made)
        if rng.random() < b.ANOTHER_VISIT_SOON:
            again = later(at, b.DUPLICATE_NOTICED, rng)
            planned.append(PlannedAsk(len(planned), again, made.ask, made.question, made.person, office, repeats=True))
    return planned


def _one(index, at, direction, office, key, directory, people, rng) -> PlannedAsk:
    asked_for = b.OUTBOUND_SPECIALTIES if direction == "outbound" else b.INBOUND_AND_INTERNAL_SPECIALTIES
    specialty = _draw(rng, asked_for)
    question = rng.choice(QUESTIONS[specialty])
    person = people.for_question(question)
    today = practice_calendar().local_date(at)
    return PlannedAsk(
        index=index,
        at=at,
        question=question,
        person=person,
        office=office,
        ask=NewReferral(
            specialty=specialty,
            clinical_question=question.text,
            referring_office_id=office.pk,
            referring_provider_id=rng.choice(directory.referrers[key]).pk,
            patient=as_sent_by(person, key, rng),
            direction="" if direction == "inbound" else direction,
            diagnoses=list(question.diagnoses),
            service_requested="Consult" if rng.random() < 0.8 else "Consult and treat",
            payer=person.payer,
            member_id=person.member_id,
            **_urgency(rng, today),
            **_authorization(rng, index, today),
            source="api" if office.contact_preference == Office.Contact.API else _draw(rng, b.SOURCES),
        ),
    )


def _urgency(rng: Random, today: date) -> dict:
    priority = _draw(rng, b.PRIORITIES)
    needed = rng.random() < b.NEEDED_BY_GIVEN
    return {"priority": priority, "needed_by": today + timedelta(days=rng.randrange(14, 70)) if needed else None}


def _authorization(rng: Random, index: int, today: date) -> dict:
    if rng.random() >= b.NEEDS_AUTHORIZATION:
        return {}
    if rng.random() < 0.5:
        return {"authorization_state": "pending"}
    return {
        "authorization_state": "approved",
        "authorization_number": f"PA-{70_000 + index}",
        "authorization_expires_on": today + timedelta(days=90),
    }


def _draw(rng: Random, shares: dict[str, float]) -> str:
    return rng.choices(list(shares), weights=list(shares.values()))[0]
