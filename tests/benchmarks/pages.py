"""Speed and queries of every page: ``REFLOOP_ENV=demo python -m tests.benchmarks.pages [--user grace] [--times 7]``.

Reads the data of the demo as ``manage.py demo`` made it, and asks for each page as ``user``, without a browser. Printed:
queries, median milliseconds, and how many times as long that is as the page to change one's password, which has
nothing of its own but the frame. Pages of more than 20 queries or 300 ms are marked."""

import argparse
import os
import statistics
import time

QUERIES, MILLISECONDS = 20, 300
FRAME = "password"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--user", default="grace")
    parser.add_argument("--times", type=int, default=7)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refloop_site.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client

    from tests.browser.pages import MAIN, MORE, REPORTS

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=options.user), backend="django.contrib.auth.backends.ModelBackend")
    pages = {name: address() for name, address in (MAIN | MORE | REPORTS).items()}
    asked = {name: _ask(client, address, options.times) for name, address in pages.items() if address}
    frame = asked[FRAME][1]
    for name, (queries, ms) in asked.items():
        mark = " *" if queries > QUERIES or ms > MILLISECONDS else ""
        print(f"{name:<20} {queries:>3} queries {ms:>6.0f} ms {ms / frame:>5.1f}x{mark}", flush=True)  # noqa: T201


def _ask(client, address: str, times: int) -> tuple[int, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)  # templates are read, statements put together
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    queries, took = len(captured), []
    for _ in range(times):
        began = time.perf_counter()
        client.get(address)
        took.append(time.perf_counter() - began)
    return queries, 1000 * statistics.median(took)


if __name__ == "__main__":
    main()
