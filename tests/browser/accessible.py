"""What axe-core finds on a page, as sentences."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def violations(page: Page, *rules: str) -> list[str]:
    """Each rule of WCAG 2.2 A and AA, and of good practice, that the page breaks, with the elements that break it.

    Only some rules, if they are named.
    """
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else RULES
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for one in found
        for node in one["nodes"]
    ]
