"""Base64 as it comes: broken over lines, without padding, in a text field. Pure."""

import base64
import binascii
import re

# How the base64 of PDF, RTF, XML, TIFF, JPEG, PNG and ZIP begins.
_STARTS = ("JVBERi", "e1xydGY", "PD94bWw", "PENsaW5p", "SUkq", "TU0AK", "/9j/", "iVBORw", "UEsDB")
_ALPHABET = re.compile(r"[A-Za-z0-9+/=\s]+", re.ASCII)


def decode_base64(text: str) -> bytes | None:
    """The bytes, white space and missing padding forgiven; None when it is no base64 or empty."""
    packed = "".join(text.split()).rstrip("=")
    try:
        content = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return content or None


def starts_a_file(text: str) -> bool:
    """Whether a text is the base64 of a kind of file RefLoop reads: some senders put it where text belongs."""
    text = text.lstrip()
    return len(text) > 100 and text.startswith(_STARTS) and bool(_ALPHABET.fullmatch(text))
