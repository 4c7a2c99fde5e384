"""Letters as plain text, HTML, RTF and Word documents."""

import io
import zipfile

import pytest

from referrals.intake.parsers import docx, html, plain, rtf
from referrals.intake.parsers.protocol import Unreadable

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body: str, **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            package.writestr(f"word/{name}.xml", f"<w:hdr {W}>{text}</w:hdr>")
    return out.getvalue()


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in cells) + "</w:tr>"


LETTERS = {
    plain: "RE: José Núñez\nDOB: 03/04/1961\nMRN: 00482913\n".encode(),
    html: b"<html><body><p>RE: Jos&eacute; <b>N&uacute;&ntilde;ez</b></p><table><tr><th>DOB</th><th>MRN</th></tr>"
          b"<tr><td><p>03/04/1961</p></td><td>00482913</td></tr></table></body></html>",
    rtf: rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\author Other Person}}\pard RE: Jos\'e9 N\u250?\'f1ez\par"
         rb"\trowd DOB\cell MRN\cell\row 03/04/1961\cell 00482913\cell\row {\pict\bin4 {{{{ 00ff}}",
    docx: word(p("RE: José Núñez") + "<w:tbl>" + row("DOB", "MRN") + row("03/04/1961", "00482913") + "</w:tbl>"),
}  # fmt: skip


@pytest.mark.parametrize("parser", LETTERS, ids=lambda parser: parser.__name__.rpartition(".")[2])
def test_the_same_letter_in_each_format(parser):
    (found,) = parser.read(LETTERS[parser])
    assert found.patient.names[0].value.text == "José Núñez"
    assert found.patient.birth_date.value.iso == "1961-03-04"
    assert found.patient.identifiers[0].value.value == "00482913"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_of_plain_text(encoding):
    assert plain.read("RE: José Núñez, DOB 03/04/1961".encode(encoding))[0].patient.names[0].value.text == "José Núñez"


def test_what_a_browser_does_not_show_is_not_read():
    lines = html.lines_of(
        "<title>t</title><style>s</style><script>x</script><div style='display: none'>a<p>b</p></div><p hidden>c</p>seen<br>too"
    )
    assert lines == ["seen", "too"]


def test_word_headers_come_first_and_deleted_text_is_left_out():
    deleted = "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>body</w:t></w:r></w:p>"
    (found,) = docx.read(word(deleted, header1=p("Lakeside Clinic"), footer1=p("foot")))
    assert found.text == "Lakeside Clinic\nbody\nfoot"


def test_a_word_document_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(docx, "MAX_PART_BYTES", 1000)
    with pytest.raises(Unreadable):
        docx.read(word(p("a" * 5000)))


def test_entities_in_a_word_document_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(
            "word/document.xml", f'<!DOCTYPE d [<!ENTITY a "aaaa">]><w:document {W}>{p("&a;")}</w:document>'
        )
    with pytest.raises(Unreadable):
        docx.read(out.getvalue())


@pytest.mark.parametrize(
    ("parser", "content"),
    [(plain, b" \n "), (html, b"<html><script>x</script></html>"), (rtf, b"{\\rtf1 }"), (rtf, b"plain"), (rtf, b"{\\rtf1" + b"{" * 600),
     (docx, word("")), (docx, b"PK\x03\x04junk"), (docx, LETTERS[docx][:80])],
    ids=["blank", "script", "empty-rtf", "no-rtf", "deep-rtf", "empty-word", "junk-word", "cut-word"],  # the same in every process
)  # fmt: skip
def test_nothing_to_read_is_told(parser, content):
    with pytest.raises(Unreadable):
        parser.read(content)


def test_deep_nesting_in_a_word_document_is_told():
    with pytest.raises(Unreadable):
        docx.read(word("<w:sdt>" * 5000 + "</w:sdt>" * 5000))


def test_a_word_document_with_damaged_bytes_is_told():
    content = bytearray(word(p("Dear Dr. Gray,") * 50))
    at = content.index(b"document.xml") + len(b"document.xml")
    content[at : at + 8] = b"\xff" * 8
    with pytest.raises(Unreadable, match="damaged or locked"):
        docx.read(bytes(content))
