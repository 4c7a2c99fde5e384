"""docs/configuration.md lists every variable that is read from the environment, and none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r'\benv\.\w+\(\s*"([A-Z_]+)"')
LISTED = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


def read_by_code() -> set[str]:
    return {name for path in (ROOT / "refloop_site").rglob("*.py") for name in READ.findall(path.read_text("utf-8"))}


def listed() -> list[str]:
    return LISTED.findall((ROOT / "docs" / "configuration.md").read_text("utf-8"))


def test_every_variable_is_listed():
    assert read_by_code() - set(listed()) == set()


def test_nothing_else_is_listed_and_nothing_twice():
    assert set(listed()) - read_by_code() == set()
    assert len(listed()) == len(set(listed()))
