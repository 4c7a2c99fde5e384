"""The feed never passes an event whose transaction is still running."""

import threading
import time

import pytest
from django.db import connection, transaction

from referrals.actions import contacts
from referrals.feed import page_after
from referrals.models import ReferralEvent
from tests import factories


def page_once_others_are_done(cursor: str, *, holding: int):
    """The next page, once it holds that many. Transactions are numbered for the whole server: one of another database that
    still runs holds the feed back as well, for as long as it runs."""
    for _ in range(300):
        page = page_after(ReferralEvent.objects.all(), cursor, reader="test", limit=100)
        if len(page.events) >= holding:
            return page
        time.sleep(0.1)
    raise AssertionError("the feed stood still for 30 seconds")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_slow_writer_is_not_skipped():
    world = factories.make_world()
    slow, fast = (factories.referral(world, "accepted") for _ in range(2))
    cursor = page_once_others_are_done("", holding=ReferralEvent.objects.count()).next_cursor
    wrote, may_commit = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            contacts.comment_on(referral=slow, actor=factories.SYSTEM, now=factories.NOW, text="slow")
            wrote.set()
            may_commit.wait(10)
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    wrote.wait(10)
    contacts.comment_on(referral=fast, actor=factories.SYSTEM, now=factories.NOW, text="fast")
    early = page_after(ReferralEvent.objects.all(), cursor, reader="test", limit=100)
    assert early.events == [], "the fast event has a later place than one that is still being written"
    may_commit.set()
    writer.join()
    late = page_once_others_are_done(early.next_cursor, holding=2)
    assert [event.data["text"] for event in late.events] == ["slow", "fast"]
    assert not page_after(ReferralEvent.objects.all(), late.next_cursor, reader="test", limit=100).events
