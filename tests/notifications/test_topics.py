"""Which endpoint wants which topic."""

import pytest

from notifications.topics import folders, is_pattern, is_topic, matches, wants


@pytest.mark.parametrize(
    ("topic", "pattern", "covered"),
    [
        ("referral.seen", "referral.seen", True),
        ("referral.seen", "referral.*", True),
        ("referral.seen", "*", True),
        ("escalation.on_hold.second", "escalation.*", True),
        ("referral", "referral.*", False),
        ("referrals.seen", "referral.*", False),
        ("referral.seen", "referral.see", False),
        ("referral.seen", "referral", False),
        ("note.request", "referral.*", False),
    ],
)
def test_patterns(topic, pattern, covered):
    assert matches(topic, pattern) is covered


def test_own_list_then_defaults_then_everything():
    assert wants("a.b", subscribed=["a.*"], defaults=["c"])
    assert not wants("c", subscribed=["a.*"], defaults=["c"])
    assert wants("c", subscribed=[], defaults=["c"])
    assert not wants("a.b", subscribed=[], defaults=["c"])
    assert wants("a.b", subscribed=[], defaults=[])


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a b", "A.b", "a.*", "a\n", "../etc"])
def test_not_a_topic(text):
    assert not is_topic(text)


@pytest.mark.parametrize("text", ["", "a*", "*.a", "a.*.b", "a.**", "a\n"])
def test_not_a_pattern(text):
    assert not is_pattern(text)


def test_template_folders_from_special_to_general():
    assert list(folders("a.b.c")) == ["a.b.c", "a.b", "a", "default"]
