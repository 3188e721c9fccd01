"""axe-core over a page, light on a desk and dark on a phone or the other way round: what breaks WCAG 2.1, A and AA.

That pages go by the window (1.4.10), which axe does not ask, is measured on the phone.
"""

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ViewportSize

from tests.browser.desk import DESKTOP, PHONE, Desk

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
_RUN = "rules => axe.run(document, rules).then(found => found.violations)"
_THEME = """theme => {
    document.documentElement.classList.toggle('dark', theme === 'dark');
    document.documentElement.style.colorScheme = theme;
}"""
# Colours that fade in would be measured half-way.
_STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
_DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
Looks = tuple[tuple[str, ViewportSize], ...]
LOOKS: Looks = (("light", DESKTOP), ("dark", PHONE))
SWAPPED: Looks = (("dark", DESKTOP), ("light", PHONE))


@dataclass(frozen=True)
class Violation:
    """One element that breaks one rule of axe's in one look of a page."""

    rule: str
    impact: str
    page: str
    look: str
    target: str
    markup: str
    why: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}) on {self.page}, {self.look}: {self.target} {self.markup} — {self.why}"


def look_at(desk: Desk, page: str, looks: Looks = LOOKS) -> list[Violation]:
    """All violations of the page that is open, in each of the looks."""
    desk.page.add_style_tag(content=_STILL)
    desk.page.evaluate(AXE_SCRIPT)
    found = []
    for theme, window in looks:
        desk.page.set_viewport_size(window)
        desk.page.evaluate(_THEME, theme)
        desk.page.evaluate(_DRAWN)
        look = f"{theme} {window['width']}"
        for violation in desk.page.evaluate(_RUN, _RULES):
            found += [_of(violation, node, page, look) for node in violation["nodes"]]
        if window is PHONE:
            found += wider_than_a_phone(desk, page)
    desk.page.set_viewport_size(DESKTOP)
    return found


def wider_than_a_phone(desk: Desk, page: str) -> list[Violation]:
    """Of the page that is open in a phone's window; what scrolls inside of it does not count."""
    excess = desk.excess_width()
    if excess <= 0:
        return []
    return [Violation("reflow", "serious", page, f"{PHONE['width']}", "html", "", f"{excess} pixels too wide")]


def _of(violation: dict[str, Any], node: dict[str, Any], page: str, look: str) -> Violation:
    why = (node.get("failureSummary") or "").replace("\n", " ")[:160]
    target = " ".join(str(part) for part in node["target"])
    return Violation(violation["id"], violation["impact"], page, look, target, node["html"][:120], why)
