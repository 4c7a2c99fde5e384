"""The reports pages as staff use them."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import openpyxl
import pypdfium2
import pytest
import time_machine

from referrals.actions import contacts
from referrals.admin import downloads
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Stage
from referrals.models import RecordRead, Referral
from reporting.dashboard import behind
from reporting.measures.assumptions import current_assumptions
from reporting.measures.breakdown import figures_of
from reporting.measures.breaks import breaks
from reporting.measures.cohort import Cohort
from reporting.measures.period import Period
from tests import factories

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
JUNE = datetime(2026, 6, 3, 15, tzinfo=UTC)
ADDRESS = "/admin/reports/"
QUERY = "?period=days&from=2026-06-01&to=2026-06-30"
PAGES = ("", "time/", "breakdown/", "scorecards/", "referrals/")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def history(world):
    """One referral in every outcome, all captured in June."""
    for status in ("closed", "seen", "lost", "scheduled", "cancelled", "closed_without_note", "routed"):
        factories.referral(world, status, now=JUNE)


@pytest.fixture
def manager(client, db):
    client.force_login(factories.user("Manager"))
    return client


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_figures_and_without(manager, history, page):
    assert manager.get(f"{ADDRESS}{page}{QUERY}").status_code == 200
    empty = manager.get(f"{ADDRESS}{page}?period=days&from=2019-01-01&to=2019-01-31")
    assert empty.status_code == 200


def test_an_empty_period_says_so(manager):
    assert "No referrals in January 2019" in manager.get(f"{ADDRESS}?period=days&from=2019-01-01&to=2019-01-31").text


@pytest.mark.parametrize("page", [*PAGES, "figures.csv", "report.pdf", "referrals.csv", "specialists.xlsx"])
def test_who_may_not_see_reports_is_refused(client, world, page):
    assert client.get(f"{ADDRESS}{page}").status_code == 302  # to the sign-in
    client.force_login(factories.user("Directory editor"))
    assert client.get(f"{ADDRESS}{page}").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_changed_by_posting(manager, page):
    assert manager.post(f"{ADDRESS}{page}").status_code == 405


def test_links_of_the_overview_open_as_many_referrals_as_they_say(manager, history):
    """Some of them; all figures of all pages are held to it in ../opening.py."""
    page = manager.get(ADDRESS + QUERY).text
    links = re.findall(r'<a href="(/admin/reports/referrals/[^"]+)"[^>]*>(\d+)</a>', page)
    assert len(links) > 12
    for address, count in links[::5]:
        behind_it = manager.get(address.replace("&amp;", "&")).text
        assert f'<span class="rl-muted">{count}</span>' in behind_it, address


def test_figures_behind_every_name_are_as_many_as_the_figure(world, history):
    cohort = Cohort(Period.month(2026, 6))
    assumptions = current_assumptions()
    figures = figures_of(cohort, now=NOW, assumptions=assumptions)
    for word in behind.FIGURES:
        _, found = behind.referrals_behind(word, cohort, now=NOW, assumptions=assumptions)
        if hasattr(figures, word):
            assert found.count() == getattr(figures, word), word
    for one in breaks(cohort, now=NOW, assumptions=assumptions):
        _, found = behind.referrals_behind(behind.break_word(one), cohort, now=NOW, assumptions=assumptions)
        assert found.count() == one.count


@pytest.mark.parametrize("word", ["", "nothing", "aging-nowhere-1", "aging-unscheduled-99", "days-x", "break-1", "break-99-1",
                                  "days-99999999999", "break-1-²", "missed-receiving_office-none", "declined-payer-none",
                                  "declined-receiving_provider-1", "chased-0", "leg-x", "watched-99999", "break-1-"])  # fmt: skip
def test_a_figure_nobody_knows_is_not_found(manager, history, word):
    expected = 200 if word == "" else 404  # without a name: all of them
    assert manager.get(f"{ADDRESS}referrals/{QUERY}&figure={word}").status_code == expected


def test_aging_counts_open_referrals_whenever_captured(manager, history):
    word = behind.aging_word(Stage.UNSCHEDULED, 5)
    page = manager.get(f"{ADDRESS}referrals/?period=this-month&figure={word}").text
    assert "Open, unscheduled, over 90 days old" in page
    assert '<span class="rl-muted">1</span>' in page


def test_a_running_period_is_measured_by_the_days_that_have_passed(manager, world):
    """Hours a week of its 24 days so far; its dollars are no match for those of a whole month."""
    casey = factories.user()
    factories.referral(world, "lost", now=datetime(2026, 10, 6, 15, tzinfo=UTC))
    on = factories.referral(world, now=datetime(2026, 11, 3, 15, tzinfo=UTC))
    for _ in range(80):  # 8 hours
        contacts.log_contact(referral=on, actor=Actor.staff(casey), now=NOW, outcome="no_answer", party="patient")
    cards = {card.name: card for card in manager.get(f"{ADDRESS}?period=this-month").context["cards"]}
    assert cards["Coordinator hours a week"].cell.text == "2.3 h"  # not 1.9, of 30 days
    assert cards["Leakage"].trend == "−100.0 points" and cards["Revenue at risk"].trend == ""
    printed = pypdfium2.PdfDocument(manager.get(f"{ADDRESS}report.pdf?period=this-month").content)[0]
    assert "2.3 h" in printed.get_textpage().get_text_bounded()


def test_a_young_month_is_not_held_against_one_that_had_its_time(manager, world):
    for _ in range(3):
        factories.referral(world, "closed", now=datetime(2026, 10, 6, 15, tzinfo=UTC))
        factories.referral(world, now=NOW - timedelta(days=2))
    factories.referral(world, "lost", now=NOW - timedelta(days=2))
    page = manager.get(f"{ADDRESS}?period=this-month")
    cards = {card.name: card for card in page.context["cards"]}
    assert (cards["Loop closed"].trend, cards["Loop closed"].trend_is_good) == ("−100.0 points", None)
    assert cards["Loop closed"].badge == ("grey", "Too early to tell") and cards["Leakage"].badge[0] == "red"
    assert "75.0 % of these referrals are still in progress" in page.text
    assert page.context["months_notes"][-1] == "Still closing: Nov"
    assert "still in progress" not in manager.get(f"{ADDRESS}?period=last-month").text


def test_nothing_out_of_many_is_coloured_too(manager, world):
    """A specialty of which no loop was closed stands worst of all, and opens nothing."""
    for _ in range(2):
        factories.referral(world, "lost", now=JUNE)
    page = manager.get(f"{ADDRESS}breakdown/{QUERY}").text
    assert re.search(r'<span class="rl-badge rl-red"[^>]*>0.0 %<span class="rl-sronly">, no better than', page)


def test_the_report_as_pdf(manager, history, world):
    type(world.outside).objects.filter(pk=world.outside.pk).update(
        name="Cardiovascular Surgery of the Upper Lakes " * 2
    )
    response = manager.get(f"{ADDRESS}report.pdf{QUERY}&direction=outbound")
    assert response["Content-Disposition"].endswith('filename="refloop-report-2026-06.pdf"')
    text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(response.content))
    for words in (
        "Referrals of June 2026",
        "Only Direction: Outbound",
        "As it stands on November 24, 2026",
        "No better than without tracking",
    ):
        assert words in " ".join(text.split()), words
    assert re.search(r"Cardiovascular Surgery[\w ]*… 7 57\.1 %", text)  # a long name gives way to the figures
    patient = Referral.objects.first().patient
    assert patient.family_name not in text


def test_figures_as_csv_and_excel(manager, history):
    text = b"".join(manager.get(f"{ADDRESS}figures.csv{QUERY}").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["dimension"] == "all"
    assert rows[0]["cohort"] == "7"
    book = openpyxl.load_workbook(io.BytesIO(b"".join(manager.get(f"{ADDRESS}figures.xlsx{QUERY}").streaming_content)))
    assert book.active.cell(2, 4).value == 7


def test_more_than_an_excel_file_is_made_of_is_said_and_csv_has_them_all(manager, history, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_IN_EXCEL", 6)
    page = manager.get(f"{ADDRESS}referrals.xlsx{QUERY}&figure=cohort", follow=True)
    assert page.redirect_chain[0][0].startswith(f"{ADDRESS}referrals/{QUERY}")
    assert "More than 6 referrals: take the CSV file, or filter first." in page.text
    lines = b"".join(manager.get(f"{ADDRESS}referrals.csv{QUERY}&figure=cohort").streaming_content).splitlines()
    assert len(lines) == 1 + 7
    assert manager.get(f"{ADDRESS}referrals.xlsx{QUERY}&figure=closed").status_code == 200


def test_the_referrals_behind_a_figure_as_a_file_run_nothing(manager, world):
    factories.captured(world, now=JUNE, patient=factories.patient_data(family_name="=HYPERLINK(1)"))
    response = manager.get(f"{ADDRESS}referrals.csv{QUERY}&figure=cohort")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("table", ["outcomes", "funnel", "months", "breaks", "aging", "curve", "days", "legs", "specialists",
                                   "offices", "referrers", "coordinators"])  # fmt: skip
def test_every_table_as_a_file_of_numbers(manager, history, table):
    text = b"".join(manager.get(f"{ADDRESS}{table}.csv{QUERY}").streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert rows and {len(row) for row in rows} == {len(head)}
    assert not any("%" in cell for row in rows for cell in row)
    assert manager.get(f"{ADDRESS}{table}.xlsx{QUERY}").status_code == 200


def test_a_breakdown_row_leads_to_its_own_report(manager, history):
    page = manager.get(f"{ADDRESS}breakdown/{QUERY}&by=specialty&sort=leaked").text
    assert "Cardiology" in page
    assert "specialty=cardiology" in page
    assert manager.get(f"{ADDRESS}breakdown/{QUERY}&by=nothing&sort=nothing").status_code == 200


@pytest.mark.parametrize("file", ["figures.csv", "months.xlsx", "referrals.csv", "report.pdf"])
@pytest.mark.parametrize("typed", ["&specialty=alchemy", "&to=2026-05-01", "&period=ever"])
def test_a_file_is_of_what_was_asked_for_or_the_page_says_why_not(manager, history, file, typed):
    """A file of last month, or of all specialties, would pass for the one asked for."""
    answer = manager.get(f"{ADDRESS}{file}{QUERY}{typed}", follow=True)
    assert len(answer.redirect_chain) == 1 and 'role="alert"' in answer.text


def test_files_of_unknown_tables_and_kinds_are_not_found(manager):
    assert manager.get(f"{ADDRESS}nothing.csv").status_code == 404
    assert manager.get(f"{ADDRESS}figures.exe").status_code == 404


def test_queries_do_not_grow_with_referrals(manager, world, history, django_assert_max_num_queries):
    for _ in range(4):
        factories.referral(world, "seen", now=JUNE + timedelta(days=1))
    manager.get(ADDRESS + QUERY)
    for page, most in (("", 48), ("time/", 26), ("breakdown/", 26), ("scorecards/", 46), ("referrals/", 26)):
        with django_assert_max_num_queries(most):
            manager.get(f"{ADDRESS}{page}{QUERY}")


@pytest.mark.parametrize(("page", "listed"), [("referrals/", 7), ("cms50/", None), ("", 0), ("scorecards/", 0)])
def test_pages_that_list_patients_are_in_the_reading_log(manager, history, page, listed):
    manager.get(f"{ADDRESS}{page}{QUERY}&show=all")
    if listed == 0:
        assert not RecordRead.objects.exists()
        return
    read = RecordRead.objects.get()
    assert (read.way, read.what, read.about.split()[0]) == ("page", "list", f"reports/{page}")
    assert read.rows == listed or (listed is None and read.rows)


@pytest.mark.parametrize(
    "typed", ["specialty=%00", "payer=a%00b", "figure=break-3%0A-none", "from=%00", "by=%00&sort=%00"]
)
def test_characters_no_database_and_no_header_takes(manager, history, typed):
    for page in (*PAGES, "referrals.csv", "cms50/"):
        assert manager.get(f"{ADDRESS}{page}{QUERY}&{typed}").status_code in (200, 302, 404), page


def test_the_curve_says_nothing_of_days_nobody_was_watched(manager, world):
    """Captured 21 days ago: what is closed by day 30 is not known, and of the month before nothing is."""
    factories.referral(world, "routed", now=NOW - timedelta(days=21))
    page = manager.get(f"{ADDRESS}time/?period=days&from=2026-11-01&to=2026-11-30").text
    row = {
        day: re.search(rf'<th scope="row">{day}</th><td>(.+?)</td><td>(.+?)</td>', page, re.S).groups()
        for day in (21, 30)
    }
    said = {day: tuple(re.sub("<[^>]+>", "", cell).strip() for cell in cells) for day, cells in row.items()}
    assert said == {21: ("0.0 %", "–"), 30: ("–", "–")}


def test_a_month_of_the_overview_leads_to_its_own_report(manager, history):
    page = manager.get(f"{ADDRESS}?period=days&from=2026-06&to=2026-06&specialty=cardiology").text
    (address,) = re.findall(r'<a href="([^"]+)">Jun 2026</a>', page)
    assert "specialty=cardiology" in address
    assert "June 2026" in manager.get(address.replace("&amp;", "&")).text
