"""Making a file of the store part of an item, and telling its carriers what the pipeline found out."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from archive.constants import Generation, InstantiationKind, PremisOutcome, PremisType, StepKind, StepStatus
from archive.media.technical import FIELDS
from archive.models import Instantiation, Item, MediaFile, PreservationEvent, Step, Track
from archive.services.pipeline import start_pipeline
from broadcasters.permissions import require
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import User


@transaction.atomic
def attach_file(item: Item, file: MediaFile, *, actor: User | None, generation: Generation | str) -> Instantiation:
    """Add the file to the item as a digital instantiation and start its pipeline. Again, it is the same one.

    Raises DomainError for a file of another house or one that is not ready, ForbiddenError.
    """
    require(actor, "archive.add_instantiation", item.broadcaster_id)
    if file.broadcaster_id != item.broadcaster_id:
        raise DomainError("file-foreign", _("The file belongs to another broadcaster."))
    if not file.is_ready:
        raise DomainError("file-not-ready", _("The file has not been checked yet, or was refused."))
    Item.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    instantiation, is_new = Instantiation.objects.get_or_create(
        item=item,
        file=file,
        defaults={
            "kind": InstantiationKind.DIGITAL,
            "generation": generation,
            "identifier": file.original_name[:200],
            "format": file.content_type,
            "holder_id": item.broadcaster_id,
        },
    )
    if is_new:
        if Step.objects.filter(file=file, kind=StepKind.PROBE, status=StepStatus.DONE).exists():
            describe([instantiation], file.technical)
        PreservationEvent.objects.create(
            file=file,
            kind=PremisType.INGESTION,
            outcome=PremisOutcome.SUCCESS,
            detail={"item": str(item.uid), "instantiation": str(instantiation.uid), "generation": str(generation)},
            agent="mediaexchange",
            actor=actor,
        )
    start_pipeline(file)
    return instantiation


def describe(instantiations: Iterable[Instantiation], technical: dict[str, Any]) -> None:
    """Write what a probe found into carriers and their tracks, in the caller's transaction. What people wrote stays:
    a start timecode and a track's language are filled in only where they are empty."""
    for instantiation in instantiations:
        instantiation.duration_ms = technical.get("duration_ms")
        instantiation.start_timecode = instantiation.start_timecode or technical.get("start_timecode", "")
        instantiation.save(update_fields=["duration_ms", "start_timecode"])
        found = technical.get("tracks", [])
        languages = dict(instantiation.tracks.exclude(language="").values_list("position", "language"))
        instantiation.tracks.exclude(position__in=[track["position"] for track in found]).delete()
        Track.objects.bulk_create(
            [
                Track(
                    instantiation=instantiation,
                    **{name: track[name] for name in FIELDS if name in track},
                    language=languages.get(track["position"], track.get("language", "")),
                )
                for track in found
            ],
            update_conflicts=True,
            unique_fields=["instantiation", "position"],
            update_fields=[*(name for name in FIELDS if name != "position"), "language"],
        )
