"""What the demonstration consists of. Its people are fictional; its passwords are public, on purpose."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from archive.demo import load_archive
from archive.demo_licensed import load_licensed
from broadcasters.constants import Area, Role
from broadcasters.demo import date_modules, load_obligations
from broadcasters.demo_airings import load_airings
from broadcasters.demo_brief import load_briefs
from broadcasters.demo_digital import load_digital
from broadcasters.models import Broadcaster, Membership, Module
from broadcasters.services.account import issue_api_key
from broadcasters.services.reference import load_reference
from correspondents.demo import load_correspondents
from mediaexchange.core.keys import SCOPES, find_key, revoke_key
from mediaexchange.core.models import ApiKey, User
from mediaexchange.launcher.layout import Layout
from newsexchange.demo_aired import load_aired
from newsexchange.demo_past import load_past
from newsexchange.demo_picture import load_picture
from newsexchange.demo_sandbox import SANDBOX, load_sandbox
from newsexchange.demo_stories import load_stories
from newsexchange.demo_translation import load_translation
from newsexchange.models import Feed
from newsexchange.partner_feeds.catalog import FEEDS
from training.demo import load_training

PASSWORD = "exchange-demo"  # noqa: S105 — public, and refused by production settings
KEYS = {"key": "ptrc", "sandbox": SANDBOX}  # whose keys are made, by their names in the file
WRITER = "belgrade-desk"
BY_HAND = "by-hand"  # the feed for ``manage.py ingest``: no address, every language

# username, broadcaster, role, first name, last name, language, time zone
STAFF = (
    ("belgrade-desk", "rts", Role.EXCHANGE_DESK, "Мила", "Ракић", "sr", "Europe/Belgrade"),
    ("belgrade-editor", "rts", Role.EDITOR, "Огњен", "Лазић", "sr", "Europe/Belgrade"),
    ("belgrade-archive", "rts", Role.ARCHIVIST, "Јелка", "Симић", "sr", "Europe/Belgrade"),
    ("belgrade-rights", "rts", Role.RIGHTS_OFFICER, "Вук", "Тадић", "sr", "Europe/Belgrade"),
    ("belgrade-admin", "rts", Role.ADMINISTRATOR, "Стана", "Ковач", "sr", "Europe/Belgrade"),
    ("belgrade-director", "rts", Role.ADMINISTRATOR, "Љубица", "Вељковић", "sr", "Europe/Belgrade"),
    ("belgrade-correspondent", "rts", Role.VIEWER, "Милан", "Вујанић", "sr", "Europe/Belgrade"),
    ("belgrade-producer", "rts", Role.PRODUCER, "Драгана", "Ђукић", "sr", "Europe/Belgrade"),
    ("novisad-desk", "rtv", Role.EXCHANGE_DESK, "Ilona", "Varga", "sr-latn", "Europe/Belgrade"),
    ("novisad-producer", "rtv", Role.PRODUCER, "Petar", "Molnar", "sr-latn", "Europe/Belgrade"),
    ("novisad-archive", "rtv", Role.ARCHIVIST, "Jelena", "Kiš", "sr-latn", "Europe/Belgrade"),
    ("astana-desk", "ptrc", Role.EXCHANGE_DESK, "Айару", "Серікова", "kk", "Asia/Almaty"),
    ("astana-editor", "ptrc", Role.EDITOR, "Данияр", "Омаров", "ru", "Asia/Almaty"),
    ("astana-archive", "ptrc", Role.ARCHIVIST, "Сәуле", "Ахметова", "kk", "Asia/Almaty"),
    ("astana-producer", "ptrc", Role.PRODUCER, "Аружан", "Төлегенова", "kk", "Asia/Almaty"),
    ("astana-correspondent", "ptrc", Role.VIEWER, "Дәулет", "Сапаров", "kk", "Asia/Almaty"),
    ("astana-training", "ptrc", Role.TRAINING_COORDINATOR, "Мадина", "Есенова", "kk", "Asia/Almaty"),
    ("astana-viewer", "ptrc", Role.VIEWER, "Тимур", "Қасымов", "ru", "Asia/Almaty"),
    ("astana-admin", "ptrc", Role.ADMINISTRATOR, "Гүлнар", "Бекова", "en", "Asia/Almaty"),
)


@dataclass(frozen=True, slots=True)
class Access:
    """What a newcomer needs: (username, "role at broadcaster") pairs, and the texts of two API keys."""

    accounts: list[tuple[str, str]]
    key: str
    sandbox_key: str


def load_demo(feeds_url: str) -> Iterator[str]:
    """Reference data, staff, key and feeds; yields a line about each. Safe to repeat: what is there is kept.

    ``feeds_url`` is where the partner feed server answers; its port changes from start to start.
    """
    load_reference()
    yield "Reference data: loaded."
    yield f"Accounts: {_load_staff()} new."
    yield _load_key("key")
    yield f"Feeds: {_load_feeds(feeds_url)} new, all due now."
    writer = User.objects.get(username=WRITER)
    yield f"Stories from a desk: {load_stories(writer)} new."
    yield f"Machine translations to review: {load_translation(writer)} new."
    yield from load_picture(writer)
    yield from load_past()
    yield from load_obligations()
    yield from load_airings()
    yield from load_aired()
    yield from load_archive()
    yield from load_licensed()
    yield from load_training()
    yield from load_correspondents()
    yield from load_digital()
    for name in settings.DEMO_PARTS:
        yield from import_string(name)()
    yield f"Stories for the sandbox: {load_sandbox()} new."
    yield _load_key("sandbox")
    yield from date_modules()
    yield from load_briefs()


def demo_access() -> Access:
    """The accounts and the keys that ``load_demo`` made."""
    names = [name for name, *_rest in STAFF]
    memberships = Membership.objects.filter(user__username__in=names).select_related("user", "broadcaster")
    roles = {
        membership.user.username: f"{Role(membership.role).value} at {membership.broadcaster.slug.upper()}"
        for membership in memberships
    }
    return Access([(name, roles[name]) for name in names if name in roles], *map(_stored_key, KEYS))


@transaction.atomic
def _load_staff() -> int:
    fresh = 0
    for username, slug, role, first_name, last_name, language, time_zone in STAFF:
        user, created = User.objects.get_or_create(
            username=username,
            defaults={
                "first_name": first_name,
                "last_name": last_name,
                "language": language,
                "time_zone": time_zone,
                "is_staff": True,
            },
        )
        if created:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
            fresh += 1
        Membership.objects.get_or_create(user=user, broadcaster=Broadcaster.objects.get(slug=slug), role=role)
    return fresh


@transaction.atomic
def _load_key(name: str) -> str:
    """One living key of this broadcaster; its text is kept beside the demo's data, never in the database."""
    slug = KEYS[name]
    if find_key(_stored_key(name)) is None:
        for key in ApiKey.objects.alive().filter(user__username=f"api-{slug}"):
            revoke_key(key)
        broadcaster = Broadcaster.objects.get(slug=slug)
        _key, text = issue_api_key(broadcaster, actor=None, name="demonstration", scopes=list(SCOPES))
        _key_file().touch(mode=0o600)
        _key_file().write_text(json.dumps(_stored_keys() | {name: text}), "utf-8")
    return f"API key of {slug}: ready."


def _key_file() -> Path:
    return Layout.from_environment().data / "demo-key.json"


def _stored_key(name: str) -> str:
    return _stored_keys().get(name, "")


def _stored_keys() -> dict[str, str]:
    text = _key_file().read_text("utf-8") if _key_file().exists() else ""
    return dict(json.loads(text)) if text else {}


@transaction.atomic
def _load_feeds(feeds_url: str) -> int:
    module = Module.objects.running().filter(area=Area.NEWS_EXCHANGE).first()
    _feed, created = Feed.objects.get_or_create(
        slug=BY_HAND, defaults={"name": "Documents by hand", "broadcaster": Broadcaster.objects.get(slug="rts")}
    )
    fresh = int(created)
    for partner in FEEDS:
        slug = partner.path.strip("/").replace("/", "-").replace(".", "-")
        feed, created = Feed.objects.get_or_create(
            slug=slug,
            defaults={
                "name": partner.name,
                "broadcaster": Broadcaster.objects.get(slug=partner.broadcaster_slug),
                "format": partner.format,
                "language": partner.language_bcp47,
                "is_open": partner.is_open,
                "module": module,
                "interval": timedelta(seconds=5),
                "max_interval": timedelta(seconds=20),
                "quiet_after": timedelta(hours=6),
            },
        )
        fresh += created
        if feeds_url:
            Feed.objects.filter(pk=feed.pk).update(
                url=f"{feeds_url.rstrip('/')}{partner.path}", next_sync_at=feed.created_at, failures=0, last_error=""
            )
    return fresh
