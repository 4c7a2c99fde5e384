"""Text as the files offices send: a printed PDF, a fax, an HL7 v2 message, a C-CDA."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont

from referrals.capture.ask import PatientData
from referrals.models import Office, Provider

LINES = 58  # of a page


@dataclass(frozen=True)
class Note:
    """What the structured formats say of a consult note in their fields; ``text`` is the note itself."""

    id: str
    number: str
    person: PatientData
    author: Provider
    office: Office
    visit_on: date
    written_at: datetime
    text: str


def pdf(text: str) -> bytes:
    """The text on letter paper, as many pages as it takes."""
    lines = text.splitlines()
    pages = [lines[at : at + LINES] for at in range(0, len(lines), LINES)] or [[]]
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>"]
    kids = []
    for page in pages:
        rows = "".join(f"({_escaped(line)}) Tj T* " for line in page)
        drawn = f"BT /F1 10 Tf 12 TL 60 730 Td {rows}ET".encode("cp1252", "replace")
        objects.append(b"<</Length %d>>\nstream\n" % len(drawn) + drawn + b"\nendstream")
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
            % len(objects)
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return out + f"{head}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def fax(*texts: str) -> bytes:
    """A page for each text as a fine fax: black and white, 204 by 196 dots per inch."""
    font = ImageFont.load_default(34)
    pages = []
    for text in texts:
        page = Image.new("1", (1728, 2156), 1)
        ImageDraw.Draw(page).multiline_text((130, 130), text, fill=0, font=font, spacing=12)
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=(204, 196))
    return out.getvalue()


def hl7(note: Note) -> bytes:
    """The note as an MDM^T02, signed."""
    at, by = f"{note.written_at:%Y%m%d%H%M%S}", note.author
    author = f"{by.npi}^{by.family_name}^{by.given_name}^^^^MD^^NPI"
    person = note.person
    segments = [
        f"MSH|^~\\&|EHR|{_plain(note.office.name)}|REFLOOP||{at}||MDM^T02|{note.id}|P|2.5.1",
        f"EVN|T02|{at}",
        f"PID|1||||{_plain(person.family_name)}^{_plain(person.given_name)}||{person.birth_date:%Y%m%d}|{person.sex[:1].upper()}",
        f"PV1|1|O|||||||||||||||||||||||||||||||||||||||||{note.visit_on:%Y%m%d}",
        f"TXA|1|CN^Consultation note|TX|{note.visit_on:%Y%m%d}|{author}|||{at}||||{note.id}||||{note.number}|LA|||||{author}^^^^{at}",
        *(f"OBX|{row}|TX|11488-4^Consult note^LN||{_plain(line)}||||||F" for row, line in enumerate(note.text.splitlines(), 1)),
    ]  # fmt: skip
    return "\r".join(segments).encode()


def _plain(text: str) -> str:
    return text.replace("\\", "\\E\\").replace("|", "\\F\\").replace("^", "\\S\\").replace("&", "\\T\\")


def ccda(note: Note) -> bytes:
    """The note as a signed consultation note."""
    at, by, person = f"{note.written_at:%Y%m%d%H%M%S}", note.author, note.person
    name = f"<name><given>{escape(by.given_name)}</given><family>{escape(by.family_name)}</family></name>"
    assigned = f'<assignedAuthor><id root="2.16.840.1.113883.4.6" extension="{by.npi}"/><assignedPerson>{name}</assignedPerson><representedOrganization><name>{escape(note.office.name)}</name></representedOrganization></assignedAuthor>'
    signer = f'<assignedEntity><id root="2.16.840.1.113883.4.6" extension="{by.npi}"/><assignedPerson>{name}</assignedPerson></assignedEntity>'
    paragraphs = "".join(f"<paragraph>{escape(line)}</paragraph>" for line in note.text.splitlines() if line.strip())
    gender = {"female": "F", "male": "M"}.get(person.sex, "UN")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<id root="2.16.840.1.113883.19.5.99999.1" extension="{note.id}"/>
<code code="11488-4" codeSystem="2.16.840.1.113883.6.1" displayName="Consult note"/>
<title>Consultation Note</title>
<effectiveTime value="{at}"/>
<recordTarget><patientRole><id nullFlavor="NI"/><patient><name use="L"><given>{escape(person.given_name)}</given><family>{escape(person.family_name)}</family></name><administrativeGenderCode code="{gender}" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="{person.birth_date:%Y%m%d}"/></patient></patientRole></recordTarget>
<author><time value="{at}"/>{assigned}</author>
<legalAuthenticator><time value="{at}"/><signatureCode code="S"/>{signer}</legalAuthenticator>
<componentOf><encompassingEncounter><effectiveTime value="{note.visit_on:%Y%m%d}"/></encompassingEncounter></componentOf>
<component><structuredBody><component><section><title>Consultation</title><text>{paragraphs}</text></section></component></structuredBody></component>
</ClinicalDocument>""".encode()
