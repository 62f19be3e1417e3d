"""axe-core, which looks for barriers: WCAG 2.2, levels A and AA, and good practice."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What another theme may change.
COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    """Return what axe finds wrong, and where; `rules` are ids or tags of its rules."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(r => r.violations)", rules
    )
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]
