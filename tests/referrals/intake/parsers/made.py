"""Documents made up for the tests, in the shapes the standards give them."""

import base64
import json
import zipfile
from io import BytesIO
from typing import Any

PDF = b"%PDF-1.4\n" + b"a scanned letter " * 20
NPI = "1245319599"  # its check digit holds

HEADER = """<realmCode code="US"/>
<templateId root="2.16.840.1.113883.10.20.22.1.4" extension="2015-08-01"/>
<id root="1.2.3.4" extension="DOC-7"/>
<code code="11488-4" codeSystem="2.16.840.1.113883.6.1" displayName="Consult note"/>
<title>Cardiology consultation</title>
<effectiveTime value="202611241530-0600"/>
<setId root="1.2.3.5" extension="SET-7"/><versionNumber value="2"/>"""
PATIENT = """<recordTarget><patientRole>
<id root="1.2.3.9" extension="MRN-4411"/><id root="2.16.840.1.113883.4.1" extension="900-12-3456"/>
<addr use="HP"><streetAddressLine>12 Elm St</streetAddressLine><city>Madison</city><state>WI</state>
<postalCode>53703</postalCode></addr>
<telecom value="tel:+1(608)555-0142" use="HP"/><telecom value="mailto:rosa@example.org"/>
<patient><name use="L"><given>Rosa</given><given>Maria</given><family>Delgado</family></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19610304"/></patient>
</patientRole></recordTarget>"""
AUTHOR = f"""<author><time value="20261124"/><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="{NPI}"/>
<assignedPerson><name><prefix>Dr.</prefix><given>Ama</given><family>Osei</family></name></assignedPerson>
<representedOrganization><name>Lakeside Cardiology</name></representedOrganization></assignedAuthor></author>"""
SIGNED = """<legalAuthenticator><time value="20261124"/><signatureCode code="S"/><assignedEntity>
<id root="1.2.3"/></assignedEntity></legalAuthenticator>"""
ENCOUNTER = """<componentOf><encompassingEncounter><id root="1.2.3.8" extension="ENC-5"/>
<effectiveTime><low value="20261124090000-0600"/><high value="20261124093000-0600"/></effectiveTime>
</encompassingEncounter></componentOf>"""
BODY = """<component><structuredBody><component><section><title>Assessment</title>
<text><paragraph>Atrial fibrillation.</paragraph><list><item>Start apixaban</item></list>
<table><tbody><tr><td>INR</td><td>1.1</td></tr></tbody></table></text></section></component></structuredBody></component>"""


def cda(*parts: str, header: str = HEADER, patient: str = PATIENT, author: str = AUTHOR, body: str = BODY,
        xmlns: str = ' xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc"') -> bytes:  # fmt: skip
    inner = "\n".join((header, patient, author, *parts, body))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument{xmlns}>{inner}</ClinicalDocument>'.encode()


PID = "PID|1||4411^^^LAKE&1.2.3.9&ISO^MR~900-12-3456^^^^SS||DELGADO^ROSA^MARIA||19610304|F|||12 ELM ST^^MADISON^WI^53703||(608)555-0142"
PV1 = (
    f"PV1|1|O|CARD||||{NPI}^OSEI^AMA^^^DR^MD^^NPI|77^GRAY^LEO|||||||||||V-5|||||||||||||||||||||||||20261124090000-0600"
)


def v2(*segments: str, kind: str = "MDM^T02^MDM_T02", pid: str = PID, pv1: str = PV1, end: str = "\r") -> bytes:
    msh = f"MSH|^~\\&|EHR|LAKESIDE CARDIOLOGY|REFLOOP|HUB|20261124153000||{kind}|M1|P|2.5.1"
    return (end.join(part for part in (msh, pid, pv1, *segments) if part) + end).encode()


def txa(**fields: str) -> str:
    """A TXA by field number: ``txa(_2="CN", _17="AU")``."""
    values = {int(name[1:]): value for name, value in fields.items()}
    return "|".join(["TXA", *(values.get(n, "") for n in range(1, 24))])


def obx(value: str, kind: str = "TX", code: str = "11488-4^Consult note^LN", status: str = "F") -> str:
    return f"OBX|1|{kind}|{code}||{value}||||||{status}"


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def fhir(resource: dict[str, Any]) -> bytes:
    return json.dumps(resource).encode()


def bundle(*resources: dict[str, Any], kind: str = "collection", **more: Any) -> bytes:
    entries = [{"fullUrl": r.pop("fullUrl", f"urn:uuid:{r.get('id')}"), "resource": r} for r in map(dict, resources)]
    return fhir({"resourceType": "Bundle", "type": kind, "entry": entries, **more})


def packed(files: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return buffer.getvalue()
