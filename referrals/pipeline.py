"""An incoming document on its way: claim it, read it in the sandbox, match it, attach it or put it into review.

1. Claim: a row is leased, and the attempt counted, before anything is parsed, so that a document that kills its worker
   is given to a person after three tries.
2. Read: outside any transaction, in the killable child.
3. Settle: in one transaction with the row locked and the lease still held: reading, match, decision; of a file of
   several documents all of these, each to be read for itself. A worker killed
   before the commit leaves the row leased; another takes it when the lease is over. So each document ends exactly once.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction

from referrals.actions import incoming
from referrals.actions.separating import separate, store_parts
from referrals.errors import ReferralError
from referrals.intake.arrivals import same_id_before
from referrals.intake.as_read import patient_as_read
from referrals.intake.backlog import due
from referrals.intake.notices import words_of
from referrals.intake.reading import Reading, from_json
from referrals.intake.sandbox import Answer, Sandbox
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action, Status, targets
from referrals.models import Document, IncomingDocument, MatchDecision
from referrals.reconcile.matching import Match, match
from referrals.reconcile.versions import identifier_key

logger = logging.getLogger("refloop.referrals")
State = IncomingDocument.State
LEASE = timedelta(minutes=4)  # longer than the sandbox lets anything take
TRIES = 3
RefLoop = Actor.system()


def process(pk: int, *, sandbox: Sandbox, now_fn: Callable[[], datetime]) -> str:
    """Take one document through; returns its state, or "" when somebody else has it or it is done."""
    row = claim(pk, now=now_fn())
    if row is None:
        return ""
    if row.state != State.READING:
        return row.state
    answer = _read(row, sandbox)
    try:
        store_parts(answer)
        return settle(row, answer, now=now_fn())
    except (OperationalError, InterfaceError):
        raise  # the database's trouble is not the document's: the lease runs out, and it is tried again
    except Exception as error:
        logger.exception("settling a document failed", extra={"document_id": pk})
        return settle(row, Answer(error=f"RefLoop failed on what it read ({type(error).__name__})."), now=now_fn())


def _read(row: IncomingDocument, sandbox: Sandbox) -> Answer:
    try:
        with row.file.open("rb") as opened:
            content = opened.read()
    except FileNotFoundError:
        return Answer(error="The stored file is missing.")
    if hashlib.sha256(content).hexdigest() != row.sha256:
        return Answer(error="The stored file is damaged: it is not what came in. Restore it from a backup.")
    return sandbox.read(content)


def process_due(*, sandbox: Sandbox, now_fn: Callable[[], datetime], going: Callable[[], bool]) -> int:
    """Take whatever waits, or was left by a dead reader, through while ``going``; how many."""
    done = 0
    while going():
        pk = due(now_fn()).order_by("received_at", "pk").values_list("pk", flat=True).first()
        if pk is None:
            break
        done += bool(process(pk, sandbox=sandbox, now_fn=now_fn))
    return done


def claim(pk: int, *, now: datetime) -> IncomingDocument | None:
    """Lease a document that waits or whose lease is over; after three tries it goes into review instead."""
    with transaction.atomic():
        free = due(now).filter(pk=pk).select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        )  # fmt: skip
        row = free.first()
        if row is None:
            return None
        if row.attempts >= TRIES:
            _to_review(row, error="Reading it ended its worker each time.", because="Read it yourself.")
            return row
        row.state, row.attempts = State.READING, row.attempts + 1
        row.lease_until, row.leased_by = now + LEASE, secrets.token_hex(8)
        row.save(update_fields=["state", "attempts", "lease_until", "leased_by"])
        return row


def settle(claimed: IncomingDocument, answer: Answer, *, now: datetime) -> str:
    """Write what was read and decide; returns the state. Nothing is written when the lease was lost meanwhile."""
    with transaction.atomic():
        row = IncomingDocument.objects.select_for_update().get(pk=claimed.pk)
        if row.state != State.READING or row.leased_by != claimed.leased_by:
            return ""
        row.read_at, row.read_seconds, row.error = now, round(answer.seconds, 3), answer.error
        if answer.parts:
            if because := separate(row, answer, actor=RefLoop, now=now):
                _to_review(row, because=because)
            else:
                row.save()
        elif answer.error or not answer.readings:
            _to_review(row, error=answer.error or "Nothing was found in it.", because="It could not be read.")
        elif len(answer.readings) > 1:
            _to_review(row, because=_cannot_be_separated([from_json(data) for data in answer.readings]))
        else:
            _match(row, answer.readings[0], now)
    logger.info("incoming document settled", extra={"document_id": row.pk, "kind": row.state})
    return row.state


def _cannot_be_separated(readings: list[Reading]) -> str:
    """``It holds 2 documents that cannot be separated: consult note of 11/24/2026, test result. Ask …``"""
    held = [_in_words(reading) for reading in readings[:4]] + ["more"] * (len(readings) > 4)
    return f"It holds {len(readings)} documents that cannot be separated: {', '.join(held)}. Ask for them one by one."


def _in_words(reading: Reading) -> str:
    kind = Document.Kind(reading.kind.value).label.lower() if reading.kind else "document"
    at = reading.visit_at or reading.written_at
    day = at.value.day if at else None
    return kind + (f" of {day:%m/%d/%Y}" if day else "")


def _match(row: IncomingDocument, data: dict, now: datetime) -> None:
    reading = from_json(data)
    row.reading = data
    row.patient_name, row.patient_key, row.patient_born = patient_as_read(reading)
    row.document_key = identifier_key(reading.document_id.value if reading.document_id else None)
    row.set_key = identifier_key(reading.set_id.value if reading.set_id else None)
    matched = match(reading, now=now)
    row.suggestions = matched.as_json()
    _to_review(row, because=why_review(row, reading, matched))
    if row.review_because:
        return
    chosen = matched.verdict.chosen
    grounds = incoming.Grounds([*chosen.evidence, matched.verdict.because], chosen.against, automatic=True)
    try:
        with transaction.atomic():
            incoming.attach(
                document=row,
                referral=matched.chosen,
                taken_for=incoming.As(grounds=grounds),
                actor=RefLoop,
                now=now,
            )
    except ReferralError as error:
        _to_review(row, because=f"It fits, but could not be attached: {error}"[:200])
    else:
        row.refresh_from_db()


def why_review(row: IncomingDocument, reading: Reading, matched: Match) -> str:
    """Why a person has to look, in a sentence; empty when RefLoop may decide by itself."""
    if reading.notice is not None:
        return words_of(reading.notice.value, reading.format.removeprefix("HL7 v2 "))
    if matched.verdict.chosen is None:
        return matched.verdict.because
    referral = matched.chosen
    kind = reading.kind.value if reading.kind else ""
    if not kind:
        return "It does not say what it is."
    if kind == Document.Kind.REFERRAL_LETTER:
        return "A referral letter: capture it, or file it on the referral it repeats."
    if not reading.is_whole:
        return "Not all of it could be read."
    if reading.is_contradictory:
        return "The message and the document inside it describe the patient differently."
    if reading.status is None:
        return "Nothing in it shows whether it is signed."
    if kind in Document.NOTE_KINDS and reading.status.value != Document.Status.RETRACTED and not reading.text.strip():
        return "It announces a note but holds no text of one: look at it, or ask the sender for the note."
    if MatchDecision.objects.filter(document=row, undone_at__isnull=False).exists():
        return "An earlier decision on it was taken back."
    action = Action.ATTACH_NOTE if kind in Document.NOTE_KINDS else Action.ADD_DOCUMENT
    if not targets(action, referral.status):
        return f"The referral is {Status(referral.status).label.lower()}; reopen it if the note belongs there."
    if same_id_before(row.arrivals.all()):
        return "The sender used this message id before for another document."
    return ""


def _to_review(row: IncomingDocument, *, because: str, error: str | None = None) -> None:
    row.state, row.lease_until, row.leased_by, row.review_because = State.REVIEW, None, "", because[:200]
    if error is not None:
        row.error = error[:200]
    row.save()
