"""Field-standard identifiers: referral number, NPI, ICD-10-CM, US zip and phone. Pure functions.

Each ``clean_*`` returns the canonical value or raises ValueError with a sentence that says what to do.
"""

import re
import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# USPS Publication 28, appendix B: states, territories, associated states, military mail.
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI FM MH PW AA AE AP"
)
US_STATES = frozenset(_STATES.split())
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_PAYLOAD = 7  # characters before the check character; 32**7 is 34 billion numbers


def _gf32_powers() -> list[int]:
    """Powers of the generator of GF(32) with x^5 + x^2 + 1; distinct for 31 positions."""
    powers, value = [], 1
    for _ in range(_PAYLOAD + 1):
        powers.append(value)
        value <<= 1
        if value & 32:
            value ^= 0b100101
    return powers


_WEIGHTS = _gf32_powers()[1:]


def _gf32_multiply(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= 0b100101
        b >>= 1
    return product


def _check_character(payload: str) -> str:
    """A weighted sum over GF(32). Distinct non-zero weights, none equal to the check position's weight of one,

    make every single wrong character and every swap of two neighbours change the sum."""
    total = 0
    for weight, character in zip(_WEIGHTS, reversed(payload), strict=True):
        total ^= _gf32_multiply(weight, CROCKFORD.index(character))
    return CROCKFORD[total]


def new_referral_number() -> str:
    """A random number such as ``RL-7K3M-9QXF``."""
    payload = "".join(secrets.choice(CROCKFORD) for _ in range(_PAYLOAD))
    return format_referral_number(payload + _check_character(payload))


def format_referral_number(code: str) -> str:
    return f"RL-{code[:4]}-{code[4:]}"


def clean_referral_number(text: str) -> str:
    """Canonical ``RL-XXXX-XXXX`` from what a person, a fax or OCR wrote (case, spaces, O/0, I/L/1).

    Raises ValueError when it is not a referral number or its check character does not fit."""
    code = re.sub(r"[^0-9A-Z]", "", text.upper())
    if len(code) == _PAYLOAD + 3 and code[0] == "R" and code[1] in "L1I":
        code = code[2:]
    code = code.translate(_READ_AS)
    if len(code) != _PAYLOAD + 1 or any(character not in CROCKFORD for character in code):
        raise ValueError("A referral number looks like RL-7K3M-9QXF.")
    if _check_character(code[:-1]) != code[-1]:
        raise ValueError("This referral number has a typing error: its last character does not fit the others.")
    return format_referral_number(code)


def clean_npi(text: str) -> str:
    """Ten digits whose Luhn check with prefix 80840 holds (CMS NPI standard)."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[12]\d{9}", digits, re.ASCII):
        raise ValueError("An NPI has ten digits and starts with 1 or 2.")
    if npi_check_digit(digits[:9]) != digits[9]:
        raise ValueError("This NPI's check digit is wrong; compare it with the NPPES registry.")
    return digits


def npi_check_digit(first_nine: str) -> str:
    """The tenth digit for nine: Luhn over ``80840`` and the nine."""
    total = 0
    for place, digit in enumerate(reversed("80840" + first_nine)):
        value = int(digit)
        if place % 2 == 0:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return str(-total % 10)


def clean_icd10(text: str) -> str:
    """An ICD-10-CM code with its dot, e.g. ``I25.10`` from ``i2510``. The form is checked, not the catalogue."""
    code = re.sub(r"[\s.]", "", text.upper())
    if not re.fullmatch(r"[A-Z]\d[0-9A-Z][0-9A-Z]{0,4}", code, re.ASCII):
        raise ValueError(f"'{text}' is not an ICD-10-CM code; they look like I25.10 or M54.5.")
    return code if len(code) == 3 else f"{code[:3]}.{code[3:]}"


def clean_zip(text: str) -> str:
    """A five-digit US zip, or ZIP+4 with its hyphen."""
    match = re.fullmatch(r"(\d{5})-?(\d{4})?", text.strip(), re.ASCII)
    if not match:
        raise ValueError("A zip code has five digits, optionally a hyphen and four more.")
    return f"{match[1]}-{match[2]}" if match[2] else match[1]


def clean_phone(text: str) -> str:
    """Ten digits of a US number as ``608-555-0142``; a leading 1 or +1 is dropped, an extension is kept."""
    number, _, extension = re.sub(r"(?i)\s*(ext\.?|x)\s*", "x", text.strip()).partition("x")
    digits = re.sub(r"[\s().+-]", "", number)
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    if not re.fullmatch(r"[2-9]\d{9}", digits, re.ASCII) or (
        extension and not re.fullmatch(r"\d{1,6}", extension, re.ASCII)
    ):
        raise ValueError("A phone number has ten digits, such as 608-555-0142 (add x12 for an extension).")
    formatted = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return f"{formatted}x{extension}" if extension else formatted
