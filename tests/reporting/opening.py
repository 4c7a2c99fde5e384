"""Every figure of the reports pages opens exactly as many referrals as it counts."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any

from django.test import RequestFactory

from referrals.actions import answering, contacts, scheduling
from referrals.lifecycle.actor import Actor
from referrals.models import Coordinator, Referral
from reporting.dashboard import behind, figures_page, parts_page, people_page, time_page
from reporting.dashboard.asking import Asked, read
from reporting.dashboard.tables import Cell
from reporting.measures.assumptions import Assumptions
from reporting.measures.period import Period
from tests import factories

PAGES = (figures_page, time_page, parts_page, people_page)


def all_of_it(world: factories.World, period: Period, *, now: datetime) -> set[str]:
    """The kinds of figures that were opened. ``period`` has referrals of all kinds."""
    period, opened = f"period=days&from={period.first}&to={period.last}", set()
    for pages, more in (
        (PAGES, "by=payer"),
        (PAGES[1:], f"by=specialty&receiving_office={world.outside.npi},none&direction=outbound"),
    ):
        for figure, cell in figures_of(pages, f"{period}&{more}", now):
            asked = at(cell.query, now)
            assert asked.problems == ()
            _, found = behind.referrals_behind(figure, asked.cohort, now=now, assumptions=Assumptions())
            assert found.count() == cell.count > 0, (cell.text, cell.query)
            opened.add(figure.split("-")[0])
    return opened


def at(query: str, now: datetime) -> Asked:
    return read(RequestFactory().get(f"/?{query}"), now=now, keeps=("figure", "by", "sort"))


def figures_of(pages: tuple, query: str, now: datetime) -> Iterator[tuple[str, Cell]]:
    """(name of the figure, cell), each once."""
    shown = [page.content(at(query, now), now=now, assumptions=Assumptions()) for page in pages]
    for cell in {(cell.query, cell.count): cell for cell in cells(shown)}.values():
        assert bool(cell.query) == bool(cell.count), cell
        if cell.query:
            yield at(cell.query, now).view["figure"], cell


def cells(shown: Any) -> Iterator[Cell]:
    """Of everything a page is given."""
    if isinstance(shown, Cell):
        yield shown
    elif isinstance(shown, dict):
        yield from cells(list(shown.values()))
    elif isinstance(shown, list | tuple):
        for one in shown:
            yield from cells(one)
    elif is_dataclass(shown):
        yield from cells([getattr(shown, field.name) for field in fields(shown)])


def chase_ask_and_miss(world: factories.World, *, now: datetime) -> None:
    """What histories seldom have: calls by somebody with a sign-in, a question back, two visits of a referral missed."""
    user = factories.user("Coordinator")
    Coordinator.objects.filter(pk=world.coordinator.pk).update(user=user)
    for on in [*Referral.objects.filter(ended_at=None)[:3]] * 2:
        contacts.log_contact(referral=on, actor=Actor.staff(user), now=now, outcome="no_answer")
    system = {"actor": factories.SYSTEM}
    answering.request_information(referral=factories.referral(world, now=now), question="Which?", now=now, **system)
    on = factories.referral(world, now=now)
    for hours in (1, 3):
        booked = now + timedelta(hours=hours)
        on = scheduling.book(referral=on, now=booked, starts_at=booked, **system)
        on = scheduling.no_show(referral=on, now=booked + timedelta(hours=1), **system)
