"""A short run of ``python -m tests.benchmarks.adversarial``: no note is ever attached to a wrong patient or referral."""

import random

import pytest

from tests import factories
from tests.benchmarks.mistakable import KINDS, people
from tests.benchmarks.trials import put_on_record, run

pytestmark = pytest.mark.django_db


def test_nobody_made_to_be_mistaken_is(world):
    rng = random.Random(4)
    cases = people(rng, 2 * len(KINDS))
    template = factories.referral(world, "seen")
    template.encounter = template.appointment = None
    put_on_record(rng, cases, template, doctors=12)
    tally = run(rng, cases, 120)
    assert tally.wrong == []
    assert tally.clean["attached"] > tally.clean["notes"] / 2  # and what is certain does not wait for a person
