"""The demonstration's translations: a house with a memory of its own, and a machine translation that waits for review.

The memory alone cannot translate a whole story: what it does not know stays empty, and the page says so.
"""

from typing import Any

from django.db import transaction

from mediaexchange.core.models import User
from newsexchange.constants import TranslationAdapter
from newsexchange.demo_stories import FERRY
from newsexchange.models import Story, TranslationProvider
from newsexchange.services.story import publish_story, save_story
from newsexchange.services.translation_memory import remember_edition
from newsexchange.services.translation_order import order_translation
from newsexchange.services.translation_work import work_next

TIMETABLE = "demo-ferry-timetable"
LANGUAGE = "kk"

_STORY: dict[str, Any] = {
    "slugline": TIMETABLE,
    "topics": ["medtop:13000000"],
    "urgency": 5,
    "credit": "РТС",
    "dateline_place": "Земун",
    "headline_sr": "Електрични трајект други пут прешао Дунав",
    "summary_sr": "<p>Трајект вози без буке и без дима. Прве недеље вожња је бесплатна.</p>",
    "body_sr": "<p>Ред вожње добија сваки путник на пристаништу. Возиће на сваких пола сата, од зоре до мрака.</p>"
    "<p>Пропратни лист и <b>архивски снимак</b> првог дана добијају све редакције у размени вести.</p>",
}


@transaction.atomic
def load_translation(editor: User) -> int:
    """Let the editor's broadcaster remember its story of the ferry and order a translation of the next one. Safe to
    repeat: what is there is kept. Returns how many orders are new."""
    house = editor.memberships.select_related("broadcaster").get().broadcaster
    TranslationProvider.objects.get_or_create(
        broadcaster=house,
        adapter=TranslationAdapter.MEMORY,
        defaults={"name": "Преводилачка меморија", "least_percent": 60},
    )
    if Story.objects.filter(broadcaster=house, slugline=TIMETABLE).exists():
        return 0
    for remembered in Story.objects.filter(broadcaster=house, slugline=FERRY):
        for edition in remembered.editions.select_related("reviewed_by"):
            remember_edition(remembered, edition)
    story = save_story(Story(broadcaster=house, language="sr-Cyrl", **_STORY), actor=editor, changed=set())
    order_translation(publish_story(story, actor=editor), LANGUAGE, actor=editor)
    while work_next():
        pass
    return 1
