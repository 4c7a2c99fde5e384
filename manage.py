#!/usr/bin/env python3
"""RefLoop's command line: ``python manage.py <command>``."""

import os
import sys


def main() -> None:
    # The demo is a development installation by definition; everything else defaults to production,
    # which refuses to start on unsafe settings.
    if len(sys.argv) > 1 and sys.argv[1] == "demo":
        os.environ.setdefault("REFLOOP_ENV", "demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refloop_site.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed for this Python. Run the set-up command in README.md first."
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
