"""The cuts of the demonstration's productions: test pictures, made one after another, and what was decided of them."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from archive.demo_catalogue import PROVENANCE
from archive.demo_footage import generated
from archive.models import Instantiation, Item
from archive.services.attachment import attach_file
from archive.services.file import store_file
from archive.services.item import publish_item, save_item
from broadcasters.models import Broadcaster
from mediaexchange.core.languages.localize import localized
from productions import demo_liberators, demo_women
from productions.demo_cast import PRODUCERS, person
from productions.demo_texts import CODES
from productions.models import Deliverable, LanguageVersion, Milestone, Production, Revision, Stage
from productions.services.deliverable import accept_deliverable, deliver
from productions.services.review import add_note, decide_revision, submit_revision
from productions.services.schedule import finish_milestone
from productions.services.stage import move_production
from productions.services.version import move_version

_ARCHIVISTS = {"rts": "belgrade-archive", "ptrc": "astana-archive"}
_LOCK = 0x6D78_6375  # advisory lock key: "mxcu"
# production, house, identifier, kind of revision, seconds, kind of picture
_CUTS = (
    (demo_liberators.SLUG, "rts", "DEMO-CUT-LIB", "rough-cut", 12, "grey"),
    (demo_women.SLUG, "ptrc", "DEMO-CUT-WOM", "final-cut", 10, "tone"),
)


def is_lacking() -> bool:
    """Whether a production of the demonstration still waits for its cut."""
    return any(_waiting(slug, kind) is not None for slug, _house, _name, kind, _seconds, _picture in _CUTS)


def make_next_cut() -> bool:
    """Make one cut, or put it to review once its technical data are known; False when nothing lacks.

    Safe to call at once from many places: one of them works.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return True
    try:
        for slug, house, identifier, kind, seconds, picture in _CUTS:
            production = _waiting(slug, kind)
            if production is None:
                continue
            item = _item(production, house, identifier)
            cut = item.instantiations.filter(file__isnull=False).first()
            if cut is None:
                _make(item, seconds, picture)
            elif cut.duration_ms is not None:
                _REVIEWS[slug](production, cut)
            return True
        return False
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _waiting(slug: str, kind: str) -> Production | None:
    has_cut = Revision.objects.filter(kind=kind).values("production")
    open_ones = Production.objects.filter(slug=slug, stage__slug="post-production").exclude(pk__in=has_cut)
    return open_ones.select_related("stage", "module").first()


def _item(production: Production, house: str, identifier: str) -> Item:
    """The cut's record in the archive of the house that edits it; only that house reads it."""
    known = Item.objects.filter(broadcaster__slug=house, identifier=identifier).select_related("broadcaster").first()
    if known is not None:
        return known
    titles = {f"title_{code}": getattr(production, f"name_{code}") for code in CODES}
    item = Item(
        broadcaster=Broadcaster.objects.get(slug=house), identifier=identifier, category="programme",
        asset_type="programme", dated=str(timezone.localdate().year), source_note=PROVENANCE, rights_statement="InC",
        **titles,
    )  # fmt: skip
    actor = person(_ARCHIVISTS[house])
    return publish_item(save_item(item, actor=actor), actor=actor)


def _make(item: Item, seconds: int, picture: str) -> None:
    actor = person(_ARCHIVISTS[item.broadcaster.slug])
    with generated(item, seconds, picture) as path, path.open("rb") as stream:
        file = store_file(
            stream, broadcaster=item.broadcaster, actor=actor, original_name=f"{item.identifier.lower()}.mov"
        )
    attach_file(item, file, actor=actor, generation="master")


@transaction.atomic
def _review_liberators(production: Production, cut: Instantiation) -> None:
    """A rough cut: Belgrade has approved, Astana wants changes, Novi Sad has a note and no decision yet."""
    houses = _houses()
    rough = submit_revision(
        production, actor=person(PRODUCERS["rts"]), kind="rough-cut", broadcaster=houses["rts"], instantiation=cut,
        description="Прва груба монтажа, без музике.", due_at=timezone.now() + timedelta(days=4),
    )  # fmt: skip
    name = add_note(
        rough, actor=person(PRODUCERS["ptrc"]), broadcaster=houses["ptrc"], in_ms=1_520, out_ms=4_000,
        text="Титрде жауынгердің аты-жөні қазақша да жазылсын.",
    )  # fmt: skip
    add_note(
        rough, actor=person(PRODUCERS["rts"]), broadcaster=houses["rts"], parent=name,
        text="Додајемо. Молимо вас за проверен правопис свих имена.",
    )  # fmt: skip
    add_note(
        rough, actor=person(PRODUCERS["rtv"]), broadcaster=houses["rtv"], in_ms=6_000,
        text="Ton je pretih do kraja scene.",
    )  # fmt: skip
    add_note(
        rough, actor=person(PRODUCERS["ptrc"]), broadcaster=houses["ptrc"], in_ms=9_240, out_ms=10_800,
        text="«Екі жүзге жуық» деген санның қасында дереккөзі көрсетілсін.",
    )  # fmt: skip
    decide_revision(rough, actor=person(PRODUCERS["rts"]), broadcaster=houses["rts"], decision="approved")
    decide_revision(
        rough, actor=person(PRODUCERS["ptrc"]), broadcaster=houses["ptrc"], decision="changes",
        note="Есімдер мен дереккөз жөніндегі екі ескертпе орындалғаннан кейін мақұлдаймыз.",
    )  # fmt: skip


@transaction.atomic
def _deliver_women(production: Production, cut: Instantiation) -> None:
    """The final cut is approved by all three; Belgrade has accepted its master, Novi Sad looks at its own."""
    houses, lead = _houses(), person(PRODUCERS["ptrc"])
    final = submit_revision(
        production, actor=lead, kind="final-cut", broadcaster=houses["ptrc"], instantiation=cut,
        description="Соңғы нұсқа.", due_at=timezone.now() + timedelta(days=2),
    )  # fmt: skip
    for slug, username in PRODUCERS.items():
        decide_revision(final, actor=person(username), broadcaster=houses[slug], decision="approved")
    for milestone in Milestone.objects.filter(production=production):
        if localized(milestone, "title", "en") == "Final cut":
            finish_milestone(milestone, actor=lead)
    move_production(production, actor=lead, stage=Stage.objects.get(slug="delivery"))
    masters = Deliverable.objects.filter(version__production=production, version__language="kk-Cyrl", kind="master")
    for master in masters.select_related("version__production", "broadcaster"):
        delivered = deliver(master, actor=lead, instantiation=cut)
        if master.broadcaster.slug == "rts":
            accept_deliverable(delivered, actor=person(PRODUCERS["rts"]))
    kazakh = LanguageVersion.objects.get(production=production, language="kk-Cyrl")
    for status in ("in-progress", "ready", "delivered"):
        kazakh = move_version(kazakh, actor=lead, status=status)


_REVIEWS: dict[str, Callable[[Production, Instantiation], None]] = {
    demo_liberators.SLUG: _review_liberators,
    demo_women.SLUG: _deliver_women,
}


def _houses() -> dict[str, Broadcaster]:
    return {house.slug: house for house in Broadcaster.objects.filter(slug__in=PRODUCERS)}
