"""Whose clocks the times of a workshop are shown by."""

from training.models import Workshop


def zones_of(workshop: Workshop, *, reader: str = "") -> list[str]:
    """The host's zone, the reader's, then those of the other parties; some may show the same.

    Reads ``programme.module.parties``.
    """
    parties = sorted(workshop.programme.module.parties.all(), key=lambda party: party.slug)
    others = (party.time_zone for party in parties if party.is_active)
    return [zone for zone in dict.fromkeys([workshop.time_zone, reader, *others]) if zone]
