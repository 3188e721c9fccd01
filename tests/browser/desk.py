"""A desk's browser window: a person, a language, and pictures of every step."""

import re
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from mediaexchange.core.models import User

PICTURES = Path(settings.BASE_DIR) / "build" / "screenshots"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1400, "height": 900}


class Desk:
    """One browser context. ``text`` is the interface's own wording in this desk's language."""

    def __init__(self, page: Page, origin: str, language: str, road: str) -> None:
        self.page, self.origin, self.language = page, origin, language
        self.pictures = PICTURES / language / road
        self.zone = settings.TIME_ZONE
        self._steps = count(1)
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": origin}
        page.context.add_cookies([cookie])

    def choose_language(self, language: str) -> None:
        """By the switch in the menu of the account."""
        self.page.locator('[x-data*="openUserLinks"] > div').click()
        chosen = self.page.locator("form", has=self.page.locator(f'input[name="language"][value="{language}"]'))
        chosen.locator("button").click()
        self.page.wait_for_load_state()
        self.language = language

    def text(self, msgid: str) -> str:
        with translation.override(self.language):
            return gettext(msgid)

    def enter(self, user: User) -> "Desk":
        """Be signed in without the form."""
        self.zone = user.time_zone
        client = Client()
        client.force_login(user, backend="broadcasters.auth.RoleBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.origin, "httpOnly": True}]
        )
        return self

    def go(self, address: str) -> None:
        response = self.page.goto(self.origin + address)
        assert response is not None
        assert response.ok, f"{address} answered {response.status}"

    def status_of(self, address: str) -> int:
        """What the address answers this desk, wherever that would lead, without leaving the page."""
        return self.page.request.get(self.origin + address, max_redirects=0).status

    def clock(self, at: datetime) -> str:
        """The moment as this desk's pages write it."""
        with translation.override(self.language):
            return date_format(at.astimezone(ZoneInfo(self.zone)), "SHORT_DATETIME_FORMAT")

    def open_list(self, noun: str, query: str = "", app: str = "newsexchange") -> None:
        self.go(reverse(f"admin:{app}_{noun}_changelist") + query)

    def open_record(self, record: object) -> None:
        opts = record._meta
        self.go(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk]))

    @property
    def rows(self) -> Locator:
        return self.page.locator("#result_list tbody tr")

    def open_tab(self, name: str) -> None:
        self.page.locator("nav").get_by_text(name, exact=True).click()

    def start_deed(self, name: str) -> None:
        """Press the deed's button on a record's page, whether it asks first or acts at once."""
        address = f"/deed/{name}/"
        asking = self.page.locator(f'a[href$="{address}"]')
        acting = self.page.locator(f'form[action$="{address}"] button')
        asking.or_(acting).first.click()

    def confirm_deed(self) -> None:
        self.page.locator("form.mx-deed button[type=submit]").click()

    def press_last(self, selector: str) -> None:
        """Press the last such button of the page's content, once all of the page has come."""
        self.settle()
        self.page.locator("#content").locator(selector).last.click()

    def hears(self, msgid: str) -> None:
        """A message with this wording, whatever its placeholders were filled with, stands on the page."""
        parts = (re.escape(part) for part in re.split(r"%\(\w+\)[sd]", self.text(msgid)))
        expect(self.page.get_by_text(re.compile(".*".join(parts))).first).to_be_visible()

    def settle(self) -> None:
        """Wait until a page that was on its way stands there: between two pages there is no document."""
        self.page.wait_for_function("document.readyState === 'complete' && document.documentElement !== null")

    def excess_width(self) -> int:
        """How many CSS pixels the page is wider than its window."""
        self.settle()
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def fits_its_window(self) -> None:
        wide = self.excess_width()
        assert wide <= 1, f"{wide} pixels wider than the window"

    def picture(self, step: str) -> None:
        """Keep the whole page for people to look at."""
        self.settle()
        path = self.pictures / f"{next(self._steps):02}-{step}.png"
        window = self.page.viewport_size
        assert window
        # As tall as the page: bars that stick to the window's lower edge would cover its middle.
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": window["width"], "height": max(height, window["height"])})
        self.page.screenshot(path=path, full_page=True, animations="disabled")
        self.page.set_viewport_size(window)
