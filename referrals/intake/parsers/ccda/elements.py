"""Small readers of CDA data types: II, CE, TS, PN, AD, TEL."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from referrals.intake.parsers.moments import moment
from referrals.intake.reading import Address, Found, Identifier, Moment, Name

# Identifier roots whose kind every US sender means: social security, Medicare.
_TYPES = {
    "2.16.840.1.113883.4.1": "SS",
    "2.16.840.1.113883.4.572": "MC",
    "2.16.840.1.113883.4.927": "MC",
}
_REGISTERS = ("2.16.840.1.113883.4.", "2.16.840.1.113883.19.5")
_PERHAPS_AUTHORITY = 0.3
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)
_NAME_USES = {"L": "official", "P": "alias", "A": "alias", "ASGN": "alias", "I": "alias", "R": "alias", "SRCH": "alias"}
_NOT_PHONES = ("mailto:", "http:", "https:", "fax:", "ftp:")


def text_of(element: etree._Element | None) -> str:
    """All text below an element, white space made single."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def code_of(element: etree._Element | None) -> tuple[str, str]:
    """(code, code system OID); a code sent only as a translation counts."""
    if element is None:
        return "", ""
    candidates = [element, *element.findall("translation")]
    for candidate in candidates:
        if code := candidate.get("code", "").strip():
            return code, candidate.get("codeSystem", "").strip()
    return "", ""


def display_of(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return " ".join(element.get("displayName", "").split()) or text_of(element.find("originalText"))


def identifier(element: etree._Element, *, of_document: bool = False) -> Identifier | None:
    """An II: the extension under its root, or the root alone when it is the whole identifier.

    The root of a register (social security, NPI) alone is a number left out, the same for all of a sender's patients."""
    extension, root = (element.get(key, "").strip() for key in ("extension", "root"))
    if extension:
        return Identifier(extension, root or element.get("assigningAuthorityName", "").strip(), _TYPES.get(root, ""))
    if not root or element.get("nullFlavor") or (root.startswith(_REGISTERS) and not of_document):
        return None
    return Identifier(root)


def found_ids(
    elements: Iterable[etree._Element], where: str, *, of_document: bool = False
) -> Iterator[Found[Identifier]]:
    """A lone UUID is an identifier; a lone OID is one of a document, and of anything else more likely an authority."""
    seen = set()
    for element in elements:
        if (value := identifier(element, of_document=of_document)) and value not in seen:
            seen.add(value)
            is_whole = bool(value.assigner or element.get("extension")) or of_document
            yield Found(value, where, 1.0 if is_whole or _UUID.fullmatch(value.value) else _PERHAPS_AUTHORITY)


def time_of(element: etree._Element | None) -> Moment | None:
    """A TS, or an IVL_TS by its value, low or centre. None when nothing stands there."""
    if element is None:
        return None
    for candidate in (element, element.find("low"), element.find("center")):
        if candidate is not None and (value := candidate.get("value", "").strip()):
            return moment(value)
    return None


def found_time(element: etree._Element | None, where: str) -> Found[Moment] | None:
    value = time_of(element)
    return Found(value, where) if value else None


def names(elements: Iterable[etree._Element]) -> list[Name]:
    """Names in one PN each, the official first. A birth or call-me part among others is a name of its own."""
    plain: list[Name] = []
    for element in elements:
        plain += _names_of(element)
    if any(name.use != "former" for name in plain):
        order = {"official": 0, "": 1}
        plain.sort(key=lambda name: order.get(name.use, 2))
    return list(dict.fromkeys(plain))


def _names_of(element: etree._Element) -> list[Name]:
    parts = {tag: _parts(element, tag) for tag in ("family", "given", "suffix", "prefix")}
    use = next((_NAME_USES[u] for u in element.get("use", "").split() if u in _NAME_USES), "")
    if not parts["family"] and not parts["given"]:
        text = text_of(element)
        is_name = text != " ".join(part for tag in ("prefix", "suffix") for part, _ in parts[tag])  # "Dr." is nobody
        return [Name(use=use, text=text)] if text and is_name else []
    suffix, prefix = (" ".join(text for text, _ in parts[tag]) for tag in ("suffix", "prefix"))
    now = [text for text, qualifier in parts["family"] if not {"BR", "SP"} & qualifier]
    born = [text for text, qualifier in parts["family"] if "BR" in qualifier]
    only_born = not now and bool(born)
    given = [text for text, q in parts["given"] if "CL" not in q and (only_born or "BR" not in q)]
    called = [text for text, qualifier in parts["given"] if "CL" in qualifier]
    given_born = [text for text, qualifier in parts["given"] if "BR" in qualifier]
    family = " ".join(now or born or [text for text, _ in parts["family"]])
    first = tuple(given or given_born or called)
    found = [Name(family, first, suffix, prefix, "former" if only_born and use != "official" else use)]
    if now and born:
        found.append(Name(" ".join(born), tuple(given_born or first), use="former"))
    if called and given:
        found.append(Name(family, tuple(called), use="nickname"))
    return found


def _parts(element: etree._Element, tag: str) -> list[tuple[str, set[str]]]:
    found = []
    for part in element.iter(tag):
        text = text_of(part)
        if text and not part.get("nullFlavor"):
            found.append((text, set(part.get("qualifier", "").split())))
    return found


def address(element: etree._Element) -> Address | None:
    lines = tuple(text for e in element.findall("streetAddressLine") if (text := text_of(e)))
    city, state, code = (text_of(element.find(tag)) for tag in ("city", "state", "postalCode"))
    return Address(lines, city, state, code) if lines or city or code else None


def phones(elements: Iterable[etree._Element]) -> list[str]:
    """Telephone numbers as written, without ``tel:``; e-mail, web and fax are none."""
    found = []
    for element in elements:
        value = element.get("value", "").strip()
        if value and not value.lower().startswith(_NOT_PHONES):
            number = value[4:].strip() if value.lower().startswith("tel:") else value
            if any(c.isdigit() for c in number) and number not in found and "@" not in number:
                found.append(number)
    return found
