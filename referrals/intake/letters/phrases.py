"""Wordings of letters as patterns that do not care for case or the kind of white space."""

import re


def any_of(*alternatives: str) -> re.Pattern[str]:
    """A pattern of regular expressions in which a space stands for any white space."""
    return re.compile("|".join(alternative.replace(" ", r"\s+") for alternative in alternatives), re.I)
