"""``manage.py report`` prints the figures of a period."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import factories

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("report", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def referrals(world):
    for status in ("closed", "lost", "routed"):
        factories.referral(world, status)
    factories.referral(world, "closed", inbound=True)


def test_text(referrals):
    text = run("--from", "2026-11", "--by", "direction")
    assert text.startswith("November 2026: 4 referrals\n")
    assert "Loop closed" in text and "2 of 4" in text and "50.0 %" in text
    assert "Outbound" in text and "Inbound" in text
    assert "[no better than without tracking]" in text
    assert run("--from", "2026-11", "--direction", "outbound").startswith("November 2026 (Direction: Outbound): 3 ref")


def test_csv_has_the_whole_and_every_part(referrals):
    rows = list(csv.DictReader(StringIO(run("--from", "2026-11", "--by", "all", "--format", "csv").lstrip("\ufeff"))))
    assert rows[0]["dimension"] == "all" and rows[0]["cohort"] == "4" and rows[0]["closed_share"] == "0.5"
    by_direction = {row["value"]: int(row["cohort"]) for row in rows if row["dimension"] == "direction"}
    assert by_direction == {"outbound": 3, "inbound": 1}


def test_json_with_filters(referrals):
    found = json.loads(run("--from", "2026-11-01", "--to", "2026-11-30", "--direction", "outbound", "--format", "json"))
    assert found["total"]["counts"]["cohort"] == 3 and found["filters"] == {"direction": "outbound"}
    assert found["chase"] == {"steps": {}, "hours": 0.0}


def test_no_referrals():
    text = run("--from", "2020-01", "--by", "payer")
    assert "0 referrals" in text and "no referrals" in text


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--from", "x"], "--from"), (["--from", "2026-11", "--to", "2026-10"], "--to"), (["--by", "colour"], "--by"),
        (["--receiving-office", "123"], "--receiving-office"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(arguments, named):
    with pytest.raises(CommandError, match=named):
        run(*arguments)
