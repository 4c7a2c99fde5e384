"""A word right before a label can make it another's or another day's: ``Mother's DOB``, ``Onset Date``, ``Next Visit``."""

import re

from referrals.intake.letters.form_words import OTHER_PEOPLE, words_of

_LONGEST = 40  # characters of a word
_BEFORE = re.compile(r"[A-Za-z][\w'’.\-]*[\s/]*$")
_PERSONAL = {"birth", "sex", "ssn", "phone", "home_phone", "address", "family", "given", "middle", "former", "name"}
_ALSO = "daughter son brother sister sibling cardholder donor party"
_PLACES = "employer facility clinic office pharmacy provider physician doctor hospital practice contact emergency"
_OTHER_VISITS = "next last previous prior return future follow-up followup upcoming missed md er ed hospital emergency"
_OTHER_DAYS = """onset injury accident start end effective expiration expiry expires due issue issued event loss hire
    authorization order referral surgery admission discharge print received birth death termination review renewal diagnosis
    collection approval approved entered"""
_RELATIVES = OTHER_PEOPLE | frozenset(_ALSO.split())
_OTHERS = _RELATIVES | frozenset(_PLACES.split())
_ANOTHER_VISIT = frozenset(_OTHER_VISITS.split())
_ANOTHER_DAY = _ANOTHER_VISIT | frozenset(_OTHER_DAYS.split())
# Words before "Name" and before "Date" that leave them the patient's and the letter's.
_PATIENTS = """patient patients child infant newborn client member employee veteran resident student claimant worker applicant
    beneficiary enrollee participant information info details demographics identification and data"""
_LETTERS = "today todays note letter report and consult the"
_PLAIN = {"name": frozenset(_PATIENTS.split()), "written": frozenset(_LETTERS.split())}


def meant(key: str, wording: str, before: str, *, valued: bool) -> str:
    """The key of a label behind the text ``before`` it in its piece; ``valued`` when that is an earlier label's value, whose

    last word may be anything."""
    last = _BEFORE.search(before[-_LONGEST:])
    words = words_of(last[0]) if last else []
    if not words:
        return key
    word = words[-1]
    if word in _RELATIVES and key == "mrn" or word in _OTHERS and key in _PERSONAL:
        return "other_person"
    if key == "name" and wording == "name" and not valued and word not in _PLAIN["name"]:
        return "other_person"
    if key == "written" and wording in ("date", "date/time"):
        plain = word in _PLAIN["written"] or (valued and word not in _ANOTHER_DAY)
        return key if plain else "other_date"
    return "other_date" if key == "visit" and word in _ANOTHER_VISIT else key
