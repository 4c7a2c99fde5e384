"""Rules that keep the house in order."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALLOWED_TOP = {
    "manage.py", "refloop_site", "referrals", "notifications", "reporting", "tests", "requirements.txt", "README.md",
    "pyproject.toml", "docs", "var", "__pycache__",
}  # fmt: skip
SOURCES = [p for app in ("refloop_site", "reporting", "referrals", "notifications") for p in (ROOT / app).rglob("*.py")]


def test_nothing_else_at_the_top():
    strangers = {p.name for p in ROOT.iterdir() if not p.name.startswith(".")} - ALLOWED_TOP
    assert not strangers


def test_no_module_is_called_after_nothing():
    vague = [p for p in SOURCES if p.stem in {"utils", "helpers", "common", "misc", "services"}]
    assert not vague


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_small(path):
    if "migrations" in path.parts:
        return
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320, "split it by what it does"


def test_only_the_transition_writer_writes_status():
    """Nobody else assigns Referral.status or holds the writer's key."""
    key = re.compile(r"written_by_transition\s*=\s*True")
    holders = [p.name for p in SOURCES if key.search(p.read_text(encoding="utf-8"))]
    assert holders == ["transition.py"]


def test_rules_do_not_read_the_clock():
    """Services and rules take ``now``; only the edges (views, admin, tasks, commands) ask the clock."""
    edges = {"api", "admin", "management", "demo"}
    readers = [
        str(p.relative_to(ROOT))
        for p in (ROOT / "referrals").rglob("*.py")
        if re.search(r"timezone\.now\(\)|datetime\.now\(|date\.today\(", p.read_text(encoding="utf-8"))
        and not edges & set(p.parts)
        and p.name != "tasks.py"
    ]
    assert not readers
