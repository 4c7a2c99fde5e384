"""The same records linked by Splink, as a reference: trained without labels on DuckDB, all pairs scored."""

import logging

import pandas
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from tests.benchmarks.pairs import best_f1

KINDS = {
    "first_name": lambda: comparisons.NameComparison("first_name"),
    "surname": lambda: comparisons.NameComparison("surname"),
    "dob": lambda: comparisons.DateOfBirthComparison("dob", input_is_string=True),
    "postcode": lambda: comparisons.ExactMatch("postcode"),
    "city": lambda: comparisons.ExactMatch("city"),
    "street": lambda: comparisons.JaroWinklerAtThresholds("street", [0.9, 0.8]),
    "email": lambda: comparisons.JaroWinklerAtThresholds("email", [0.9, 0.8]),
    "ssn": lambda: comparisons.DamerauLevenshteinAtThresholds("ssn", [1, 2]),
}


def _blocking(columns: list[str]) -> list:
    """Those of pairs.py that are worth most, with SQL's own soundex-like prefixes instead of Metaphone."""
    rules = [block_on("dob"), block_on("substr(surname, 1, 4)", "substr(first_name, 1, 1)"),
             block_on("substr(surname, 1, 1)", "first_name")]  # fmt: skip
    rules += [block_on(name) for name in ("street", "email", "ssn") if name in columns]
    if "postcode" in columns:
        rules.append(block_on("postcode"))
    return rules + ["l.first_name = r.surname AND l.surname = r.first_name"]


def splink_f1(rows: list[dict], entity: dict[str, str], true: int, *, few: bool) -> float:
    """F1 at the threshold that is best for it."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    frame = pandas.DataFrame(rows)
    columns = [name for name in KINDS if name in frame and frame[name].notna().any()]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[KINDS[name]() for name in columns],
        blocking_rules_to_generate_predictions=["1=1"] if few else _blocking(columns),
    )
    linker = Linker(DuckDBAPI().register(frame), settings)
    certain = [block_on("first_name", "surname"), block_on("surname", "dob")]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("dob"), block_on("first_name", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_weight=-10).as_pandas_dataframe()
    pairs = zip(found["match_weight"], found["unique_id_l"], found["unique_id_r"], strict=True)
    return best_f1([(weight, entity[a] == entity[b]) for weight, a, b in pairs], true)[0]
