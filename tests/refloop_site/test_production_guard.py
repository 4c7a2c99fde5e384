"""Production refuses to start on an unsafe value, one by one and in the real settings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from refloop_site.production_guard import refuse_unsafe

ROOT = Path(__file__).resolve().parents[2]
GOOD_SECRET = "k7Qd2vX9mPz4Lr8TnB6wYc3HsJ5fGa1eUoViRqNtMbEgKlZxWy"
SAFE = {
    "secret_key": GOOD_SECRET,
    "allowed_hosts": ["refloop.example.org"],
    "debug": False,
    "cookies_over_https_only": True,
}


def test_safe_values_pass():
    assert refuse_unsafe(**SAFE) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"secret_key": ""}, "SECRET_KEY"),
        ({"secret_key": GOOD_SECRET[:49]}, "SECRET_KEY"),
        ({"secret_key": "ab" * 40}, "SECRET_KEY"),
        ({"secret_key": "not-a-secret-" + GOOD_SECRET}, "SECRET_KEY"),
        ({"allowed_hosts": []}, "ALLOWED_HOSTS"),
        ({"allowed_hosts": ["*"]}, "ALLOWED_HOSTS"),
        ({"allowed_hosts": ["refloop.example.org", " "]}, "ALLOWED_HOSTS"),
        ({"debug": True}, "DEBUG"),
        ({"cookies_over_https_only": False}, "REFLOOP_HTTPS"),
    ],
)
def test_each_unsafe_value_is_refused_by_name(change, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        refuse_unsafe(**SAFE | change)


def test_all_problems_are_told_at_once():
    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_unsafe(secret_key="", allowed_hosts=[], debug=True, cookies_over_https_only=False)
    assert all(name in str(refused.value) for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "REFLOOP_HTTPS"))


def load_settings(tmp_path, **environment: str) -> subprocess.CompletedProcess:
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import refloop_site.settings"],
        cwd=ROOT,
        env=keep | {"REFLOOP_DATA_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_is_the_default_and_refuses_to_start_bare(tmp_path):
    refused = load_settings(tmp_path)
    assert refused.returncode != 0
    assert "RefLoop will not start in production" in refused.stderr


def test_production_starts_with_what_the_readme_names(tmp_path):
    started = load_settings(tmp_path, SECRET_KEY=GOOD_SECRET, ALLOWED_HOSTS="refloop.example.org")
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize("name", ["prod", "staging", "Demo", ""])
def test_an_unknown_environment_is_treated_as_production(tmp_path, name):
    assert load_settings(tmp_path, REFLOOP_ENV=name).returncode != 0
