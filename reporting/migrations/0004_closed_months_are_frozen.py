"""Database triggers: rows of a closed month never change; a closing changes once, when it is reopened. And who may close."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from referrals.roles import APPS, make_roles

FROZEN = (
    "first", "number", "closed_at", "closed_by", "figures", "chase", "assumptions", "pdf", "csv",
)  # fmt: skip
_SAME = " AND ".join(f'NEW."{column}" IS NOT DISTINCT FROM OLD."{column}"' for column in FROZEN)
POSTGRES = f"""
CREATE FUNCTION reporting_row_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of a closed month are frozen' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reporting_row_frozen BEFORE UPDATE OR DELETE ON reporting_periodrow
    FOR EACH ROW EXECUTE FUNCTION reporting_row_is_frozen();
CREATE FUNCTION reporting_close_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.reopened_at IS NULL AND {_SAME} THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a closed month is frozen' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reporting_close_frozen BEFORE UPDATE OR DELETE ON reporting_periodclose
    FOR EACH ROW EXECUTE FUNCTION reporting_close_is_frozen();
"""
POSTGRES_BACK = """
DROP TRIGGER reporting_close_frozen ON reporting_periodclose;
DROP TRIGGER reporting_row_frozen ON reporting_periodrow;
DROP FUNCTION reporting_close_is_frozen();
DROP FUNCTION reporting_row_is_frozen();
"""
_CHANGED = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in FROZEN)
SQLITE = [
    *(
        f"""CREATE TRIGGER reporting_row_no_{verb.lower()} BEFORE {verb} ON reporting_periodrow
    BEGIN SELECT RAISE(ABORT, 'rows of a closed month are frozen'); END"""
        for verb in ("UPDATE", "DELETE")
    ),
    """CREATE TRIGGER reporting_close_no_delete BEFORE DELETE ON reporting_periodclose
    BEGIN SELECT RAISE(ABORT, 'a closed month is frozen'); END""",
    f"""CREATE TRIGGER reporting_close_no_update BEFORE UPDATE ON reporting_periodclose
    WHEN OLD.reopened_at IS NOT NULL OR {_CHANGED}
    BEGIN SELECT RAISE(ABORT, 'a closed month is frozen'); END""",
]
SQLITE_BACK = [
    f"DROP TRIGGER reporting_{name}" for name in ("row_no_update", "row_no_delete", "close_no_delete", "close_no_update")
]


def forwards(apps, schema_editor):
    statements = [POSTGRES] if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)
    for app in APPS:
        create_permissions(installed.get_app_config(app), verbosity=0, using=schema_editor.connection.alias)
    make_roles(apps)


def backwards(apps, schema_editor):
    statements = [POSTGRES_BACK] if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0003_closed_months"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(forwards, backwards)]
