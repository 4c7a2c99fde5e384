"""Keys under which people's names are stored and searched. Pure functions."""

import re
import unicodedata


def name_key(text: str) -> str:
    """Lower-case letters and digits only, accents dropped: ``O'Brien-Núñez`` -> ``obriennunez``."""
    plain = unicodedata.normalize("NFKD", text)
    return re.sub(r"[\W_]", "", "".join(c for c in plain if not unicodedata.combining(c))).lower()


def initials(given: str, family: str) -> str:
    """``J. D.`` for Jane Doe: what a message without patient details may carry."""
    return " ".join(f"{part[0].upper()}." for part in (given, family) if part)
