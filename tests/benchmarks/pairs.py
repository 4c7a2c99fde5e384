"""Quality of the identity score on labelled pairs: ``python -m tests.benchmarks.pairs FILE.csv … [--no-identifier]``.

Each file is FEBRL's (columns rec_id, given_name, surname, date_of_birth, soc_sec_id, …; records of one person share the
number in rec_id) or Splink's demo set (unique_id, first_name, surname, dob, city, email, cluster). All pairs are
compared. When ``splink`` is installed, the same records are linked by Splink in the same run: its model is trained
without labels, and its best threshold is chosen with them, as is ours."""

import argparse
import csv
import itertools
import time
from collections.abc import Iterable
from pathlib import Path

from referrals.names import name_key, number_key, sound
from referrals.reconcile.identity.compare import compare
from referrals.reconcile.identity.person import Person, person_name, street_key
from referrals.reconcile.identity.weights import SAME_PERSON


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--no-identifier", action="store_true", help="leave the social security number out")
    options = parser.parse_args()
    for file in options.files:
        people, entity, rows = load(file, identifier=not options.no_identifier)
        began = time.perf_counter()
        scored, wrong_hard, hard = score(people, entity)
        seconds = time.perf_counter() - began
        true = sum(len(g) * (len(g) - 1) // 2 for g in groups(entity).values())
        best, threshold = best_f1(scored, true)
        at = f1([pair for pair in scored if pair[0] >= SAME_PERSON], true)
        say(f"{file.name}: {len(people)} records, {true} true pairs, {seconds:.1f} s")
        say(f"  ours: F1 {at:.4f} at our own threshold, {best:.4f} at the best ({threshold:.1f} points)")
        say(f"  hard: {hard} pairs would be taken without asking, {wrong_hard} of them wrong")
        try:
            from tests.benchmarks.pairs_splink import splink_f1
        except ImportError:
            say("  splink is not installed here; pip install splink to compare")
        else:
            say(f"  Splink: F1 {splink_f1(rows, entity, true, few=len(people) <= FEW):.4f} at its best threshold")


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def load(file: Path, *, identifier: bool) -> tuple[dict[str, Person], dict[str, str], list[dict[str, str]]]:
    """People by id, the entity of each id, and plain rows for Splink."""
    people, entity, plain = {}, {}, []
    with file.open(encoding="utf-8") as opened:
        for raw in csv.DictReader(opened, skipinitialspace=True):
            row = {name.strip(): (value or "").strip() for name, value in raw.items()}
            pk, of, person, flat = _febrl(row, identifier) if "rec_id" in row else _splink(row)
            people[pk], entity[pk] = person, of
            plain.append({"unique_id": pk} | {name: value or None for name, value in flat.items()})
    return people, entity, plain


def _febrl(row: dict[str, str], identifier: bool) -> tuple[str, str, Person, dict[str, str]]:
    born = row["date_of_birth"]
    iso = f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 and born.isdigit() else ""
    number = row["soc_sec_id"] if identifier else ""
    street = street_key(f"{row['street_number']} {row['address_1']}")
    person = Person(
        names=(person_name(row["surname"], row["given_name"]),),
        birth=iso,
        identifiers=frozenset([("SSN", number_key(number))] if number else []),
        zips=frozenset([row["postcode"]] if row["postcode"] else []),
        streets=frozenset([street] if row["address_1"] else []),
        cities=frozenset([name_key(row["suburb"])] if row["suburb"] else []),
    )
    flat = {"first_name": row["given_name"], "surname": row["surname"], "dob": iso, "postcode": row["postcode"],
            "street": street if row["address_1"] else "", "city": row["suburb"], "ssn": number}  # fmt: skip
    return row["rec_id"], row["rec_id"].split("-")[1], person, flat


def _splink(row: dict[str, str]) -> tuple[str, str, Person, dict[str, str]]:
    person = Person(
        names=(person_name(row["surname"], row["first_name"]),),
        birth=row["dob"],
        emails=frozenset([row["email"].lower()] if row["email"] else []),
        cities=frozenset([name_key(row["city"])] if row["city"] else []),
    )
    flat = {name: row[name] for name in ("first_name", "surname", "dob", "city", "email")}
    return row["unique_id"], row["cluster"], person, flat


def groups(entity: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pk, of in entity.items():
        found.setdefault(of, []).append(pk)
    return found


FEW = 1_100  # of so many every pair is compared, of more those that share a key


def pairs_of(people: dict[str, Person]) -> Iterable[tuple[str, str]]:
    """Pairs to compare: all of few people; of many those who share a birth date, a zip code, one name and the other's
    initial, a street, telephone, e-mail or identifier, as blocking does for Splink too."""
    if len(people) <= FEW:
        return itertools.combinations(people, 2)
    groups_of: dict[tuple, list[str]] = {}
    for pk, person in people.items():
        for key in _keys(person):
            groups_of.setdefault(key, []).append(pk)
    return {pair for group in groups_of.values() for pair in itertools.combinations(sorted(group), 2)}


def _keys(person: Person) -> set[tuple]:
    keys = {("number", *number) for number in person.identifiers}
    keys |= {("reached", text) for text in person.streets | person.phones | person.emails}
    if person.birth:
        keys.add(("born", person.birth))
    for name in person.names:
        if name.family and name.given:
            keys |= {("name", sound(name.family), name.given[0]), ("name", sound(name.given), name.family[0])}
    return keys | {("home", code) for code in person.zips}


def score(people: dict[str, Person], entity: dict[str, str]) -> tuple[list[tuple[float, bool]], int, int]:
    """(points, is true) of the pairs above zero, how many hard ones are wrong, and how many are hard."""
    scored, wrong, hard = [], 0, 0
    for a, b in pairs_of(people):
        found = compare(people[a], people[b])
        same = entity[a] == entity[b]
        hard += found.hard
        wrong += found.hard and not same
        if found.points > 0:
            scored.append((found.points, same))
    return scored, wrong, hard


def best_f1(scored: list[tuple[float, bool]], true: int) -> tuple[float, float]:
    """The best F1 over all thresholds and the threshold it takes."""
    hits, best = 0, (0.0, 0.0)
    ordered = sorted(scored, reverse=True)
    for taken, (points, same) in enumerate(ordered, start=1):
        hits += same
        if taken == len(ordered) or ordered[taken][0] != points:
            best = max(best, (2 * hits / (taken + true), points))
    return best


def f1(taken: list[tuple[float, bool]], true: int) -> float:
    return 2 * sum(same for _, same in taken) / (len(taken) + true) if taken else 0.0


if __name__ == "__main__":
    main()
