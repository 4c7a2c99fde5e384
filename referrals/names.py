"""Keys under which people's names and numbers are stored and searched. Pure functions."""

import re
import unicodedata
from functools import lru_cache

from jellyfish import metaphone

_OID_OR_URI = re.compile(r"[0-9]+(\.[0-9]+)+|[a-z][a-z0-9+.-]*:\S+")


def name_key(text: str) -> str:
    """Lower-case letters and digits only, accents dropped: ``O'Brien-Núñez`` -> ``obriennunez``."""
    if text.isascii():
        return "".join(filter(str.isalnum, text)).lower()
    plain = unicodedata.normalize("NFKD", text)
    return re.sub(r"[\W_]", "", "".join(c for c in plain if not unicodedata.combining(c))).lower()


@lru_cache(maxsize=50_000)
def sound(family_key: str) -> str:
    """How a family name sounds (Metaphone of its key, at most eight characters): a misspelt one often sounds the same."""
    return metaphone(family_key)[:8] if family_key else ""


def number_key(text: str) -> str:
    """A number somebody was given, however it is written: letters and digits in upper case, and for a number of digits
    alone no zeros in front."""
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    return plain.lstrip("0") if plain.isdigit() else plain


@lru_cache(maxsize=5_000)
def assigner_key(text: str) -> str:
    """Who gave a number, however it is written. An OID or URI is kept to the dot, for ``1.23.4`` and ``1.2.34`` are two
    organizations; a plain name is compared by its letters."""
    plain = text.strip().lower().removeprefix("urn:oid:").rstrip("/")
    return plain if _OID_OR_URI.fullmatch(plain) else name_key(plain)


def initials(given: str, family: str) -> str:
    """``J. D.`` for Jane Doe: what a message without patient details may carry."""
    return " ".join(f"{part[0].upper()}." for part in (given, family) if part)


def full_name(*parts: str) -> str:
    """Given, middle and family name and suffix in a row, without those that are empty."""
    return " ".join(part for part in parts if part)
