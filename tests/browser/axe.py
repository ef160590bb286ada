"""Accessibility rules of axe-core (vendored beside this file), run inside a page."""

from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_violations(page: Page) -> list[str]:
    """Every violation as one readable line: rule, what it says, and the elements."""
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [f"{rule['id']}: {rule['help']}: {_places(rule['nodes'])}" for rule in found["violations"]]


def _places(nodes: list[dict]) -> str:
    return " | ".join(f"{node['target']} {node['html'][:120]}" for node in nodes)
