"""The assumptions figures begin with, for staff to see and change, and who may."""

from decimal import Decimal

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from referrals.roles import APPS, make_roles

MINUTES = {"contact": Decimal(6), "status_check": Decimal(8), "match": Decimal(5)}


def forwards(apps, schema_editor):
    apps.get_model("reporting", "ReportSettings").objects.get_or_create(pk=1)
    for action, minutes in MINUTES.items():
        apps.get_model("reporting", "ChaseMinutes").objects.get_or_create(action=action, defaults={"minutes": minutes})
    for app in APPS:
        create_permissions(installed.get_app_config(app), verbosity=0, using=schema_editor.connection.alias)
    make_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0001_assumptions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
