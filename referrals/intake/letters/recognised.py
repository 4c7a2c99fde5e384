"""Small faults of recognition mended before a line is read: spaces lost between columns, stops put into dates."""

import re

# "0834959Visit date", "2026REFERRAL NUMBER", "Referra1RL-Q2AR-5YMS", "MDNPI: 12..": two columns of a line run together.
_GLUED = re.compile(
    r"(?<=\d\d)(?=[A-Z][a-z1]{2,})|(?<=\d{4})(?=[A-Z]{4,}\b)|(?<=[a-z1])(?=RL-[0-9A-Z]{4})|(?<=\b(?:MD|DO|OD|NP))(?=NPI\b)"
)
_STOP_IN_DATE = re.compile(r"\b(\d{1,2}/\d{1,2}/\d{2})[.,](\d{2})\b|\b(\d{1,2})/[.,](\d{1,2}/\d{4})\b")


# Letters of other alphabets that specks and broken strokes are read as; no name key folds them.
_LOOK_LATIN = str.maketrans("ıłŁħĦŧđΛΑΒΕΖΗΙΚΜΝΟΡΤΥΧοАВЕКМНОРСТХаеорсухі", "ilLhHtdAABEZHIKMNOPTYXoABEKMHOPCTXaeopcyxi")


# Labels in capitals before their number.
_RECORD_LABEL = re.compile(r"\b(?:[NWV]RN|MR[MHV]|M[BP]N)(?=[\s:.#]{0,3}[A-Z]{0,2}\d{4})")
_BIRTH_LABEL = re.compile(r"\b(?:[OQ][O0]B|D[QCD]B)(?=[\s:.]{0,3}\d)|\bD[O0]8\b")
_I = re.compile(r"\b1(?= (?:saw|had|met|evaluated|examined|performed)\b)")
_SPECK = re.compile(r"(?<=[a-z]{3})\.(?= [a-z]{2})")
_YEAR = re.compile(r"\b[il!|](?=9\d\d\b)")


def tidied(text: str) -> str:
    """The text of a recognised line with such faults mended; nothing else is touched."""
    text = _GLUED.sub(" ", text.translate(_LOOK_LATIN))
    text = _BIRTH_LABEL.sub("DOB", _RECORD_LABEL.sub("MRN", text))
    text = _YEAR.sub("1", _SPECK.sub("", _I.sub("I", text)))
    return _STOP_IN_DATE.sub(lambda m: f"{m[1]}{m[2]}" if m[1] else f"{m[3]}/{m[4]}", text)
