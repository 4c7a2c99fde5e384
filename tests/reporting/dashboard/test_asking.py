"""The address of a reports page says all of what it shows, and anything typed into it is answered."""

from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory

from reporting.dashboard import choices
from reporting.dashboard.asking import PERIODS, period_of, read

NOW = datetime(2026, 2, 10, 18, tzinfo=UTC)


def ask(address: str):
    return read(RequestFactory().get(f"/{address}"), now=NOW)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("this-month", date(2026, 2, 1), date(2026, 2, 28)),
        ("last-month", date(2026, 1, 1), date(2026, 1, 31)),
        ("this-quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("last-quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("this-year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last-12-months", date(2025, 3, 1), date(2026, 2, 28)),
    ],
)
def test_presets(preset, first, last):
    period = period_of(preset, NOW.date())
    assert (period.first, period.last) == (first, last)


def test_every_preset_but_days_is_known():
    assert all(period_of(word, NOW.date()) for word, _ in PERIODS[:-1])
    assert period_of("days", NOW.date()) is None


@pytest.mark.django_db
def test_an_address_gives_the_same_page_again(world):
    asked = ask(
        f"?period=days&from=2026-01-05&to=2026-01-20&specialty=cardiology&payer=none&owner={world.coordinator.pk}"
    )
    assert asked.problems == ()
    again = ask(f"?{asked.query()}")
    assert again == asked
    assert "figure=leaked" in asked.query(figure="leaked")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("?period=days&from=soon", "Write a day"),
        ("?period=days&from=2026-02-01&to=2026-01-01", "before the first"),
        ("?period=ever", "no such period"),
        ("?specialty=alchemy", "Nothing is called"),
    ],
)
def test_what_cannot_be_read_is_said_and_last_month_stands_in(address, says):
    asked = ask(address)
    assert any(says in problem for problem in asked.problems)
    assert asked.cohort.period.first == date(2026, 1, 1)


@pytest.mark.django_db
def test_every_filter_of_the_address_is_a_field_that_keeps_it(world):
    """Else a page would be filtered by what it does not show, and the next press of Show would drop it."""
    address = (
        f"?direction=outbound&specialty=cardiology,dermatology&priority=urgent&referring_office={world.ours.npi}&payer=none"
        f"&receiving_office=none&receiving_provider={world.outside_cardiologist.npi}&owner={world.coordinator.pk}"
    )
    filters = ask(address).cohort.filters
    fields = choices.of(filters)
    assert {field.key: field.chosen for field in fields} == filters.query()
    for field in fields:
        assert [word for word, _ in field.choices].count(field.chosen) == 1
    labels = {field.key: dict(field.choices)[field.chosen] for field in fields}
    assert labels["specialty"] == "Cardiology, Dermatology" and labels["payer"] == "No payer"
