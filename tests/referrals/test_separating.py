"""A file of several documents ends as these, exactly once, however often it or one of them comes."""

import random
from datetime import timedelta

import pytest

from referrals import pipeline
from referrals.actions import separating
from referrals.actions.separating import parts_of, wholes_of
from referrals.intake.arrivals import Sender, take_in
from referrals.intake.sandbox import Answer, Sandbox
from referrals.models import Arrival, IncomingDocument, MatchDecision
from tests.factories import NOW
from tests.referrals.intake.parsers.made import PDF, PID, bundle, cda, obx, packed, txa, v2
from tests.referrals.intake.parsers.test_separating import BILL, DOCTOR, LAKE, NOTES, ROSA, SCAN

pytestmark = pytest.mark.django_db
State = IncomingDocument.State
LATER = NOW + timedelta(hours=1)
OLE = b"\xd0\xcf\x11\xe0" + bytes(600)  # a Word document of the old kind


def message(number: int, name: str = "DELGADO^ROSA^MARIA") -> bytes:
    sent = v2(
        txa(_2="CN", _17="AU", _12=f"D{number}"), obx(f"Seen, {number}."), pid=PID.replace("DELGADO^ROSA^MARIA", name)
    )
    return sent.replace(b"|M1|", b"|M%d|" % number)


def batch(*messages: bytes, counted: int | None = None) -> bytes:
    count = len(messages) if counted is None else counted
    return b"".join((b"FHS|^~\\&|LAKE\rBHS|^~\\&|LAKE\r", *messages, b"BTS|%d\rFTS|1\r" % count))


def come(content: bytes, *, label: str = "fax") -> IncomingDocument:
    sender = Sender("folder", f"folder:{label}", label)
    return take_in(content, filename="mail.2026.bin", sender=sender, now=NOW, keep_unknown=True).document


def read_all(now=NOW) -> None:
    with Sandbox() as sandbox:
        pipeline.process_due(sandbox=sandbox, now_fn=lambda: now, going=lambda: True)


def separated(content: bytes) -> tuple[IncomingDocument, list[IncomingDocument]]:
    whole = come(content)
    read_all()
    whole.refresh_from_db()
    return whole, list(parts_of(whole))


def test_a_batch_of_messages_ends_as_its_messages():
    whole, parts = separated(batch(message(1), message(2, "PUBLIC^WILLIAM")))
    assert (whole.state, whole.error, whole.review_because) == (State.SPLIT, "", "")
    decision = whole.decisions.get()
    assert (decision.kind, decision.automatic) == ("split", True)
    assert decision.reason == "2 documents: message 1, message 2"
    assert [part.filename for part in parts] == ["mail.2026 (message 1).hl7", "mail.2026 (message 2).hl7"]
    assert [part.patient_name for part in parts] == ["DELGADO, ROSA MARIA", "PUBLIC, WILLIAM"]
    assert [part.arrivals.get().received_from for part in parts] == ["fax", "fax"]
    assert whole.file.read() == batch(message(1), message(2, "PUBLIC^WILLIAM"))


@pytest.mark.parametrize(("before", "behind"), [(b"", b""), (b"\x0b", b"\x1c\r"), (b"\r\n", b"\r\n")])
def test_a_message_that_comes_alone_too_is_the_one_of_the_batch(before, behind):
    _, parts = separated(b"".join(before + message(number) + behind for number in (1, 2)))
    assert [come(message(number)) for number in (1, 2)] == parts


def test_a_document_that_was_there_belongs_to_each_file_it_comes_in():
    alone = come(cda())
    first, parts = separated(packed({"a.xml": cda(), "b.hl7": message(1)}))
    assert parts[0] == alone and alone.part_of is None
    second, _ = separated(packed({"c.xml": cda(), "d.hl7": message(2)}))
    assert list(wholes_of(alone)) == [first, second]
    assert IncomingDocument.objects.count() == 5
    assert {document.state for document in (first, second)} == {State.SPLIT}


def test_the_same_file_and_the_same_part_twice_are_one():
    whole, parts = separated(message(1) + message(1) + message(2))
    assert (len(parts), whole.decisions.get().reason) == (2, "2 documents: message 1, message 2, message 3")
    assert come(message(1) + message(1) + message(2), label="other") == whole
    read_all()
    assert (IncomingDocument.objects.count(), MatchDecision.objects.count()) == (3, 1)


def test_killed_in_between_it_is_separated_whole_by_the_next(monkeypatch):
    whole = come(batch(message(1), message(2), message(3)))
    really, taken = separating.take_in, []

    def killed(*args, **kwargs):
        taken.append(really(*args, **kwargs))
        if len(taken) == 2:
            raise KeyboardInterrupt
        return taken[-1]

    monkeypatch.setattr(separating, "take_in", killed)
    with pytest.raises(KeyboardInterrupt):
        read_all()
    whole.refresh_from_db()
    assert (whole.state, IncomingDocument.objects.count(), Arrival.objects.count()) == (State.READING, 1, 1)
    monkeypatch.setattr(separating, "take_in", really)
    read_all(LATER)
    whole.refresh_from_db()
    assert (whole.state, whole.attempts) == (State.SPLIT, 2)
    assert [part.arrivals.count() for part in parts_of(whole)] == [1, 1, 1]


def test_what_is_lost_with_the_lease_is_separated_by_the_other():
    whole = come(batch(message(1), message(2)))
    mine, theirs = pipeline.claim(whole.pk, now=NOW), pipeline.claim(whole.pk, now=LATER)
    answer = Answer(parts=(message(1), message(2)), labels=("message 1", "message 2"))
    assert pipeline.settle(mine, answer, now=LATER) == ""
    assert IncomingDocument.objects.count() == 1
    assert pipeline.settle(theirs, answer, now=LATER) == State.SPLIT
    assert IncomingDocument.objects.count() == 3


def test_a_part_nobody_can_read_waits_by_itself():
    whole, parts = separated(packed({"note.xml": cda(), "old.doc": OLE, "scan.pdf": PDF}))
    assert whole.state == State.SPLIT
    assert {part.filename.partition("(")[2]: part.error for part in parts} == {
        "note).xml": "",
        "old.doc).bin": "RefLoop cannot read this kind of file.",
        "scan).pdf": "The PDF is damaged.",
    }
    assert {part.state for part in parts} == {State.REVIEW}


def test_what_is_counted_and_not_there_is_told_and_the_rest_goes_on():
    whole, parts = separated(batch(message(1), message(2), counted=3))
    assert whole.state == State.REVIEW
    assert whole.review_because == ("It was separated into 2, but something is missing; ask the sender for it: "
                                    "Its end counts 3 messages, but it holds 2.")  # fmt: skip
    assert [part.part_of for part in parts] == [whole, whole]
    assert all(part.read_at for part in parts)


def test_a_document_larger_than_is_taken_does_not_hold_up_the_others(settings):
    settings.DOCUMENT_MAX_BYTES = 1024**2
    whole, parts = separated(
        packed({"note.xml": cda(), "long.txt": random.Random(1).randbytes(600_000).hex().encode()})
    )
    assert (whole.state, len(parts)) == (State.REVIEW, 1)
    assert whole.review_because.endswith("long is larger than 1 MB.")


def test_documents_of_two_patients_in_one_bundle_hold_nothing_of_each_other():
    _, parts = separated(bundle(*NOTES[:2], ROSA, BILL, DOCTOR, LAKE, SCAN, kind="transaction"))
    assert [part.patient_name for part in parts] == ["Delgado, Rosa", "Public, William"]
    assert b"William" not in parts[0].file.read() and b"palpitations" not in parts[1].file.read()


def test_files_in_files_in_files_come_apart_only_so_far():
    content = packed({"a.txt": b"Dear Dr. Osei,", "b.txt": b"Dear Dr. Gray,"})
    for depth in range(5):
        content = packed({"in.zip": content, f"{depth}.txt": b"Dear Dr. Weber, %d" % depth})
    whole, _ = separated(content)
    assert whole.state == State.SPLIT
    (deepest,) = IncomingDocument.objects.filter(content_type="application/zip", state=State.REVIEW)
    assert deepest.review_because.startswith("Files in files in it unfold into more than RefLoop takes.")
    assert IncomingDocument.objects.count() == 1 + 2 * 3


def test_a_file_unfolds_into_so_many_bytes_however_deep_they_lie(monkeypatch):
    monkeypatch.setattr(separating, "_MOST_BYTES", 2_000_000)
    inner = packed({name: b"word %s " % name.encode() * 100_000 for name in "ab"})
    whole, _ = separated(packed({"in.zip": inner, "c.txt": b"word " * 190_000}))
    assert whole.state == State.SPLIT
    assert IncomingDocument.objects.get(content_type="application/zip", part_of=whole).state == State.REVIEW


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (bundle(*({**NOTES[0], "id": f"n{n}"} for n in range(1000))), "It holds more than 500 documents."),
        (packed({f"{n}.txt": b"Dear %d" % n for n in range(700)}), "It holds more than 500 documents."),
        (b"".join(map(message, range(600))), "The file has more than 500 messages."),
        (b"<x>" + b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>' * 501 + b"</x>", "It holds more than 500 documents."),
        (
            bundle(*({**NOTES[0], "id": f"n{n}"} for n in range(150)), SCAN | {"data": "QUJD" * 250_000}),
            "Its documents would take more than 100 MB.",
        ),
    ],
)
def test_too_much_of_it_is_a_persons_with_the_reason(content, because):
    whole, parts = separated(content)
    assert (whole.state, parts) == (State.REVIEW, [])
    assert whole.error.startswith(because)


def test_a_file_of_very_many_documents_is_separated_in_time():
    whole, parts = separated(
        packed({f"{n}.doc": OLE + bytes([n % 256, n // 256]) for n in range(499)} | {"a.xml": cda()})
    )
    assert (whole.state, len(parts)) == (State.SPLIT, 500)
