"""ZIP packages: documents by metadata or by themselves; bombs, passwords and paths out are harmless."""

import struct
import zipfile
from io import BytesIO

import pytest

from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.xdm import read
from referrals.intake.reading import Identifier, Relation
from tests.referrals.intake.parsers.made import NPI, PDF, cda, packed


def classification(scheme: str, code: str = "", slots: str = "") -> str:
    return f"""<rim:Classification classificationScheme="urn:uuid:{scheme}" nodeRepresentation="{code}">
    <rim:Slot name="codingScheme"><rim:ValueList><rim:Value>2.16.840.1.113883.6.1</rim:Value></rim:ValueList></rim:Slot>
    {slots}</rim:Classification>"""


def slot(name: str, *values: str) -> str:
    inner = "".join(f"<rim:Value>{value.replace('&', '&amp;')}</rim:Value>" for value in values)
    return f'<rim:Slot name="{name}"><rim:ValueList>{inner}</rim:ValueList></rim:Slot>'


AUTHOR = slot("authorPerson", f"{NPI}^Osei^Ama^^^^^^&2.16.840.1.113883.4.6&ISO") + slot(
    "authorInstitution", "Lakeside Cardiology"
)
METADATA = f"""<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
 xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><rim:RegistryObjectList>
<rim:ExtrinsicObject id="doc1" mimeType="application/pdf">
{slot("URI", "NOTE.PDF")}{slot("creationTime", "20261124153000")}{slot("serviceStartTime", "20261124090000")}
{slot("sourcePatientId", "4411^^^&1.2.3.9&ISO")}
{slot("sourcePatientInfo", "PID-5|Delgado^Rosa", "PID-7|19610304", "PID-8|F")}
{slot("urn:ihe:iti:xds:2013:referenceIdList", "REF-9^^^&1.2.7&ISO^urn:ihe:iti:xds:2013:order")}
<rim:Name><rim:LocalizedString value="Cardiology consultation"/></rim:Name>
{classification("93606bcf-9494-43ec-9b4e-a7748d1a838d", slots=AUTHOR)}
{classification("f0306f51-975f-434e-a61c-c59651d33983", "11488-4")}
<rim:ExternalIdentifier identificationScheme="urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab" value="1.2.3.4^DOC-7"/>
</rim:ExtrinsicObject>
<rim:RegistryPackage id="set">{slot("intendedRecipient", "Hill Clinic^^^^^^^^^1.2|77^Gray^Leo")}</rim:RegistryPackage>
<rim:Association associationType="urn:ihe:iti:2007:AssociationType:RPLC" sourceObject="doc1" targetObject="urn:uuid:old"/>
</rim:RegistryObjectList></lcm:SubmitObjectsRequest>""".encode()


def test_metadata_tells_of_each_document():
    package = packed(
        {"IHE_XDM/SUBSET01/METADATA.XML": METADATA, "IHE_XDM/SUBSET01/NOTE.PDF": PDF, "INDEX.HTM": b"<html>"}
    )
    (reading,) = read(package)
    assert [e.content for e in reading.embedded] == [PDF]
    patient = reading.patient
    assert (patient.names[0].value.family, patient.birth_date.value.iso, patient.sex.value) == (
        "Delgado",
        "1961-03-04",
        "female",
    )
    assert patient.identifiers[0].value == Identifier("4411", "1.2.3.9")
    assert patient.names[0].where == "sourcePatientInfo PID-5"
    assert (reading.kind.value, reading.title.value) == ("consult_note", "Cardiology consultation")
    assert reading.document_id.value == Identifier("DOC-7", "1.2.3.4")
    assert reading.relations[0].value == Relation("replaces", Identifier("old"))
    assert (reading.written_at.value.iso, reading.visit_at.value.iso) == ("2026-11-24T15:30:00", "2026-11-24T09:00:00")
    author = reading.authors[0].value
    assert (author.name.family, author.npi, author.organization) == ("Osei", NPI, "Lakeside Cardiology")
    assert [o.value for o in reading.order_ids] == [Identifier("REF-9", "1.2.7")]
    assert (reading.recipients[0].value.name.family, reading.recipients[0].value.organization) == (
        "Gray",
        "Hill Clinic",
    )


def test_damaged_or_missing_metadata_leaves_the_documents():
    files = {"IHE_XDM/SUBSET01/METADATA.XML": METADATA[:200], "IHE_XDM/SUBSET01/NOTE.PDF": PDF, "A.XML": cda()}
    assert len(read(packed(files))) == 2


def test_only_documents_are_taken():
    extras = {"README.TXT": b"read me", "INDEX.HTM": b"<html>", "CDA.xsl": b"<xsl:stylesheet/>", "__MACOSX/._NOTE.PDF": PDF,
              "setup.exe": b"MZ\x90\x00", "logo.gif": b"GIF89a"}  # fmt: skip
    (reading,) = read(packed({**extras, "letter.pdf": PDF}))
    assert reading.embedded[0].content == PDF
    with pytest.raises(Unreadable, match="no document"):
        read(packed(extras))


@pytest.mark.parametrize(
    "beside",
    [
        {"old.doc": b"\xd0\xcf\x11\xe0" + bytes(600)},  # nobody can read it, so a person has to
        {"LETTER.pdf": PDF + b"2"},  # another one, on systems that tell them apart
        {"Readme first.pdf": PDF + b"2"},
    ],
)
def test_no_document_of_a_package_is_left_out(beside):
    readings = read(packed({"letter.pdf": PDF, **beside}))
    assert [reading.part.content for reading in readings] == [PDF, *beside.values()]


def test_a_document_that_is_announced_and_not_there_is_told():
    folder = "IHE_XDM/SUBSET01"
    files = {f"{folder}/METADATA.XML": METADATA.replace(b"NOTE.PDF", b"GONE.PDF"), f"{folder}/NOTE.PDF": PDF}
    (reading,) = read(packed(files))
    assert (reading.is_whole, reading.warnings) == (False, ("The package announces 1 document that it does not hold.",))
    two = read(packed({**files, f"{folder}/OTHER.PDF": PDF + b"2"}))
    assert {reading.part.missing for reading in two} == set(reading.warnings)


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "/abs/note.pdf", "..\\..\\note.pdf", "C:\\note.pdf"])
def test_a_path_out_of_the_package_goes_nowhere(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (reading,) = read(packed({name: PDF}))
    assert reading.embedded[0].content == PDF
    assert list(tmp_path.iterdir()) == []


def with_flags(content: bytes, flags: int) -> bytes:
    """The same package whose entry claims ``flags``, in its own header and in the directory."""
    directory = content.index(b"PK\x01\x02")
    patched = bytearray(content)
    struct.pack_into("<H", patched, 6, flags)
    struct.pack_into("<H", patched, directory + 8, flags)
    return bytes(patched)


def lying_about_its_size(content: bytes, size: int) -> bytes:
    directory = content.index(b"PK\x01\x02")
    patched = bytearray(content)
    struct.pack_into("<I", patched, 22, size)
    struct.pack_into("<I", patched, directory + 24, size)
    return bytes(patched)


def packed_as(method: int) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        package.writestr("note.pdf", PDF)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (packed({"bomb.txt": b"a" * 30_000_000}), "unpacks into more"),
        (packed({f"{n}.txt": b"x" for n in range(1001)}), "more than 1000"),
        (with_flags(packed({"note.pdf": PDF}), 1), "password"),
        (packed_as(zipfile.ZIP_LZMA), "plain ZIP"),
        (packed({"note.pdf": PDF})[:-30], "damaged"),
        (packed({"note.pdf": PDF})[:45] + b"\xff\xff" + packed({"note.pdf": PDF})[47:], "damaged"),
        (lying_about_its_size(packed({"note.pdf": PDF * 50}), 10), "damaged|no document"),
        (b"PK\x03\x04" + b"\x00" * 100, "damaged"),
        (packed({}), "no document"),
    ],
)
def test_bombs_passwords_and_damage_are_refused_with_a_reason(content, reason):
    with pytest.raises(Unreadable, match=reason):
        read(content)
