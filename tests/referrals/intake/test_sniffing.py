"""The kind of a file is read from its bytes, however it is wrapped."""

import zipfile
from io import BytesIO

import pytest

from referrals.intake.sniffing import DOCX, HL7_V2, sniff


def zipped(*names: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return buffer.getvalue()


CDA = '<?xml version="1.0"?>\n<?xml-stylesheet href="CDA.xsl"?>\n<!-- made by a vendor -->\n<ClinicalDocument/>'
XHTML = '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1-strict.dtd"><html/>'


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\r\nFAX HEADER\r\n%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (b"II*\x00....", "image/tiff"),
        (b"{\\rtf1 Dear Dr.", "application/rtf"),
        (b"MSH|^~\\&|LAB", HL7_V2),
        (b"\x0bMSH|^~\\&|LAB\x1c\r", HL7_V2),
        (b"\xef\xbb\xbf\r\nMSH|^~\\&|LAB", HL7_V2),
        (b"MSH#!@%*#LAB", HL7_V2),
        (b"FHS|^~\\&|LAB\rBHS|^~\\&\rMSH|^~\\&", HL7_V2),
        (b"PID|1||77^^^MRN||DOE^JO", HL7_V2),
        ("MSH|^~\\&|LAB".encode("utf-16"), HL7_V2),
        (b"MSHA of Wisconsin writes to you", "text/plain"),
        (CDA.encode(), "application/xml"),
        (b"\xef\xbb\xbf  " + CDA.encode(), "application/xml"),
        (CDA.encode("utf-16"), "application/xml"),
        (CDA.encode("utf-16-le"), "application/xml"),
        (b'<Bundle xmlns="http://hl7.org/fhir"/>', "application/xml"),
        (b"<!DOCTYPE ClinicalDocument [<!ENTITY a 'b'>]><ClinicalDocument/>", "application/xml"),
        (b"<!DOCTYPE html><html>", "text/html"),
        (b"<!-- saved --><HTML><body>", "text/html"),
        (XHTML.encode(), "text/html"),
        (b"<p>Dear Dr. Smith</p>", "text/html"),
        (b'  {"resourceType": "Bundle"}', "application/json"),
        (b'[{"resourceType": "Patient"}]', "application/json"),
        ('{"resourceType": "Bundle"}'.encode("utf-16"), "application/json"),
        (b"[Page 1 of 2] Dear Dr. Smith", "text/plain"),
        (b"<< confidential >> Dear Dr. Smith", "text/plain"),
        ("Dear Dr. Muñoz,\nthank you".encode("latin-1"), "text/plain"),
        ("Dear Dr. Muñoz,\nthank you".encode("utf-16"), "text/plain"),
        (zipped("[Content_Types].xml", "word/document.xml"), DOCX),
        (zipped("IHE_XDM/SUBSET01/METADATA.XML", "IHE_XDM/SUBSET01/A.XML"), "application/zip"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), ""),
        (zipped("mimetype", "content.xml"), ""),
        (b"PK\x03\x04....", "application/zip"),
        (b"MZ\x90\x00\x03\x00\x00", ""),
        (b"\x7fELF\x02\x01\x01\x00", ""),
        (b"", ""),
    ],
)
def test_the_kind_is_read_from_the_bytes(content, kind):
    assert sniff(content) == kind


def test_a_word_document_inside_a_zip_is_a_zip_and_what_stands_before_a_zip_does_not_matter():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("letter.docx", zipped("word/document.xml"))
    assert sniff(buffer.getvalue()) == "application/zip"
    assert sniff(b"PK\x03\x04 junk" + zipped("word/document.xml")) == DOCX


@pytest.mark.parametrize("cut", range(0, 180, 7))
def test_a_zip_that_was_cut_or_lies_is_still_a_zip(cut):
    content = zipped("a.xml", "b.pdf")
    assert sniff(content[: max(4, len(content) - cut)]) == "application/zip"
    assert sniff(content[:-10] + b"\xff" * 10) == "application/zip"
