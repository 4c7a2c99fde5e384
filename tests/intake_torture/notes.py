"""Good documents of one patient in every format: what an office may answer a referral with."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from PIL import Image, ImageDraw

from tests.referrals.intake.parsers.made import SIGNED, bundle, cda, obx, txa, v2
from tests.referrals.intake.parsers.making_pdf import pdf
from tests.referrals.intake.parsers.test_office_files import p, word

DOCUMENT_TYPE = {"coding": [{"system": "http://loinc.org", "code": "11488-4", "display": "Consult note"}]}


@dataclass(frozen=True)
class Person:
    """A patient, and the specialist whom they were sent to; strangers have one of their own."""

    family: str
    given: str
    birth: date
    visit: date
    npi: str
    author_family: str
    author_given: str
    organization: str
    known: bool = True


def lines_of(who: Person, mark: str) -> list[str]:
    """A letter; ``mark`` makes its bytes unlike every other's."""
    author = f"{who.author_given} {who.author_family}, MD"
    return [
        who.organization,
        "CONSULTATION NOTE",
        f"Date of visit: {who.visit:%m/%d/%Y}",
        f"Patient: {who.given} {who.family}",
        f"Date of birth: {who.birth:%m/%d/%Y}",
        "Dear Dr. Gray:",
        f"Thank you for sending {who.given} {who.family}, whom I saw in consultation today. Palpitations, {mark}.",
        "Assessment: atrial fibrillation. Plan: apixaban, return in three months.",
        "Sincerely,",
        author,
        f"NPI: {who.npi}",
        f"Electronically signed by {author} on {who.visit:%m/%d/%Y}",
    ]


def text(who: Person, mark: str) -> bytes:
    return "\n".join(lines_of(who, mark)).encode()


def rtf(who: Person, mark: str) -> bytes:
    return ("{\\rtf1\\ansi " + "\\par\n".join(lines_of(who, mark)) + "}").encode()


def html(who: Person, mark: str) -> bytes:
    shown = "".join(f"<p>{line}</p>" for line in lines_of(who, mark))
    return f'<html><head><script src="http://192.0.2.1/x.js"></script></head><body>{shown}</body></html>'.encode()


def docx(who: Person, mark: str) -> bytes:
    return word("".join(p(line) for line in lines_of(who, mark)))


def pdf_letter(who: Person, mark: str) -> bytes:
    return pdf([(72, 72 + 18 * number, line) for number, line in enumerate(lines_of(who, mark))])


def ccda(who: Person, mark: str) -> bytes:
    return cda(
        SIGNED,
        f'<componentOf><encompassingEncounter><effectiveTime value="{who.visit:%Y%m%d}"/></encompassingEncounter></componentOf>',
        header=f"""<templateId root="2.16.840.1.113883.10.20.22.1.4"/><id root="1.2.3.4" extension="{mark}"/>
<code code="11488-4" codeSystem="2.16.840.1.113883.6.1" displayName="Consult note"/>
<title>Consultation</title><effectiveTime value="{who.visit:%Y%m%d}"/>""",
        patient=f"""<recordTarget><patientRole><id root="1.2.3.9" extension="M{mark}"/><patient>
<name><given>{who.given}</given><family>{who.family}</family></name><birthTime value="{who.birth:%Y%m%d}"/>
</patient></patientRole></recordTarget>""",
        author=f"""<author><time value="{who.visit:%Y%m%d}"/><assignedAuthor>
<id root="2.16.840.1.113883.4.6" extension="{who.npi}"/><assignedPerson><name><given>{who.author_given}</given>
<family>{who.author_family}</family></name></assignedPerson><representedOrganization><name>{who.organization}</name>
</representedOrganization></assignedAuthor></author>""",
    )


def hl7(who: Person, mark: str) -> bytes:
    author = f"{who.npi}^{who.author_family}^{who.author_given}^^^^MD^^NPI"
    return v2(
        txa(_2="CN", _4=f"{who.visit:%Y%m%d}", _9=author, _12=mark, _17="AU"),
        obx(f"Palpitations, {mark}."),
        pid=f"PID|1||{mark}^^^LAKE^MR||{who.family}^{who.given}||{who.birth:%Y%m%d}",
        pv1=f"PV1|1|O|CARD||||{author}" + "|" * 37 + f"{who.visit:%Y%m%d}",
    )


def fhir_note(who: Person, mark: str) -> bytes:
    patient = {
        "resourceType": "Patient", "id": "p1", "birthDate": who.birth.isoformat(),
        "name": [{"family": who.family, "given": [who.given]}],
    }  # fmt: skip
    doctor = {
        "resourceType": "Practitioner", "id": "d1", "name": [{"family": who.author_family, "given": [who.author_given]}],
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": who.npi}],
    }  # fmt: skip
    note = {
        "resourceType": "DocumentReference", "id": "n1", "status": "current", "docStatus": "final", "type": DOCUMENT_TYPE,
        "masterIdentifier": {"system": "urn:x", "value": mark}, "subject": {"reference": "urn:uuid:p1"},
        "author": [{"reference": "urn:uuid:d1"}], "date": f"{who.visit}T15:30:00Z",
        "content": [{"attachment": {"contentType": "text/plain", "data": "RGVhciBEci4gR3JheQ=="}}],
        "context": {"period": {"start": who.visit.isoformat(), "end": who.visit.isoformat()}},
    }  # fmt: skip
    return bundle(note, patient, doctor)


def batch(people: list[Person], mark: str) -> bytes:
    """Several HL7 messages in one file."""
    messages = b"".join(hl7(who, f"{mark}-{number}") for number, who in enumerate(people))
    return b"FHS|^~\\&|EHR\rBHS|^~\\&|EHR\r" + messages + b"BTS|1\rFTS|1\r"


def fax(who: Person, mark: str, kind: str = "TIFF") -> bytes:
    """A page as a picture; reading it needs recognition."""
    page = Image.new("L", (1275, 1650), 255)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines_of(who, mark)):
        draw.text((120, 120 + 60 * number), line, fill=0, font_size=28)
    out = BytesIO()
    page.convert("1").save(out, kind, dpi=(150, 150), **({"compression": "group4"} if kind == "TIFF" else {}))
    return out.getvalue()


STRUCTURED: dict[str, Callable[[Person, str], bytes]] = {"xml": ccda, "hl7": hl7, "json": fhir_note}
LETTERS: dict[str, Callable[[Person, str], bytes]] = {
    "txt": text, "rtf": rtf, "html": html, "docx": docx, "pdf": pdf_letter,
}  # fmt: skip


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Cut short, or with some bytes changed."""
    if chance.random() < 0.5:
        return content[: chance.randrange(1, len(content))]
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def hostile_json(deep: int) -> bytes:
    return b'{"resourceType":"Bundle","entry":' + b"[" * deep + b"]" * deep + b"}"


def wide_json(resources: int) -> bytes:
    entry = {"resource": {"resourceType": "DocumentReference", "status": "current"}}
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [entry] * resources}).encode()
