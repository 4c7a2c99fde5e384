"""Run many real processes against the test database at once.

``run`` starts ``python -m tests.concurrency.worker`` for each job, lets them all go at one instant, and returns what
each printed as JSON."""

import json
import os
import subprocess
import sys
import time

from django.conf import settings
from django.db import connection

GET_READY = 4.0  # seconds every process has to start before all begin


def run(jobs: list[dict], *, timeout: float = 120) -> list[dict]:
    """The JSON answer of every job, in order; raises when a process failed."""
    start_at = time.time() + GET_READY + 0.15 * len(jobs)
    environment = os.environ | {
        "DATABASE_URL": test_database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "LOG_LEVEL": "ERROR",
    }
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.worker", json.dumps(job | {"start_at": start_at})],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for job in jobs
    ]
    answers = []
    for process in running:
        out, err = process.communicate(timeout=timeout)
        assert process.returncode == 0, err[-3000:]
        answers.append(json.loads(out.splitlines()[-1]))
    return answers


def test_database_url() -> str:
    """The address of the database this test run uses (test_… made by Django)."""
    at = connection.settings_dict
    password = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    return f"postgres://{at['USER']}{password}@{at['HOST'] or '127.0.0.1'}:{at['PORT'] or 5432}/{at['NAME']}"


test_database_url.__test__ = False
