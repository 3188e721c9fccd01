"""The part of a dopesheet that a desk writes itself: shots, soundbites, and what is said of its files."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from newsexchange.dopesheet import rendition_values, shot_values, soundbite_values
from newsexchange.models import Rendition, Shot, Soundbite, Story
from newsexchange.querysets import audience_of
from newsexchange.rights import may_use
from newsexchange.services.bounds import require_room
from newsexchange.services.publishing import retract
from newsexchange.services.version import Turn

Rows = Sequence[Mapping[str, Any]]
_VALUES: dict[Any, Callable[[Any], dict[str, Any]]] = {
    Shot: shot_values,
    Soundbite: soundbite_values,
    Rendition: rendition_values,
}
_BY_LANGUAGE = {Shot: ("description",), Soundbite: ("speaker_role", "translations"), Rendition: ()}
_PLAIN = ("location", "source", "speaker", "text", "title", "rel")


class RowsError(ValidationError):
    """What is wrong with which row, counted from 0."""

    def __init__(self, by_row: Mapping[int, ValidationError]) -> None:
        super().__init__([message for error in by_row.values() for message in error.messages])
        self.by_row = by_row


@transaction.atomic
def save_dopesheet(
    story: Story,
    *,
    actor: User,
    shots: Rows | None = None,
    soundbites: Rows | None = None,
    renditions: Rows | None = None,
    note: str = "",
) -> Story:
    """Put these rows, in this order, in the place of what the desk wrote before; None leaves a part as it is.

    A row with the ``uid`` of a standing one changes it, and of its texts only those in our own four languages; one
    without is new. Rows of a feed stay. A published story gets a new version, and whoever may not use it any more hears
    that it is gone for them. Safe to repeat. Raises RowsError, ForbiddenError, ConflictError for a killed story, and
    DomainError for too many rows and for taking away a shot that restrictions are about.
    """
    turn = Turn.begin(story, actor=actor)
    story = turn.story
    given = {Shot: shots, Soundbite: soundbites, Rendition: renditions}
    wanted = {model: _wanted(story, model, rows) for model, rows in given.items() if rows is not None}
    if all(_is_as_it_stands(story, model, rows) for model, rows in wanted.items()):
        return story
    could = _may_use(story)
    turn.advance()
    for model, rows in wanted.items():
        _write(story, model, rows)
    turn.end(set(), note=note)
    if any(could[pk] and not is_allowed for pk, is_allowed in _may_use(story).items()):
        retract(story, "story.restricted", actor=actor)
    return story


def _standing(story: Story, model: Any) -> dict[str, Any]:
    """The desk's own rows by uid, in their order."""
    return {
        str(item.uid): item for item in model.objects.filter(story=story, from_feed=False).order_by("position", "pk")
    }


def _wanted(story: Story, model: Any, rows: Rows) -> list[Any]:
    standing = _standing(story, model)
    from_feed = model.objects.filter(story=story, from_feed=True).count()
    require_room(model, before=from_feed + len(standing), after=from_feed + len(rows))
    made, errors = [], {}
    for number, row in enumerate(rows):
        values = dict(row)
        uid = str(values.pop("uid", "") or "")
        try:
            if uid and uid not in standing:
                raise ValidationError(_("Somebody else has taken this row away."))
            item = standing.pop(uid) if uid else model(story=story)
            item.position = from_feed + number
            _fill(item, values, _BY_LANGUAGE[model])
            item.full_clean(exclude=["story", "file"], validate_constraints=False)
            _check(item)
            made.append(item)
        except ValidationError as error:
            errors[number] = error
    if errors:
        raise RowsError(errors)
    return made


def _fill(item: Any, values: Mapping[str, Any], by_language: Sequence[str]) -> None:
    for name, value in values.items():
        if name in by_language:
            others = {tag: text for tag, text in getattr(item, name).items() if tag not in STORED}
            texts = {tag: normalise_text(text, tag).strip() for tag, text in value.items()}
            setattr(item, name, others | {tag: text for tag, text in texts.items() if text})
        else:
            spoken = getattr(item, "language", "") or "und"
            is_text = name in _PLAIN
            setattr(item, name, normalise_text(value, spoken if name == "text" else "und") if is_text else value)


def _check(item: Any) -> None:
    begins, ends = getattr(item, "in_ms", None), getattr(item, "out_ms", None)
    if begins is not None and ends is not None and ends < begins:
        raise ValidationError({"out_ms": _("The end comes before the beginning.")})
    if isinstance(item, Rendition) and not item.href and item.file_id is None:
        raise ValidationError({"href": _("A file has an address, or is attached.")})


def _is_as_it_stands(story: Story, model: Any, rows: list[Any]) -> bool:
    values = _VALUES[model]
    standing = list(_standing(story, model).values())
    return [(item.pk, values(item)) for item in standing] == [(item.pk, values(item)) for item in rows]


def _write(story: Story, model: Any, rows: list[Any]) -> None:
    kept = [item.pk for item in rows if item.pk]
    gone = model.objects.filter(story=story, from_feed=False).exclude(pk__in=kept)
    if model is Shot and gone.filter(restrictions__isnull=False).exists():
        raise DomainError("shot-restricted", _("Take the restrictions of a shot away before the shot itself."))
    gone.delete()
    for item in rows:
        item.save()


def _may_use(story: Story) -> dict[int, bool]:
    partners = Broadcaster.objects.filter(pk__in=audience_of(story) - {story.broadcaster_id})
    return {broadcaster.pk: may_use(story, broadcaster).is_allowed for broadcaster in partners}
