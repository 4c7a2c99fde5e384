"""Database triggers: the reading log refuses UPDATE and DELETE. Who may read it: auditors, and privacy officers."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from referrals.roles import APPS, make_roles

POSTGRES = """
CREATE FUNCTION referrals_read_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the reading log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER referrals_read_append_only BEFORE UPDATE OR DELETE ON referrals_recordread
    FOR EACH ROW EXECUTE FUNCTION referrals_read_is_append_only();
"""
POSTGRES_BACK = """
DROP TRIGGER referrals_read_append_only ON referrals_recordread;
DROP FUNCTION referrals_read_is_append_only();
"""
SQLITE = [
    f"""CREATE TRIGGER referrals_read_no_{verb.lower()} BEFORE {verb} ON referrals_recordread
    BEGIN SELECT RAISE(ABORT, 'the reading log is append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
SQLITE_BACK = ["DROP TRIGGER referrals_read_no_update", "DROP TRIGGER referrals_read_no_delete"]


def triggers(apps, schema_editor):
    for statement in [POSTGRES] if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def no_triggers(apps, schema_editor):
    for statement in [POSTGRES_BACK] if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


def roles(apps, schema_editor):
    for app in APPS:
        create_permissions(installed.get_app_config(app), verbosity=0, using=schema_editor.connection.alias)
    make_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0022_reading_log")]
    operations = [
        migrations.RunPython(triggers, no_triggers),
        migrations.RunPython(roles, migrations.RunPython.noop),
    ]
