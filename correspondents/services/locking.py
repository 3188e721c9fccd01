"""Which rows deeds lock, always in this order: the person, then assignments, then equipment.

Two that exclude each other would otherwise each write and wait for the other.
"""

from collections.abc import Iterable

from correspondents.models import Assignment, Correspondent, Kit


def lock_person(correspondent_id: int) -> Correspondent:
    locked = Correspondent.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("broadcaster").get(pk=correspondent_id)


def lock_assignment(assignment_id: int) -> Assignment:
    """The assignment as it is once its person is locked; one that has changed hands meanwhile is looked at again."""
    while True:
        person = Assignment.objects.values_list("correspondent_id", flat=True).get(pk=assignment_id)
        if person is not None:
            lock_person(person)
        locked = Assignment.objects.select_for_update(of=("self",), no_key=True)
        stored = locked.select_related("broadcaster", "host", "place", "module", "event", "correspondent").get(
            pk=assignment_id
        )
        if stored.correspondent_id == person:
            return stored


def lock_kits(ids: Iterable[int]) -> dict[int, Kit]:
    rows = Kit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(ids))
    return {kit.pk: kit for kit in rows.select_related("broadcaster").order_by("pk")}
