"""What older releases stored is as findable and undoable as what comes in now."""

import importlib

import pytest
from django.apps import apps

from referrals.actions import incoming
from referrals.intake.arrivals import Sender, take_in
from referrals.intake.reading import to_json
from referrals.models import IncomingDocument, MatchDecision
from tests import factories
from tests.factories import NOW, SYSTEM
from tests.referrals.reconcile.notes import note

pytestmark = pytest.mark.django_db
past = importlib.import_module("referrals.migrations.0027_past_documents")


def came_in(content: bytes | None = None, **fields) -> IncomingDocument:
    sender = Sender("upload", "user:1", "Casey")
    document = take_in(content or factories.note_bytes(), filename="note.txt", sender=sender, now=NOW).document
    IncomingDocument.objects.filter(pk=document.pk).update(**fields)
    return IncomingDocument.objects.get(pk=document.pk)


def test_a_document_read_before_there_were_keys_is_found_by_name(world, monkeypatch):
    monkeypatch.setattr(past, "BATCH", 2)
    reading = to_json(note(factories.referral(world, "seen"), family="O'Brien"))
    old = [came_in(reading=reading) for _ in range(5)]
    unread = came_in()
    past.fill_names(apps, None)
    for document in old:
        document.refresh_from_db()
        assert (document.patient_name, document.patient_key) == ("O'Brien, William", "obrien")
        assert document.patient_born == "1961-03-04"
    unread.refresh_from_db()
    assert unread.patient_name == ""


def test_a_decision_that_only_confirmed_says_so(world):
    referral, other = factories.referral(world, "seen"), factories.referral(world, "seen")
    content = factories.note_bytes()
    factories.attach_note(referral, content=content)
    taken_for = incoming.As(kind="consult_note", status="final")
    common = {"taken_for": taken_for, "actor": SYSTEM, "now": NOW.replace(microsecond=7)}
    confirmed = incoming.attach(document=came_in(content), referral=referral, **common)
    added = incoming.attach(document=came_in(), referral=other, **common)
    brought = confirmed.reconciliation
    MatchDecision.objects.update(effect="added", before={}, reconciliation=None)
    past.say_what_was_confirmed(apps, None)
    confirmed.refresh_from_db()
    added.refresh_from_db()
    assert (confirmed.effect, confirmed.reconciliation) == ("confirmed", brought)
    assert (added.effect, added.reconciliation) == ("added", None)
