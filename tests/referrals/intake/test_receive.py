"""Bytes are checked, named by content and stored once."""

import pytest
from django.core.files.storage import default_storage

from referrals.errors import InvalidInput
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
