"""Print or write docs/lifecycle.md."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from referrals.lifecycle.diagram import lifecycle_page

PAGE = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"


class Command(BaseCommand):
    help = "Print the lifecycle of a referral as Markdown with a diagram, made from the transition table."

    def add_arguments(self, parser):
        parser.add_argument("--write", action="store_true", help="Write docs/lifecycle.md instead of printing.")

    def handle(self, *args, write: bool, **options):
        if write:
            PAGE.write_text(lifecycle_page(), encoding="utf-8")
            self.stderr.write(f"Wrote {PAGE}")
        else:
            self.stdout.write(lifecycle_page(), ending="")
