"""Rows of agreements, reviews and digital development, in words that no catalog holds."""

from datetime import date
from typing import Any

from django.db.models import Model

from broadcasters.constants import Area
from broadcasters.models import (
    Broadcaster,
    Clause,
    DemandFigure,
    Guideline,
    GuidelineVersion,
    Initiative,
    InitiativeMilestone,
    InitiativeOwner,
    Memorandum,
    MemorandumText,
    Minutes,
    MinutesItem,
    MinutesParticipant,
    ModuleReview,
    Result,
    ReviewEvidence,
)
from tests.factories import make_module


def agreement_rows(own: Broadcaster, memorandum: Memorandum, names: dict[str, Any], words: str) -> list[Model]:
    """One of each kind, with all that hangs on it; the memorandum is one of the house."""
    day = date(2026, 3, 2)
    titles, texts, headings = (
        {f"{column}_{field.rpartition('_')[2]}": text for field, text in names.items()}
        for column in ("title", "text", "heading")
    )
    module = make_module(own, area=Area.DIGITAL_DEVELOPMENT, slug="zzdigital", **names)
    Clause.objects.create(memorandum=memorandum, number="1", **headings)
    text = MemorandumText.objects.create(memorandum=memorandum, language="en", title=words, body=words, source=words)
    minutes = Minutes.objects.create(memorandum=memorandum, title=words, language="en", held_on=day, venue=words)
    MinutesParticipant.objects.create(minutes=minutes, broadcaster=own, name=words, office=words)
    MinutesItem.objects.create(minutes=minutes, topic=words, decision=words, owner=own, responsible=words, due_on=day)
    review = ModuleReview.objects.create(
        module=module, broadcaster=own, first_on=day, last_on=day, verdict="keep", verdict_reason=words,
        demand_note=words, feasibility_note=words,
    )  # fmt: skip
    DemandFigure.objects.create(review=review, measure="reach", value=5, language="en", source=words)
    ReviewEvidence.objects.create(review=review, indicator="modules-reviewed", broadcaster=own)
    initiative = Initiative.objects.create(slug="zzinitiative", module=module, kind="ai", **names)
    InitiativeOwner.objects.create(initiative=initiative, broadcaster=own)
    InitiativeMilestone.objects.create(initiative=initiative, owner=own, planned_on=day, **titles)
    Result.objects.create(initiative=initiative, as_of=day, source=words, **titles)
    guideline = Guideline.objects.create(slug="zzguideline", module=module, kind="ai-use", **names)
    GuidelineVersion.objects.create(guideline=guideline, number=1, change_note=words, **texts)
    return [text, minutes, review, initiative, guideline]
