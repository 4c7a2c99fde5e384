"""``manage.py demo`` as somebody runs it: made once, used again, made anew when half done, refused when it cannot work."""

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.sqlite
SMALL = ("--months", "1", "--per-month", "6")


def demo(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess:
    inherited = {
        k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REFLOOP_ENV", "DJANGO_SETTINGS_MODULE"}
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "demo", *options],
        env=inherited | {"REFLOOP_DATA_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def first(folder) -> subprocess.CompletedProcess:
    return demo(folder, *SMALL, "--no-serve")


def signs(output: str) -> list[str]:
    """The lines with passwords and tokens."""
    return [line for line in output.splitlines() if "rlk_" in line or "Coordinator" in line]


def test_first_run_makes_the_data(first, folder):
    assert first.returncode == 0, first.stderr
    assert "6 referrals made" in first.stdout
    assert "/api/docs/" in first.stdout
    assert len(signs(first.stdout)) == 6  # two coordinators, three tokens, the curl line
    assert "referral changed" not in first.stderr  # no log line for each change


def test_secrets_and_data_are_private(first, folder):
    assert stat.S_IMODE((folder / "access.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_second_run_uses_the_data_and_prints_the_same_secrets(first, folder):
    again = demo(folder, *SMALL, "--no-serve")
    assert again.returncode == 0, again.stderr
    assert "Using the demo data" in again.stdout
    assert signs(again.stdout) == signs(first.stdout)


def test_other_options_need_reset(first, folder):
    refused = demo(folder, "--months", "2", "--no-serve")
    assert refused.returncode == 1
    assert "--reset" in refused.stderr


@pytest.mark.parametrize("change", [{"first_number": ""}, {"format": 0}], ids=["interrupted", "earlier format"])
def test_a_set_that_is_not_whole_or_fits_no_more_is_made_anew(first, folder, change):
    mark = json.loads((folder / "demo.json").read_text())
    (folder / "demo.json").write_text(json.dumps(mark | change))
    anew = demo(folder, *SMALL, "--no-serve")
    assert anew.returncode == 0, anew.stderr
    assert "starting anew" in anew.stdout
    assert signs(anew.stdout) != signs(first.stdout)


def test_referrals_of_somebody_else_are_never_touched(first, folder, tmp_path):
    database = folder / "refloop.sqlite3"
    refused = demo(tmp_path / "other", "--reset", "--no-serve", DATABASE_URL=f"sqlite:///{database}")
    assert refused.returncode == 1
    assert "did not make" in refused.stderr
    assert database.is_file()


def test_port_in_use_is_said_before_the_work(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = demo(tmp_path / "new", "--port", str(port))
    assert refused.returncode == 1
    assert f"--port {port + 1}" in refused.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "options", [("--months", "0"), ("--months", "25"), ("--port", "0"), ("--port", "70000"), ("--per-month", "0")]
)
def test_senseless_options_are_refused(tmp_path, options):
    refused = demo(tmp_path / "new", *options)
    assert refused.returncode == 1
    assert options[0] in refused.stderr
    assert not (tmp_path / "new").exists()


def test_never_in_production(tmp_path):
    refused = demo(
        tmp_path / "new",
        "--no-serve",
        REFLOOP_ENV="production",
        SECRET_KEY="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP",
        ALLOWED_HOSTS="refloop.example.org",
    )
    assert refused.returncode == 1
    assert "REFLOOP_ENV=production" in refused.stderr
