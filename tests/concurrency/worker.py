"""One process of a concurrency test: ``python -m tests.concurrency.worker '{"task": …, "start_at": …}'``."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from referrals.actions import contacts  # noqa: E402
from referrals.errors import StaleVersion  # noqa: E402
from referrals.models import Referral  # noqa: E402
from tests import factories  # noqa: E402


def log_contacts(job: dict) -> dict:
    """Keep trying to write the version after the one just read; which versions this process won."""
    won, stale = [], 0
    while len(won) < job["wins"]:
        version = Referral.objects.values_list("version", flat=True).get(pk=job["referral"])
        try:
            contacts.log_contact(
                referral=job["referral"], actor=factories.SYSTEM, now=factories.NOW, outcome="no_answer",
                expected_version=version,
            )  # fmt: skip
            won.append(version + 1)
        except StaleVersion:
            stale += 1
    return {"won": won, "stale": stale}


def create(job: dict) -> list[dict]:
    """POST one create ``times`` times at once, each in a thread and connection of its own; status and body of each."""
    headers = {"Authorization": f"Bearer {job['token']}"} | ({"Idempotency-Key": job["key"]} if job["key"] else {})

    def post(_: int) -> dict:
        response = Client(SERVER_NAME="localhost").post(
            "/api/v1/referrals/", data=json.dumps(job["body"]), content_type="application/json", headers=headers
        )
        connection.close()
        return {"status": response.status_code, "body": response.json()}

    with ThreadPoolExecutor(job["times"]) as pool:
        return list(pool.map(post, range(job["times"])))


def main() -> None:
    job = json.loads(sys.argv[1])
    connection.ensure_connection()
    time.sleep(max(0.0, job["start_at"] - time.time()))
    print(json.dumps({"log_contacts": log_contacts, "create": create}[job["task"]](job)))  # noqa: T201


if __name__ == "__main__":
    main()
