"""A production on paper: the same figures in five variants, each reader's own money, for those who see it alone."""

import re
import subprocess
from collections import Counter
from shutil import which

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from broadcasters.constants import Role
from mediaexchange.core.models import User
from newsexchange.demo import load_demo
from productions.formats.brief import render, sheet
from productions.models import Production
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_key, make_user
from tests.productions.factories import make_production

pytestmark = pytest.mark.django_db

SHOWN = ("sr", "sr-latn", "kk", "ru", "en")
NEEDS_POPPLER = pytest.mark.skipif(which("pdftotext") is None, reason="poppler-utils are not installed")


@pytest.fixture
def demo(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    list(load_demo(""))


def words_of(content):
    made = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return made.stdout.decode().replace("\u00a0", " ").replace("\u202f", " ")


def figures_in(text):
    """Amounts with their currency, shares, timecodes and clock times, however each language separates digits."""
    amounts = re.findall(r"(-?\d{1,3}(?:[ .,]\d{3})*(?:[.,]\d\d)?) ([A-Z]{3})\b", text)
    shares = re.findall(r"(\d{1,3}[.,]\d\d) %", text)
    timecodes = re.findall(r"\d:\d\d:\d\d\.\d{3}", text)
    return {
        "amounts": Counter((re.sub(r"\D", "", digits), code) for digits, code in amounts),
        "shares": Counter(share.replace(",", ".") for share in shares),
        "timecodes": Counter(timecodes),
        "tags": Counter(re.findall(r"\b[a-z]{2,3}-(?:Cyrl|Latn)\b", text)),
        "licences": Counter(re.findall(r"[A-Z]+-LIC-[0-9-]+", text)),
    }


@NEEDS_POPPLER
def test_all_five_variants_tell_the_same_figures_and_each_house_has_its_own_private_money(demo):
    """One demonstration for three questions: loading it is what takes time."""
    people = {user.username: user for user in User.objects.filter(username__contains="-")}
    film, now = Production.objects.get(slug="demo-liberators"), timezone.now()
    texts = {language: words_of(render(film, people["belgrade-producer"], language, now)) for language in SHOWN}
    figures = {language: figures_in(text) for language, text in texts.items()}
    assert all(figures[language] == figures["en"] for language in SHOWN), figures
    assert len(figures["en"]["amounts"]) > 15
    assert figures["en"]["shares"]["100.00"] == 1
    for language, letters in (("sr", "љњђ"), ("sr-latn", "šđž"), ("kk", "қғү"), ("ru", "ыэ"), ("en", "wy")):
        assert all(letter in texts[language] for letter in letters), language

    def said(username):
        page = sheet(film, people[username], "en", now)
        return next(dict(section.facts) for section in page.sections if section.heading.startswith("Budget"))

    belgrade, astana, novi_sad = (said(f"{house}-producer") for house in ("belgrade", "astana", "novisad"))
    assert belgrade["Private to your house"] != astana["Private to your house"]
    assert belgrade["Seen by all partners"] == astana["Seen by all partners"]
    assert novi_sad == {}  # it has none, so that there is nothing to tell apart
    page = sheet(film, people["astana-viewer"], "en", now)  # who may not read budgets
    headings = [section.heading for section in page.sections]
    assert not any(heading.startswith(("Budget", "Instalments")) for heading in headings)
    assert "Schedule" in headings
    assert "EUR" not in str(page)


def test_it_is_downloaded_from_the_production_s_page_and_by_the_api_by_those_who_see_it(rts, ptrc, belgrade):
    production = make_production(rts, ptrc, stage="development")
    client = Client()
    client.force_login(make_user(ptrc, Role.VIEWER), backend="broadcasters.auth.RoleBackend")
    page = client.get(reverse("admin:productions_production_brief", args=[production.pk]))
    assert page.status_code == 200
    for language in SHOWN:
        address = reverse("admin:productions_production_brief_pdf", args=[production.pk, language])
        assert address.encode() in page.content
    answer = client.get(reverse("admin:productions_production_brief_pdf", args=[production.pk, "sr-latn"]))
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{production.slug}-sr-Latn.pdf"'
    assert "no-store" in answer.headers["Cache-Control"]
    unknown = reverse("admin:productions_production_brief_pdf", args=[production.pk, "hu"])
    assert client.get(unknown).status_code == 404
    asked = belgrade.get(f"productions/{production.uid}/brief/", lang="kk")
    assert (asked.status_code, asked.headers["Content-Language"]) == (200, "kk")
    assert asked.content.startswith(b"%PDF-")
    rtv = make_broadcaster("rtv")
    assert Caller(make_key(rtv)).get(f"productions/{production.uid}/brief/").status_code == 404
    assert Caller(make_key(rts, ["stories:read"])).get(f"productions/{production.uid}/brief/").status_code == 403
    client.force_login(make_user(rtv, Role.PRODUCER), backend="broadcasters.auth.RoleBackend")
    assert client.get(reverse("admin:productions_production_brief", args=[production.pk])).status_code in {302, 404}


def test_a_stopped_production_shows_how_far_it_came(rts, ptrc, producer):
    production = make_production(rts, ptrc, stage="stopped")
    page = sheet(production, producer, "en", timezone.now())
    assert page.stages[-1].label == "stopped"
    assert [mark.mark for mark in page.stages].count("here") == 1
    assert page.warnings == []
