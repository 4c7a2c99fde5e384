"""The measures of docs/reporting.md: pure rules beside the queries that count by them, each tested against the other."""
