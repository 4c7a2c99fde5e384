"""Documents read before there were keys of the patient's name are found by it; past decisions say what they changed."""

from django.db import migrations

from referrals.intake.as_read import patient_as_read
from referrals.intake.reading import from_json

BATCH = 200  # a reading holds the text of its document
ATTACHED = ("note_attached", "note_returned", "note_amended", "document_added")


def fill_names(apps, schema_editor):
    documents = apps.get_model("referrals", "IncomingDocument").objects
    fields, last = ["patient_name", "patient_key", "patient_born"], 0
    unnamed = documents.filter(patient_name="", patient_key="", reading__isnull=False).order_by("pk")
    while rows := list(unnamed.filter(pk__gt=last).only("pk", "reading", *fields)[:BATCH]):
        for row in rows:
            row.patient_name, row.patient_key, row.patient_born = patient_as_read(from_json(row.reading))
        documents.bulk_update(rows, fields)
        last = rows[-1].pk


def say_what_was_confirmed(apps, schema_editor):
    """A decision without an event of its moment that speaks of its document found the document there already."""
    decisions = apps.get_model("referrals", "MatchDecision").objects
    events = apps.get_model("referrals", "ReferralEvent").objects
    reconciliations = apps.get_model("referrals", "Reconciliation").objects
    standing = decisions.filter(version__isnull=False, undone_at__isnull=True, kind__in=("note", "filed"))
    for decision in standing.select_related("version").iterator(BATCH):
        then = events.filter(referral=decision.referral_id, at=decision.decided_at, kind__in=ATTACHED)
        if any(data.get("document") == decision.version.document_id for data in then.values_list("data", flat=True)):
            continue
        decision.effect = "confirmed"
        decision.reconciliation = reconciliations.filter(
            version=decision.version_id, decided_at=decision.decided_at, undone_at__isnull=True
        ).first()
        decision.save(update_fields=["effect", "reconciliation"])


class Migration(migrations.Migration):
    dependencies = [("referrals", "0026_undo_of_matches")]
    operations = [
        migrations.RunPython(fill_names, migrations.RunPython.noop),
        migrations.RunPython(say_what_was_confirmed, migrations.RunPython.noop),
    ]
