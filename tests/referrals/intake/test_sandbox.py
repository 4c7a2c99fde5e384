"""Whatever a document does to its parser, the reader goes on."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from referrals.intake.sandbox import ROOT, Sandbox

CHILD = "tests.referrals.intake.hostile_child"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(program=CHILD, seconds=20) as made:
        yield made


def ask(sandbox, wish: str):
    return sandbox.read(wish.encode())


def test_reads_one_after_the_other_with_one_child(sandbox):
    assert ask(sandbox, "Grüße").readings[0]["text"] == "Grüße"
    first = sandbox._child.pid
    assert ask(sandbox, "again").readings[0]["text"] == "again"
    assert sandbox._child.pid == first


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ("unreadable", "It is no document."),
        ("mistake", "Reading it failed (KeyError)."),
        ("deep", "It is nested too deeply."),
        ("eat", "Reading it needs more memory than is allowed."),
        ("babble", "Reading it gave no sensible answer."),
        ("shout", "It says more than RefLoop takes. Send its documents one by one."),
        ("crash", "Reading it broke off: it needed too much memory, or the reader crashed on it."),
    ],
)
def test_trouble_is_an_answer_and_the_next_document_is_read(sandbox, wish, error):
    assert ask(sandbox, wish).error == error
    assert ask(sandbox, "next").readings[0]["text"] == "next"


@pytest.mark.parametrize("harm", ["crash", "eat", "mistake", "deep", "babble"])
def test_what_a_part_does_to_the_reader_does_not_lose_what_stands_around_it(sandbox, harm):
    answer = ask(sandbox, f"MSH|{harm}")
    assert (answer.error, [r["format"] for r in answer.readings]) == ("", ["outside"])


def test_a_message_that_ends_the_reader_each_time_says_so(sandbox):
    answer = ask(sandbox, "MSH|crash everywhere")
    assert answer.error == "Reading it broke off: it needed too much memory, or the reader crashed on it."


def test_what_the_reader_refuses_is_not_tried_again(sandbox):
    assert ask(sandbox, "MSH|unreadable").error == "It is no document."


def test_what_hangs_is_cut_off():
    with Sandbox(program=CHILD, seconds=1.5) as impatient:
        assert ask(impatient, "hang").error == "Reading it took too long and was cut off."
        impatient.seconds = 20
        assert not ask(impatient, "next").error


def test_a_library_that_prints_does_not_talk_into_the_answer(sandbox):
    assert ask(sandbox, "print").readings[0]["text"] == "print"


def test_nothing_can_be_written(sandbox):
    ask(sandbox, "write")
    written = Path("/tmp/refloop-was-here")
    assert not written.exists() or written.stat().st_size == 0
    written.unlink(missing_ok=True)


def test_the_bytes_of_several_documents_come_apart(sandbox):
    answer = ask(sandbox, "two")
    assert answer.parts == (b"first", b"second")
    assert (answer.labels, answer.missing, answer.readings) == (("first", "second"), ("A third.",), ())


def test_the_child_knows_no_secrets(sandbox):
    os.environ["REFLOOP_TEST_SECRET"] = "x"
    sandbox.close()
    ask(sandbox, "start")
    environment = Path(f"/proc/{sandbox._child.pid}/environ")
    if environment.exists():
        assert b"SECRET" not in environment.read_bytes()
        assert b"DATABASE_URL" not in environment.read_bytes()


def test_a_child_is_replaced_after_its_share_of_documents(monkeypatch):
    monkeypatch.setattr("referrals.intake.sandbox.DOCUMENTS", 2)
    with Sandbox(program=CHILD) as made:
        ask(made, "one")
        first = made._child.pid
        ask(made, "two")
        assert made._child is None
        ask(made, "three")
        assert made._child.pid != first


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel ends it, on Linux")
def test_a_child_that_hangs_does_not_outlive_a_killed_reader():
    program = f"""
import os, signal, threading
from referrals.intake.sandbox import ROOT, Sandbox
sandbox = Sandbox(program={CHILD!r})
sandbox.read(b"start")
print(sandbox._child.pid, flush=True)
sandbox.read(b"hang")
"""
    reader = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    child = Path(f"/proc/{int(reader.stdout.readline())}/stat")
    assert child.exists()
    reader.kill()
    reader.communicate()
    ends_at = time.monotonic() + 10
    while child.exists() and child.read_text().rpartition(")")[2].split()[0] not in "ZX":
        assert time.monotonic() < ends_at, "the child goes on"
        time.sleep(0.02)


def test_nothing_is_left_running():
    with Sandbox(program=CHILD) as made:
        ask(made, "start")
        pid = made._child.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_pages_are_drawn_in_the_child():
    picture = io.BytesIO()
    Image.new("1", (204, 98), 1).save(picture, "TIFF", dpi=(204, 98))
    with Sandbox() as made:
        drawn = made.picture(picture.getvalue(), 1)
        assert not drawn.error
        assert Image.open(io.BytesIO(drawn.parts[0])).size == (1100, 1100)  # squared
        assert made.picture(picture.getvalue(), 2).error == "There is no such page."
        assert made.picture(b"Dear Dr. Osei,", 1).error == "This kind of file has no pages to show."
        assert made.picture(b"%PDF-1.7 broken", 1).error == "This page cannot be drawn."
