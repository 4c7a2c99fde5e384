"""``manage.py simulate`` as somebody uses it."""

import json
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from refloop_site.simulation import table
from refloop_site.simulation.outcome import Outcome
from refloop_site.simulation.runs import Run, RunFailed, run_all


def outcome(**values) -> Outcome:
    usual = Outcome(
        referrals=100, closed=0.9, closed_within_14=0.4, scheduled=0.93, leaked=0.07, in_progress=0.03, days_median=12.0,
        days_mean=15.0, hours_per_week=3.5, matched_by_itself=0.9, nudges=50, leaked_count=7, at_risk=1540,
    )  # fmt: skip
    return replace(usual, **values)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--nudge-effect", "2"], "from 0 to 1"),
        (["--months", "0"], "--months is 1 to 12"),
        (["--first", "March"], "not a month"),
        (["--assume", "reached"], "not NAME=NUMBER"),
        (["--assume", "luck=1"], "no single number called 'luck'"),
    ],
)
def test_bad_options_say_what_is_wrong_before_anything_runs(arguments, says):
    with pytest.raises(CommandError, match=says):
        call_command("simulate", *arguments)


def test_a_run_refuses_a_database_that_is_in_use(world, tmp_path):
    with pytest.raises(CommandError, match="empty database"):
        call_command("simulate", "--inside", Run(True, date(2025, 1, 1)).to_json(), "--to", str(tmp_path))


@pytest.mark.sqlite
def test_a_run_that_fails_says_why():
    with pytest.raises(RunFailed, match="no_such_number"):
        run_all([Run(False, date(2025, 1, 1), changed={"no_such_number": 1.0})], progress=lambda part: None)


@pytest.mark.sqlite
def test_both_quarters_in_processes_of_their_own():
    out = StringIO()
    call_command("simulate", "--months", "1", "--per-month", "5", "--first", "2025-02", "--format", "json", stdout=out)
    (case,) = json.loads(out.getvalue())
    assert case["untracked"]["referrals"] == case["with_refloop"]["referrals"] > 0
    assert case["untracked"]["nudges"] == 0
    assert case["untracked"]["refused"] == case["with_refloop"]["refused"] == 0


def test_a_quarter_ends_with_its_third_month():
    period = Run(True, date(2025, 11, 1)).period
    assert (period.first, period.last) == (date(2025, 11, 1), date(2026, 1, 31))


def test_the_table_sets_before_beside_after_and_the_bands():
    lines = list(table.compared(outcome(leaked=0.31, leaked_count=31, at_risk=6820), outcome()))
    leakage = next(line for line in lines if line.startswith("Leakage"))
    assert leakage.split() == ["Leakage", "31.0", "%", "7.0", "%", "18", "to", "25", "%", "at", "most", "10", "%"]
    assert any("6,820" in line and "1,540" in line for line in lines)


def test_varied_assumptions_have_a_line_each():
    lines = list(table.varied([("reached = 0.5", outcome(closed=0.5), outcome(days_median=None))]))
    assert lines[-1].startswith("reached = 0.5")
    assert "50.0%" in lines[-1]
