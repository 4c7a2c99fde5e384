"""Take every page, wide and narrow, light and dark (with ``--paper`` also as it prints), from a server that runs (such as the demo's):

    python -m tests.browser.screenshots DIR --url http://127.0.0.1:8000 --user grace

with the environment of that server, whose database says which rows there are. ``--axe`` also reports faults of WCAG A/AA.
"""

import argparse
import os
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refloop_site.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import User
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS, CHROMIUM, session_of
    from tests.browser.faults import faults_of
    from tests.browser.pages import MAIN, MORE, REPORTS, SIGNED_OUT

    folder, found = Path(options.folder), 0
    folder.mkdir(parents=True, exist_ok=True)
    pages = {name: address() for name, address in (SIGNED_OUT | MAIN | MORE | REPORTS).items()}
    wanted = {
        name: address for name, address in pages.items() if address and (not options.only or name in options.only)
    }
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": session_of(User.objects.get(username=options.user)),
        "url": options.url,
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for width in options.widths:
            for scheme in ("light", "dark", "paper")[: 3 if options.paper else 2]:
                context = browser.new_context(
                    viewport={"width": width, "height": 900},
                    color_scheme="dark" if scheme == "dark" else "light",
                    base_url=options.url,
                )
                for name, address in wanted.items():
                    context.clear_cookies()
                    if name not in SIGNED_OUT:
                        context.add_cookies([cookie])
                    page = context.new_page()
                    if scheme == "paper":
                        page.emulate_media(media="print")
                    page.goto(address, wait_until="networkidle")
                    page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=options.full)
                    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    said = [f"wider than the window by {wide} px"] if wide > 0 else []
                    said += faults_of(page) if options.axe else []
                    for fault in said:
                        sys.stdout.write(f"{name} {width} {scheme}: {fault}\n")
                    found += len(said)
                    page.close()
                context.close()
        browser.close()
    sys.stdout.write(f"{len(wanted)} pages in {folder}; {found} faults\n")
    return 1 if found else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.browser.screenshots", description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="grace", help="whose pages")
    parser.add_argument("--only", nargs="*", default=[], help="names of pages")
    parser.add_argument("--widths", nargs="*", type=int, default=[1440, 390])
    parser.add_argument("--full", action="store_true", help="the whole page, not only the window")
    parser.add_argument("--paper", action="store_true", help="also as it prints")
    parser.add_argument("--axe", action="store_true", help="report faults of WCAG A and AA as well")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
