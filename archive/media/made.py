"""What a step hands back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Made:
    """Files in the work folder, by name: one, or those of a folder, the first of which is opened first.

    ``facts`` are what showing it needs. ``is_partial`` says that the source was damaged and not all of it is there.
    """

    names: tuple[str, ...]
    content_type: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_folder: bool = False
    is_partial: bool = False
    log: str = ""
