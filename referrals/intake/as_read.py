"""The patient of a document in a line, as the document names it. Pure."""

from referrals.intake.reading import Moment, Name, Reading
from referrals.names import name_key


def patient_as_read(reading: Reading) -> tuple[str, str, str]:
    """(``Doe, Jane``, key of the family name, birth date as ISO) of the first patient; empty where nothing was read."""
    if not reading.patients:
        return "", "", ""
    first, more = reading.patients[0], len(reading.patients) - 1
    name = first.names[0].value if first.names else Name()
    text = name_in_words(name)[:130] + (f" and {more} more" if more else "")
    family = name.family or name.text.partition(",")[0]
    born = first.birth_date.value.iso[:10] if first.birth_date else ""
    return text, name_key(family)[:80], born


def name_in_words(name: Name) -> str:
    """``Doe, Jane Q., Jr.``, or the name as it was written when it came in one piece."""
    if not name.family:
        return name.text or " ".join(name.given)
    given = " ".join((*name.given, name.suffix)).strip()
    return f"{name.family}, {given}" if given else name.family


def moment_in_words(moment: Moment) -> str:
    """``03/04/1961``, ``03/04/1961 9:30``, or what is written when it is no whole date."""
    day = moment.day
    if day is None:
        return moment.iso or moment.raw
    time = moment.iso[11:16]
    return f"{day:%m/%d/%Y}" + (f" {time}" if time else "")
