"""One CDA document -> one reading."""

from lxml import etree

from referrals.intake.parsers import document_types
from referrals.intake.parsers.ccda import body, elements, header, people
from referrals.intake.parsers.numbers import referral_numbers
from referrals.intake.reading import Found, Reading

_US_REALM = "2.16.840.1.113883.10.20.22.1."


def read_document(root: etree._Element, warnings: tuple[str, ...] = ()) -> Reading:
    """``root`` is a ClinicalDocument with plain local names (xml_source.parse_xml)."""
    templates = [e.get("root", "") for e in root.findall("templateId")]
    code = root.find("code")
    code_value, system = elements.code_of(code)
    title = elements.text_of(root.find("title"))
    display = elements.display_of(code)
    kind = (
        document_types.kind_of_code(code_value, system, "ClinicalDocument/code")
        or document_types.kind_of_template(templates)
        or document_types.kind_of_name(display, "ClinicalDocument/code")
        or document_types.kind_of_name(title, "ClinicalDocument/title")
    )
    patients = tuple(people.patients(root))
    authors = tuple(people.authors(root))
    content = body.read_body(root)
    orders = tuple(header.order_ids(root))
    visit = header.visit_at(root, patients, is_of_visit=kind is not None and kind.value in document_types.VISIT_KINDS)
    relations = tuple(header.relations(root))
    numbers = [n for order in orders for n in referral_numbers(order.value.value, order.where)]
    numbers += [n for n in referral_numbers(content.text, "text", 0.9) if n.value not in {m.value for m in numbers}]
    return Reading(
        format="C-CDA" if any(t.startswith(_US_REALM) for t in templates) else "CDA R2",
        patients=patients,
        kind=kind,
        status=header.status(root, relations),
        type_code=document_types.type_code(code_value, system, "ClinicalDocument/code"),
        title=Found(title or display, "ClinicalDocument/title" if title else "ClinicalDocument/code")
        if title or display
        else None,
        document_id=next(iter(elements.found_ids(root.findall("id"), "ClinicalDocument/id", of_document=True)), None),
        set_id=next(iter(elements.found_ids(root.findall("setId"), "ClinicalDocument/setId", of_document=True)), None),
        version=header.version(root),
        relations=relations,
        written_at=elements.found_time(root.find("effectiveTime"), "ClinicalDocument/effectiveTime"),
        visit_at=visit,
        visit_ids=tuple(elements.found_ids(root.findall(f"{header.ENCOUNTER}/id"), f"{header.ENCOUNTER}/id")),
        authors=authors,
        author_organization=people.author_organization(root, authors),
        referrers=tuple(people.referrers(root)),
        recipients=tuple(people.recipients(root)),
        referral_numbers=tuple(numbers),
        order_ids=orders,
        text=content.text,
        embedded=content.embedded,
        warnings=warnings + content.warnings,
    )
