"""Roles as groups: Coordinator, Manager, Auditor, Directory editor."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from referrals.roles import make_roles


def forwards(apps, schema_editor):
    # Permissions are otherwise made after all migrations, too late for a group.
    create_permissions(installed.get_app_config("referrals"), verbosity=0, using=schema_editor.connection.alias)
    make_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0003_seed"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
