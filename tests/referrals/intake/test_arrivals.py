"""Documents come in once, whatever way and however often."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from referrals.errors import InvalidInput
from referrals.intake import arrivals
from referrals.intake import folder as folder_module
from referrals.intake.arrivals import Sender, same_id_before, take_in
from referrals.intake.folder import Folder
from referrals.models import Arrival, IncomingDocument
from tests.factories import NOW, note_bytes

pytestmark = pytest.mark.django_db
DESK = Sender("upload", "user:1", "Casey Jones")
WIRE = Sender("hl7", "office:7", "Capitol Heart Center")


def taken(content=b"Dear Dr. Osei, ...", *, sender=DESK, **values):
    return take_in(content, filename=values.pop("filename", "note.txt"), sender=sender, now=NOW, **values)


def test_the_same_bytes_are_one_document_and_each_arrival_is_kept():
    first, again = taken(), taken(sender=WIRE, filename="other name.txt")
    assert (first.created, again.created) == (True, False)
    assert again.document == first.document
    assert first.document.state == "waiting"
    assert [a.received_from for a in first.document.arrivals.all()] == ["Casey Jones", "Capitol Heart Center"]


def test_a_sender_who_repeats_itself_adds_nothing():
    taken(sender=WIRE, source_id="MSG1")
    taken(sender=WIRE, source_id="MSG1")
    assert Arrival.objects.count() == 1


def test_an_id_used_for_other_bytes_loses_nothing_and_is_told():
    first = taken(b"one", sender=WIRE, source_id="MSG1").arrival
    second = taken(b"two", sender=WIRE, source_id="MSG1").arrival
    assert IncomingDocument.objects.count() == 2
    assert not same_id_before([first])
    assert same_id_before([second])


def test_unknown_kinds_are_refused_or_kept_for_a_person():
    with pytest.raises(InvalidInput):
        taken(b"\xd0\xcf\x11\xe0\x00\x00\x00\x00")
    kept = taken(b"\xd0\xcf\x11\xe0\x00\x00\x00\x00", keep_unknown=True, filename="note.doc").document
    assert (kept.state, kept.content_type) == ("review", "application/octet-stream")
    assert kept.error == "RefLoop cannot read this kind of file."


def names(folder: Folder) -> list[str]:
    """What is in done and rejected."""
    return sorted(path.name for path in folder.path.glob("*/2026-11-04/*"))


def killed(*_):
    raise KeyboardInterrupt


def but_not(name: str, function):
    def refuse(file, *args, **values):
        if name in (getattr(file, "name", ""), values.get("filename")):
            raise PermissionError
        return function(file, *args, **values)

    return refuse


class TestFolder:
    @pytest.fixture
    def folder(self, tmp_path):
        return Folder(tmp_path)

    def test_a_file_is_taken_when_it_stands_still(self, folder):
        file = folder.path / "fax 17.txt"
        file.write_bytes(note_bytes())
        assert folder.look(now=NOW) == 0
        file.write_bytes(note_bytes("more"))  # still being written
        assert folder.look(now=NOW) == 0
        assert folder.look(now=NOW) == 1
        assert not file.exists()
        assert (folder.path / "done" / "2026-11-04" / "fax 17.txt").exists()
        assert IncomingDocument.objects.get().arrivals.get().source == "folder"
        assert folder.look(now=NOW) == 0

    def test_a_crash_before_the_move_takes_the_same_file_again_as_the_same_arrival(self, folder, monkeypatch):
        (folder.path / "a.txt").write_bytes(note_bytes())
        folder.look(now=NOW)
        with monkeypatch.context() as patched:
            patched.setattr(Folder, "_move", lambda *_, **__: None)
            folder.look(now=NOW)
        folder.look(now=NOW)
        assert Arrival.objects.count() == 1
        assert not (folder.path / "a.txt").exists()

    def test_names_that_come_again_are_numbered(self, folder):
        for _ in range(2):
            (folder.path / "scan.txt").write_bytes(note_bytes())
            folder.look(now=NOW)
            folder.look(now=NOW)
        assert sorted(p.name for p in (folder.path / "done").rglob("*.txt")) == ["scan-2.txt", "scan.txt"]
        assert IncomingDocument.objects.count() == 2

    def test_an_empty_file_waits_and_is_then_rejected_with_the_reason(self, folder):
        file = folder.path / "empty.pdf"
        file.touch()
        os.utime(file, (time.time(), NOW.timestamp()))
        folder.look(now=NOW)
        assert folder.look(now=NOW) == 0
        os.utime(file, (time.time(), NOW.timestamp() - 3600))
        folder.look(now=NOW)
        assert folder.look(now=NOW) == 1
        reason = folder.path / "rejected" / "2026-11-04" / "empty.pdf.reason.txt"
        assert reason.read_text() == "The file is empty.\n"
        assert not IncomingDocument.objects.exists()

    def test_a_crash_before_a_rejected_file_is_moved_loses_neither_file_nor_reason(self, folder, settings, monkeypatch):
        settings.DOCUMENT_MAX_BYTES = 3
        (folder.path / "large.txt").write_bytes(b"large")
        folder.look(now=NOW)
        with monkeypatch.context() as patched:
            patched.setattr(Path, "rename", killed)
            with pytest.raises(KeyboardInterrupt):
                folder.look(now=NOW)
        folder.look(now=NOW)
        assert names(folder) == ["large.txt", "large.txt.reason.txt"]

    def test_a_sender_who_goes_on_writing_after_a_pause_loses_nothing(self, folder):
        with (folder.path / "fax.txt").open("wb") as file:
            file.write(b"page one of ")
            file.flush()
            folder.look(now=NOW)
            assert folder.look(now=NOW) == 1  # too early
            file.write(b"two, and page two")
        assert folder.look(now=NOW) == 0
        assert folder.look(now=NOW) == 1
        whole = IncomingDocument.objects.get(size=29)
        assert whole.file.read() == b"page one of two, and page two"
        assert names(folder) == ["fax.txt"]

    def test_a_file_nobody_may_read_is_rejected_after_a_minute_and_holds_up_no_other(self, folder, monkeypatch):
        for name in ("a.txt", "b.txt"):
            (folder.path / name).write_bytes(note_bytes())
            os.utime(folder.path / name, (NOW.timestamp(), NOW.timestamp() - 10))
        monkeypatch.setattr(folder_module, "_opened", but_not("a.txt", folder_module._opened))
        folder.look(now=NOW)
        assert folder.look(now=NOW) == 1
        assert folder.look(now=NOW + timedelta(minutes=2)) == 1
        assert names(folder) == ["a.txt", "a.txt.reason.txt", "b.txt"]

    def test_storage_that_cannot_be_written_rejects_nothing(self, folder, monkeypatch):
        (folder.path / "a.txt").write_bytes(note_bytes())
        folder.look(now=NOW)
        with monkeypatch.context() as patched:
            patched.setattr(arrivals, "store", but_not("a.txt", arrivals.store))
            assert folder.look(now=NOW + timedelta(hours=1)) == 0
        assert folder.look(now=NOW + timedelta(hours=1)) == 1

    @pytest.mark.parametrize("name", [b"not \xff\xfe text.txt", b"two\nlines.txt", b"a" * 250, b"b." + b"c" * 240])
    def test_odd_names_end_in_done_as_well(self, folder, name):
        for _ in range(2):
            with open(os.path.join(os.fsencode(folder.path), name), "wb") as file:
                file.write(note_bytes())
            folder.look(now=NOW)
            assert folder.look(now=NOW) == 1
        assert len(names(folder)) == 2

    def test_a_link_or_pipe_that_took_a_files_place_is_not_followed(self, folder):
        (folder.path / "link.txt").symlink_to("/etc/hostname")
        os.mkfifo(folder.path / "pipe.txt")
        with pytest.raises(OSError):
            folder_module._opened(folder.path / "link.txt")
        folder_module._opened(folder.path / "pipe.txt").close()  # does not wait for a writer

    def test_what_is_no_document_of_ours_is_left_alone(self, folder):
        (folder.path / "half.pdf.part").write_bytes(b"x")
        (folder.path / ".hidden").write_bytes(b"x")
        (folder.path / "sub").mkdir()
        (folder.path / "link.txt").symlink_to("/etc/hostname")
        folder.look(now=NOW)
        assert folder.look(now=NOW) == 0
        assert len(list(folder.path.iterdir())) == 4
