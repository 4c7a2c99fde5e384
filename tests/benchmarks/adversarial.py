"""Is a note ever attached to the wrong patient? ``DATABASE_URL=… python -m tests.benchmarks.adversarial [--trials 10000]``.

Matches notes about people made to be mistaken for each other (mistakable.py) among ordinary referrals in PostgreSQL and
prints how many were attached to a wrong patient or referral, which must be none, how many were attached without asking,
of each kind, and of those that say name and birth date as on record why a person is asked. Ends with 1 when any is wrong.
"""

import argparse
import random
import sys

from tests.benchmarks.databases import fresh_database


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--groups", type=int, default=600, help="groups of people made to be mistaken")
    parser.add_argument("--rows", type=int, default=2_000, help="referrals of other people")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    with fresh_database("refloop_bench_adversarial"):
        wrong = _run(options)
    sys.exit(1 if wrong else 0)


def _run(options) -> int:
    from referrals.models import Referral
    from tests import factories
    from tests.benchmarks.fill import fill
    from tests.benchmarks.mistakable import people
    from tests.benchmarks.trials import put_on_record, run

    rng = random.Random(options.seed)
    fill(options.rows, now=factories.NOW)
    cases = people(rng, options.groups)
    put_on_record(rng, cases, Referral.objects.filter(status="seen").select_related("receiving_provider").first())
    tally = run(rng, cases, options.trials)
    known = tally.trials - tally.outcome["not on record"]
    say(f"{tally.trials} notes about {len(cases)} people, seed {options.seed}: {len(tally.wrong)} attached WRONG")
    for words in tally.wrong[:20]:
        say(f"  {words}")
    for name in ("attached", "first", "listed", "missed"):
        say(
            f"  {name:<10} {tally.outcome[name]:>6}  {tally.outcome[name] / known:.1%} of the {known} about people on record"
        )
    notes, clean = tally.clean["notes"], tally.clean["attached"]
    say(f"  of {notes} that say name and birth date as on record {clean / notes:.1%} were attached; else:")
    for words, count in tally.reasons.most_common(12):
        say(f"    {count:>5}  {words}")
    for kind, count in sorted(tally.kinds.items()):
        say(f"  {kind:<28} {tally.attached[kind] / count:>6.1%} of {count} attached")
    return len(tally.wrong)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
