"""E-mails: their attachments and texts are documents of their own."""

from email.message import EmailMessage

import pytest

from referrals.intake.parsers.nested import read_document
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.sniffing import MIME, sniff
from tests.referrals.intake.parsers.made import PDF, bundle, cda, packed
from tests.referrals.intake.parsers.test_separating import BILL, DOCTOR, HEADER_TWO, LAKE, NOTES, ROSA, SCAN

TEXT = "Dear Dr. Gray,\n\nthe note of Rosa Delgado is attached.\n"


def mail(*attached: tuple[str, bytes], text: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@lake.example", "b@hub.example", "Consultation"
    message.set_content(text)
    for name, content in attached:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def test_attachments_and_text_are_documents_of_their_own():
    readings = read_document(
        mail(("note.xml", cda()), ("other.xml", cda(header=HEADER_TWO)), text=TEXT), to_separate=True
    )
    assert [reading.part.label for reading in readings] == ["text", "note", "other"]
    assert [reading.part.content for reading in readings[1:]] == [cda(), cda(header=HEADER_TWO)]
    assert readings[0].part.content.decode() == TEXT


def test_what_nobody_reads_is_a_document_too():
    unread = b"\xd0\xcf\x11\xe0" + bytes(600)
    readings = read_document(mail(("note.xml", cda()), ("old.doc", unread)), to_separate=True)
    assert [(one.part.label, one.part.content) for one in readings] == [("note", cda()), ("old.doc", unread)]


def test_one_attachment_without_a_word_is_the_document():
    (reading,) = read_document(mail(("note.xml", cda())))
    assert (reading.format, reading.part) == ("E-mail > C-CDA", None)
    assert reading.patient.names[0].value.family == "Delgado"


@pytest.mark.parametrize("wrapped", [lambda sent: sent, lambda sent: packed({"a.json": sent})])
def test_what_comes_apart_comes_apart_in_an_e_mail(wrapped):
    sent = bundle(*NOTES[:2], ROSA, BILL, DOCTOR, LAKE, SCAN)
    assert [r.part for r in read_document(mail(("a.bin", wrapped(sent))))] == [r.part for r in read_document(sent)]


def test_two_forms_of_one_text_are_one():
    message = EmailMessage()
    message.set_content(TEXT)
    message.add_alternative("<html><body><p>Rosa Delgado</p></body></html>", subtype="html")
    (reading,) = read_document(bytes(message))
    assert reading.format == "E-mail > text"


def test_a_forwarded_message_is_one_document_that_comes_apart_in_its_turn():
    outer = EmailMessage()
    outer.set_content("See below.")
    inner = EmailMessage()
    inner.set_content(TEXT)
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="note.pdf")
    outer.add_attachment(inner)
    _, forwarded = read_document(bytes(outer), to_separate=True)
    assert sniff(forwarded.part.content) == MIME
    assert PDF in [one.part.content for one in read_document(forwarded.part.content, to_separate=True)]


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime\r\n\r\nAAAA", "encrypted"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n", "no document"),
        (b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=none-such\r\n\r\nx", "damaged"),
        (mail(*((f"{n}.txt", b"Dear %d" % n) for n in range(501))), "more than 500"),
    ],
)
def test_what_cannot_be_read_says_why(content, because):
    assert sniff(content) == MIME
    with pytest.raises(Unreadable, match=because):
        read_document(content)


def test_parts_in_parts_end_somewhere():
    head = b"MIME-Version: 1.0\r\n"
    for depth in range(200):
        head += b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (depth, depth)
    with pytest.raises(Unreadable, match="nested"):
        read_document(head + b"Content-Type: text/plain\r\n\r\nx")


@pytest.mark.parametrize(
    "letter",
    [
        b"From: Lakeside Cardiology\nTo: Dr. Gray\nRE: Rosa Delgado\n\nMIME-Version: 1.0",
        b"To: Dr. Gray\n\nDear Dr. Gray,",
        b"Patient: Rosa Delgado\nDOB: 03/04/1961\nSeen today.\nContent-Type: multipart/mixed",
    ],
)
def test_a_letter_with_lines_like_headers_stays_one(letter):
    assert sniff(letter) == "text/plain"
