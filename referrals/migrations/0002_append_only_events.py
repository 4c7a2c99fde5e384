"""Database triggers: the timeline refuses UPDATE and DELETE, and PostgreSQL notes the writing transaction."""

from django.db import migrations

POSTGRES = """
CREATE FUNCTION referrals_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'referral events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER referrals_event_append_only BEFORE UPDATE OR DELETE ON referrals_referralevent
    FOR EACH ROW EXECUTE FUNCTION referrals_event_is_append_only();
CREATE FUNCTION referrals_event_notes_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xact_id := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER referrals_event_transaction BEFORE INSERT ON referrals_referralevent
    FOR EACH ROW EXECUTE FUNCTION referrals_event_notes_transaction();
"""
POSTGRES_BACK = """
DROP TRIGGER referrals_event_transaction ON referrals_referralevent;
DROP TRIGGER referrals_event_append_only ON referrals_referralevent;
DROP FUNCTION referrals_event_notes_transaction();
DROP FUNCTION referrals_event_is_append_only();
"""
SQLITE = [
    f"""CREATE TRIGGER referrals_event_no_{verb.lower()} BEFORE {verb} ON referrals_referralevent
    BEGIN SELECT RAISE(ABORT, 'referral events are append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
SQLITE_BACK = ["DROP TRIGGER referrals_event_no_update", "DROP TRIGGER referrals_event_no_delete"]


def forwards(apps, schema_editor):
    statements = [POSTGRES] if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    statements = [POSTGRES_BACK] if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
