"""Pages that are made from the code are as the code says."""

from pathlib import Path

from referrals.lifecycle.diagram import lifecycle_page

ROOT = Path(__file__).resolve().parents[2]


def test_lifecycle_page_is_fresh():
    page = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    assert page == lifecycle_page(), "run: python manage.py lifecycle_diagram --write"


def test_readme_has_the_two_commands_ci_runs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    test_command = next(line for line in readme.splitlines() if "tests/requirements.txt" in line).strip()
    assert test_command in ci
