"""What axe-core finds on a page, in words. The rules of WCAG 2.1 level A and AA."""

from axe_playwright_python.base import AXE_SCRIPT

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}  # what hangs on the scheme


def faults_of(page, *, rules: dict = RULES) -> list[str]:
    """One line for each rule that is broken, with the first elements that break it."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(document, rules)", rules | {"resultTypes": ["violations"]})["violations"]
    return [
        f"{broken['impact']} {broken['id']} x{len(broken['nodes'])}: "
        + " | ".join(f"{node['target'][0]} {_why(node)}" for node in broken["nodes"][:3])
        for broken in found
    ]


def _why(node: dict) -> str:
    return node["failureSummary"].split("\n")[1].strip()[:140] if "\n" in node["failureSummary"] else ""
