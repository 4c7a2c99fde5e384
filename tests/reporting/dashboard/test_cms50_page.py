"""The CMS50 page: every count opens its patients, and a page of a large year reads only its own."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from referrals.admin import downloads
from reporting.dashboard import cms50_page
from tests import factories

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
JUNE = datetime(2026, 6, 3, 15, tzinfo=UTC)
ADDRESS = "/admin/reports/cms50/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client, world):
    """Of seven patients three are met; four of one clinician, two of another, one of nobody named."""
    one, other = factories.provider(world.ours), factories.provider(world.ours)
    for days, clinician in enumerate((one, one, one, one, other, other, None)):
        at = JUNE + timedelta(days=days)
        on = factories.captured(world, now=at, referring_provider_id=clinician and clinician.pk).referral
        if days < 3:
            factories.attach_note(factories.advance(on, "seen", now=at), now=at + timedelta(days=9))
    client.force_login(factories.user("Manager"))
    return client


def links(page: str) -> list[tuple[str, int]]:
    return [
        (found[0].replace("&amp;", "&"), int(found[1]))
        for found in re.findall(r'href="(\?[^"]+)#rl-rows">(\d+)<', page)
    ]


@pytest.mark.parametrize("count", ["patient", "clinician"])
def test_every_count_opens_as_many_patients(manager, count):
    found = links(manager.get(f"{ADDRESS}?count={count}").text)
    assert sorted(number for _, number in found) == [1, 2, 3, 3, 4, 4, 4, 7, 7]
    for address, number in found:
        page = manager.get(ADDRESS + address).text
        assert re.search(rf'Patients[^<]*<span class="rl-muted">{number}</span>', page), address
        assert page.count('class="rl-number"') == number


def test_a_page_reads_only_its_own_rows(manager, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(cms50_page, "PER_PAGE", 3)
    with django_assert_max_num_queries(30):
        page = manager.get(f"{ADDRESS}?show=all&page=3").text
    assert page.count('class="rl-number"') == 1
    assert "Page 3 of 3." in page and "3</a> of" in page and "7</a> reports received" in page


def test_files(manager, monkeypatch):
    text = b"".join(manager.get(f"{ADDRESS}clinicians.csv?year=2026").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {(row["Received"], row["Of"]) for row in rows} == {("3", "4"), ("0", "2"), ("0", "1")}
    assert rows[-1]["Clinician"] == "No clinician named"
    assert manager.get(f"{ADDRESS}clinicians.xlsx?year=2026").status_code == 200
    assert manager.get(f"{ADDRESS}clinicians.pdf?year=2026").status_code == 404
    monkeypatch.setattr(downloads, "MOST_IN_EXCEL", 6)
    assert "More than 6 patients: take the CSV file" in manager.get(f"{ADDRESS}rows.xlsx?show=all", follow=True).text
    only = manager.get(f"{ADDRESS}rows.csv?show=all&clinician=none")
    assert len(b"".join(only.streaming_content).splitlines()) == 2


@pytest.mark.parametrize(
    "typed", ["clinician=²", "clinician=-1", "clinician=99999999", "show=x&page=99", "year=²&count=x"]
)
def test_what_is_typed_into_the_address_is_answered(manager, typed):
    assert manager.get(f"{ADDRESS}?{typed}").status_code == 200


def test_the_year_shown_is_the_one_chosen(manager):
    for year in (2026, 2023, 2019, 2027):
        assert manager.get(f"{ADDRESS}?year={year}").text.count(f"<option selected>{year}</option>") == 1


def test_who_may_not_see_patients_is_refused(client, world):
    client.force_login(factories.user("Directory editor"))
    for page in ("", "rows.csv", "clinicians.csv"):
        assert client.get(ADDRESS + page).status_code == 403
