"""The reader and the watcher of a folder show that they live, and a file that is stuck makes the watcher fall silent."""

import signal

import pytest
from django.core.management import call_command
from django.utils import timezone

from referrals import clockwork
from referrals.intake import folder as folder_module
from referrals.management.commands import process_documents, watch_inbox
from tests.factories import note_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch):
    """The commands close connections that are old; here it holds the test's transaction."""
    for command in (process_documents, watch_inbox):
        monkeypatch.setattr(command, "close_old_connections", lambda: None)


@pytest.fixture(autouse=True)
def _signals_as_before():
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_reader(capsys):
    call_command("process_documents")
    assert clockwork.last_beat(clockwork.READER) is not None


def test_a_watcher(tmp_path, capsys):
    (tmp_path / "a.txt").write_bytes(note_bytes())
    call_command("watch_inbox", tmp_path, once=True, every=0.01)
    assert clockwork.last_beat(clockwork.INBOX) is not None
    assert "1 file taken" in capsys.readouterr().out


def test_a_watcher_with_a_file_that_is_stuck(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError("no room on the disk")

    folder = folder_module.Folder(tmp_path)
    (tmp_path / "a.txt").write_bytes(note_bytes())
    monkeypatch.setattr(folder_module, "take_in", fail)
    assert [folder.look(now=timezone.now()) for _ in range(2)] == [0, 0]
    assert folder.stuck == 1


def test_life_is_noted_now_and_then(django_assert_num_queries):
    beats = clockwork.Beats(clockwork.READER)
    beats.beat(now=timezone.now())
    with django_assert_num_queries(0):
        beats.beat(now=timezone.now())
