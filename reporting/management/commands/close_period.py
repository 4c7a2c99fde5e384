"""``manage.py close_period``: close a month, reopen it, or say what is closed."""

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize
from django.utils import timezone

from referrals.errors import InvalidInput
from reporting.measures.period import Period
from reporting.models import PeriodClose
from reporting.periods import closing, moved
from reporting.periods.due import due

BY = "operator"


class Command(BaseCommand):
    help = (
        "Freeze the figures and rows of a month and tell the managers. The queue does it by itself on the second business "
        "day; without --month, whatever is due is closed now."
    )

    def add_arguments(self, parser):
        parser.add_argument("--month", help="Such as 2026-10.")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--reopen", metavar="REASON", help="Open the month again; its closed figures are kept.")
        what.add_argument("--list", action="store_true", help="Only say what is closed.")
        what.add_argument("--moved", action="store_true", help="Say what moved about the closed month since.")

    def handle(self, **options):
        now = timezone.now()
        if options["list"]:
            self._list()
            return
        try:
            if options["month"] is None:
                if options["reopen"] is not None or options["moved"]:
                    raise CommandError("Say which: --month 2026-10.")
                months = due(now)
                for period in months:
                    self._say_closed(closing.close(period=period, by=BY, now=now))
                if not months:
                    self.stdout.write("No month is due.")
                return
            period = Period.read(options["month"], options["month"])
            if options["reopen"] is None and not options["moved"]:
                self._say_closed(closing.close(period=period, by=BY, now=now))
                return
            closed = closing.standing(period)
            if closed is None:
                raise CommandError(f"{period} is not closed.")
            if options["moved"]:
                self._say_moved(closed, now)
            else:
                closing.reopen(closed=closed, because=options["reopen"], by=BY, now=now)
                self.stdout.write(f"{period} is open again.")
        except InvalidInput as refused:
            raise CommandError(" ".join(says for _, says in refused.fields)) from None

    def _say_closed(self, closed: PeriodClose) -> None:
        count = closed.figures["total"]["counts"]["cohort"]
        self.stdout.write(
            f"{closed.period} is closed with {count:,} referral{pluralize(count)}; the managers are told."
        )

    def _list(self) -> None:
        for one in PeriodClose.objects.all():
            state = "closed" if one.stands else f"reopened: {one.reopened_because}"
            self.stdout.write(f"{one.key}  {one.closed_at:%Y-%m-%d}  by {one.closed_by}  {state}")

    def _say_moved(self, closed: PeriodClose, now) -> None:
        since = moved.since(closed, now=now)
        for change in since.changes:
            self.stdout.write(f"{change.name:32} {change.closed:>12} {change.now:>12}  {change.difference}")
        self.stdout.write(f"Referrals moved since: {since.count}; added: {since.added}.")
