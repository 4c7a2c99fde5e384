"""Bytes are checked, named by content and stored once."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from referrals.errors import InvalidInput
from referrals.intake import storage
from referrals.intake.receive import store


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("note.pdf", "note.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\scans\\fax 12.exe", "fax 12.pdf"),
        ("\x00\x01", "document.pdf"),
        ("a" * 300, "a" * 90 + ".pdf"),
    ],
)
def test_the_name_is_only_for_show(name, shown):
    assert store(b"%PDF-1.4", filename=name).filename == shown


def test_the_same_bytes_are_stored_once():
    first, second = store(b"%PDF-1.4 a", filename="a.pdf"), store(b"%PDF-1.4 a", filename="b.pdf")
    assert first.name == second.name
    assert default_storage.open(first.name).read() == b"%PDF-1.4 a"


def test_empty_oversized_and_unknown_files_are_refused(settings):
    settings.DOCUMENT_MAX_BYTES = 1024**2
    for content, message in (
        (b"", "empty"),
        (b"%PDF-" + b"x" * 1024**2, "larger than 1 MB"),
        (b"MZ\x00\x00", "not taken"),
    ):
        with pytest.raises(InvalidInput, match=message):
            store(content, filename="x")


def test_a_writer_killed_half_way_leaves_nothing_under_the_name(monkeypatch):
    def killed(path):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(storage, "_to_disk", killed)
        with pytest.raises(KeyboardInterrupt):
            store(b"%PDF-1.4 whole", filename="a.pdf")
    (left,) = [path for path in Path(default_storage.location).rglob("*") if path.is_file()]
    assert left.suffix == ".part"
    stored = store(b"%PDF-1.4 whole", filename="a.pdf")
    assert default_storage.open(stored.name).read() == b"%PDF-1.4 whole"


def test_a_stored_file_that_was_cut_short_is_mended_when_it_comes_again():
    stored = store(b"%PDF-1.4 whole", filename="a.pdf")
    Path(default_storage.path(stored.name)).write_bytes(b"%PDF-1")
    assert store(b"%PDF-1.4 whole", filename="a.pdf").name == stored.name
    assert default_storage.open(stored.name).read() == b"%PDF-1.4 whole"
