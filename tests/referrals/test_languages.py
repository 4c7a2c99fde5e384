"""Who looks for an interpreter reads a language, not its tag."""

import pytest

from referrals.languages import language_name


@pytest.mark.parametrize(
    ("tag", "name"),
    [("so", "Somali"), ("HMN", "Hmong"), ("zh-Hant", "Chinese (zh-Hant)"), ("tlh", "tlh"), ("", "")],
)
def test_the_name_of_a_language(tag, name):
    assert language_name(tag) == name
