"""What kind of document a type code or its name means. Pure data.

A consultation note and a procedure report can close a loop. A progress note or a history and physical is what many
specialists send of the visit: it counts as a consultation note, but less surely."""

import re

from referrals.intake.reading import Found, Identifier

LOINC = "2.16.840.1.113883.6.1"
CONSULT, PROCEDURE, LETTER, RESULT, OTHER = (
    "consult_note",
    "procedure_report",
    "referral_letter",
    "result",
    "other",
)
VISIT_KINDS = {CONSULT, PROCEDURE}  # documents of one visit
VISIT_NOTE = 0.7  # how surely a note of a visit is the consultation note
_NAMED = 0.8  # read from a name, not a code

# HL7 value set ConsultDocumentType (2.16.840.1.113883.11.20.9.31).
_CONSULTS = """11488-4 34099-2 34100-8 34101-6 34102-4 34103-2 34104-0 34749-2 34756-7 34758-3 34760-9 34761-7 34764-1
34771-6 34776-5 34777-3 34779-9 34781-5 34783-1 34785-6 34788-0 34791-4 34795-5 34797-1 34798-9 34800-3 34803-7 34805-2
34807-8 34810-2 34812-8 34814-4 34816-9 34820-1 34822-7 34824-3 34826-8 34828-4 34831-8 34833-4 34835-9 34837-5 34839-1
34841-7 34845-8 34847-4 34849-0 34851-6 34853-2 34855-7 34879-7 51845-6 51846-4 51853-0"""
_LOINC_KINDS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(_CONSULTS.split(), (CONSULT, 1.0)),
    **dict.fromkeys(("11506-3", "34117-2", "34108-1", "34131-3", "34109-9"), (CONSULT, VISIT_NOTE)),
    **dict.fromkeys(("28570-0", "11504-8", "18745-0", "11505-5", "34874-8", "18751-8", "18753-4"), (PROCEDURE, 1.0)),
    **dict.fromkeys(("57133-1", "57134-9", "57170-3", "51899-3", "85208-7"), (LETTER, 1.0)),
    **dict.fromkeys(("18748-4", "11502-2", "11526-1", "11522-0", "34122-2", "60568-3", "18747-6"), (RESULT, 1.0)),
    # Summaries speak of a span of care, not of one visit.
    **dict.fromkeys(("34133-9", "18842-5", "18761-7", "52521-2", "34745-0", "51855-5", "60591-5"), (OTHER, 1.0)),
}
# C-CDA document templates 2.16.840.1.113883.10.20.22.1.N
TEMPLATE_KINDS: dict[str, tuple[str, float]] = {
    "2.16.840.1.113883.10.20.22.1.2": (OTHER, 1.0),  # continuity of care document
    "2.16.840.1.113883.10.20.22.1.3": (CONSULT, VISIT_NOTE),  # history and physical
    "2.16.840.1.113883.10.20.22.1.4": (CONSULT, 1.0),
    "2.16.840.1.113883.10.20.22.1.5": (RESULT, 1.0),  # diagnostic imaging report
    "2.16.840.1.113883.10.20.22.1.6": (PROCEDURE, 1.0),
    "2.16.840.1.113883.10.20.22.1.7": (PROCEDURE, 1.0),  # operative note
    "2.16.840.1.113883.10.20.22.1.8": (OTHER, 1.0),  # discharge summary
    "2.16.840.1.113883.10.20.22.1.9": (CONSULT, VISIT_NOTE),  # progress note
    "2.16.840.1.113883.10.20.22.1.13": (OTHER, 1.0),  # transfer summary
    "2.16.840.1.113883.10.20.22.1.14": (LETTER, 1.0),
    "2.16.840.1.113883.10.20.22.1.15": (OTHER, 1.0),  # care plan
}
# HL7 table 0270, document type (TXA-2).
_TABLE_0270: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("CN", "PC"), (CONSULT, 1.0)),
    **dict.fromkeys(("HP", "PH", "PR"), (CONSULT, VISIT_NOTE)),
    **dict.fromkeys(("OP", "PN"), (PROCEDURE, 1.0)),
    **dict.fromkeys(("CD", "DI", "SP"), (RESULT, 1.0)),
    **dict.fromkeys(("AR", "DS", "ED", "TS"), (OTHER, 1.0)),
}
_WORDS: tuple[tuple[str, str, float], ...] = (
    (r"referral (note|letter|request|summary|order)|(consult\w*|referral) (request|order)", LETTER, _NAMED),
    (r"discharge|transfer|care plan|continuity|episode|emergency department", OTHER, _NAMED),
    (r"consult", CONSULT, _NAMED),
    (r"operative|procedure (note|report)|(endo|colono|broncho)scopy report|cath\w* report", PROCEDURE, _NAMED),
    (r"progress note|office (visit|note)|clinic (visit|note)|h ?& ?p\b|history and physical", CONSULT, 0.6),
    (r"pathology|radiology|imaging|laborator|\blab\b|x-?ray|\bmri\b|\bct\b|echo|\bekg\b|\becg\b", RESULT, _NAMED),
)


def kind_of_code(code: str, system: str, where: str) -> Found[str] | None:
    """The kind a code stands for. ``system`` is as sent: an OID, a URI, ``LN``, ``HL70270`` or empty."""
    by_code = _LOINC_KINDS if "-" in code else _TABLE_0270 if where == "TXA-2" or system == "HL70270" else {}
    kind, sure = by_code.get(code.upper(), ("", 0.0))
    return Found(kind, where, sure) if kind else None


def kind_of_template(roots: list[str]) -> Found[str] | None:
    found = [TEMPLATE_KINDS[root] for root in roots if root in TEMPLATE_KINDS]
    return Found(found[0][0], "ClinicalDocument/templateId", found[0][1]) if found else None


def kind_of_name(name: str, where: str) -> Found[str] | None:
    """The kind a title or a display name speaks of; less sure than a code."""
    lowered = " ".join(name.lower().split())
    for pattern, kind, sure in _WORDS:
        if re.search(pattern, lowered):
            return Found(kind, where, sure)
    return None


def code_system(system: str) -> str:
    """LOINC under one name, whatever the sender calls it; other systems as written."""
    return LOINC if system in {"LN", "LOINC", "http://loinc.org", f"urn:oid:{LOINC}"} else system


def type_code(code: str, system: str, where: str) -> Found[Identifier] | None:
    return Found(Identifier(code, code_system(system)), where) if code else None
