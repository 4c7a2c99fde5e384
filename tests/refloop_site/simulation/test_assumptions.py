"""The assumptions can be changed one number at a time, and nothing else by mistake."""

import pytest

from refloop_site.simulation.assumptions import VARIED, Assumptions, with_value


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, *values in VARIED for value in values])
def test_every_varied_number_exists_and_changes_alone(name, value):
    changed = with_value(Assumptions(), name, value)
    assert changed != Assumptions()
    field, _, part = name.partition(".")
    found = getattr(changed, field)
    assert (getattr(found, part) if part else found) == value


@pytest.mark.parametrize("name", ["", "answer", "answers", "answers.by", "reached.by_itself"])
def test_what_is_no_number_is_refused(name):
    with pytest.raises(KeyError):
        with_value(Assumptions(), name, 0.5)


def test_shares_are_shares():
    for name, value in vars(Assumptions()).items():
        shares = [value.by_itself, value.reminded] if hasattr(value, "by_itself") else []
        assert all(0 <= share <= 1 for share in shares), name
