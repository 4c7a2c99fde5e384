"""``manage.py serve``: all programs run, and none ever outlives the others or their parent."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from refloop_site.serving import PARTS, Serving

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc"),
]
PATIENCE = 30.0  # seconds


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """A migrated installation of its own on SQLite."""
    inherited = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    folder = tmp_path_factory.mktemp("serve")
    environment = inherited | {"REFLOOP_ENV": "development", "REFLOOP_DATA_DIR": str(folder), "LOG_LEVEL": "WARNING"}
    (folder / "static").mkdir()
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True, timeout=120)
    return environment


@pytest.fixture
def serving(environment) -> Iterator[tuple[subprocess.Popen, int]]:
    """A running server that answers, and its port; whatever is left of it is killed afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port), "--stop-seconds", "10"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    known: set[int] = set()
    try:
        wait_for(lambda: answers(port))
        wait_for(lambda: len(descendants(server.pid)) >= 7)  # web + worker, queue + sentinel + workers, messages
        known = descendants(server.pid)
        yield server, port
    finally:
        for pid in {server.pid, *known, *descendants(server.pid)}:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)
        server.wait()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_for(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "took too long"
        time.sleep(0.1)


def parents() -> dict[int, int]:
    """Parent by process, without zombies."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state not in "ZX":
                found[int(entry.name)] = int(parent)
    return found


def descendants(pid: int) -> set[int]:
    parent_of, found, size = parents(), {pid}, 0
    while len(found) > size:
        size = len(found)
        found |= {child for child, parent in parent_of.items() if parent in found}
    return found - {pid}


def is_alive(pid: int) -> bool:
    return pid in parents()


def test_sigterm_stops_everything(serving):
    server, port = serving
    family = descendants(server.pid)
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=PATIENCE) == 0
    assert not [pid for pid in family if is_alive(pid)]
    assert not answers(port)


def test_ctrl_c_stops_everything(serving):
    server, _ = serving
    family = descendants(server.pid)
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=PATIENCE) == 0
    assert not [pid for pid in family if is_alive(pid)]


def test_killing_the_parent_leaves_no_orphans(serving):
    server, _ = serving
    family = descendants(server.pid)
    server.kill()
    server.wait()
    wait_for(lambda: not [pid for pid in family if is_alive(pid)])


@pytest.mark.parametrize("program", ["gunicorn", "qcluster", "dispatch_messages"])
def test_when_one_program_dies_all_ends_with_an_error(serving, program):
    server, _ = serving
    family = descendants(server.pid)
    children = [pid for pid, parent in parents().items() if parent == server.pid]
    victim = next(pid for pid in children if program in Path(f"/proc/{pid}/cmdline").read_text())
    os.kill(victim, signal.SIGKILL)
    assert server.wait(timeout=PATIENCE) == 1
    wait_for(lambda: not [pid for pid in family if is_alive(pid)])
    assert "ended by itself" in server.stderr.read()


def test_a_database_behind_the_code_is_refused(environment, tmp_path):
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", "0"]
    for options, expected in ((["--port", "0"], "--port"), (["--port", "18765"], "migrate")):
        refused = subprocess.run(
            [*command[:3], *options],
            env=environment | {"REFLOOP_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert refused.returncode == 1
        assert expected in refused.stderr


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        (PARTS, ["web", "queue", "messages", "documents"]),
        (("messages",), ["messages"]),
        (("queue", "web"), ["web", "queue"]),
    ],
)
def test_parts_may_be_left_out(parts, names):
    assert [program.name for program in Serving("127.0.0.1", 8000, parts=parts).programs()] == names


def test_an_inbox_folder_is_watched_when_one_is_set(settings, tmp_path):
    settings.REFLOOP_INBOX_FOLDER = str(tmp_path)
    serving = Serving("127.0.0.1", 8000, parts=("documents", "inbox"))
    assert [program.command[-2:] for program in serving.programs()][1] == ["watch_inbox", str(tmp_path)]
    assert serving.why_not() == ""


def test_a_folder_that_cannot_be_watched_is_told_before_anything_starts(settings, tmp_path):
    only_inbox = Serving("127.0.0.1", 8000, parts=("inbox",))
    assert only_inbox.why_not() == "Set REFLOOP_INBOX_FOLDER to the folder to watch."
    settings.REFLOOP_INBOX_FOLDER = str(tmp_path / "none")
    assert "is not there. Make it" in only_inbox.why_not()
    assert Serving("127.0.0.1", 8000, parts=("documents",)).why_not() == ""
