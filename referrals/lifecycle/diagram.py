"""The transition table as a Markdown page with a Mermaid diagram: docs/lifecycle.md is this function's output."""

from collections import defaultdict

from referrals.lifecycle.states import ENDED, OPEN, STAGE_OF, TABLE, Status

INTRO = """# The lifecycle of a referral

Made from `referrals/lifecycle/states.py` by `python manage.py lifecycle_diagram --write`; a test fails when it is stale.
Arrows are the actions that move a referral; the table below lists every action from every status, also those that
leave the status as it is. Where an action has several targets, the facts of the referral decide.
"""


def lifecycle_page() -> str:
    """The whole page, ending in a newline."""
    return "\n".join([INTRO, "```mermaid", *_diagram(), "```", "", *_table()]) + "\n"


def _diagram() -> list[str]:
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for action, sources in TABLE.items():
        for source, targets in sources.items():
            for target in targets:
                if target != source:
                    arrows[source, target].append(action.value)
    lines = ["stateDiagram-v2", "    [*] --> received: capture"]
    for (source, target), actions in sorted(arrows.items()):
        lines.append(f"    {source} --> {target}: {', '.join(actions)}")
    return lines + [f"    {status} --> [*]" for status in ENDED]


def _table() -> list[str]:
    lines = ["| from | stage | action | to |", "|---|---|---|---|"]
    for status in (*OPEN, *ENDED):
        stage = STAGE_OF.get(status, "ended")
        for action, sources in TABLE.items():
            if status in sources:
                targets = " or ".join(Status(target).value for target in sources[status])
                lines.append(f"| `{status}` | {stage} | {action.value} | {targets} |")
    return lines
