"""The demonstration's machine translation: real, from the house's own memory, and waiting for a person."""

import pytest

from broadcasters.constants import Role
from newsexchange.demo_stories import load_stories
from newsexchange.demo_translation import load_translation
from newsexchange.models import MemorySegment, TranslationOrder
from tests.factories import make_broadcaster, make_user


@pytest.mark.django_db
def test_one_translation_waits_with_known_similar_and_unknown_sentences():
    editor = make_user(make_broadcaster("rts"), Role.EXCHANGE_DESK)
    load_stories(editor)
    assert load_translation(editor) == 1
    order = TranslationOrder.objects.get()
    percents = [segment["percent"] for segment in order.segments]
    assert (order.status, order.target_language) == ("done", "kk")
    assert 100 in percents
    assert None in percents
    assert any(percent is not None and percent < 100 for percent in percents)
    assert MemorySegment.objects.filter(target_language="kk").exists()
    assert load_translation(editor) == 0
    assert TranslationOrder.objects.count() == 1
