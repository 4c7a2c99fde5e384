"""Sweep by hand: what the queue does every minute."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from referrals import clockwork
from referrals.lifecycle import stalls


class Command(BaseCommand):
    help = "Act on every referral whose next look is due: nudges, alerts, note requests. Safe to run at any time."

    def handle(self, *args, **options):
        swept = stalls.sweep(now=timezone.now())
        clockwork.beat(clockwork.SWEEP, now=timezone.now())
        self.stdout.write(
            f"{swept.escalated} escalated, {swept.missed} rungs missed while nobody looked, {swept.failed} set aside"
        )
