"""IPTC's digital source types: how content came to be, and which of them say that it is synthetic."""

import json
from pathlib import Path

_DATA = json.loads((Path(__file__).parent / "data" / "digital_source_types.json").read_text(encoding="utf-8"))
SYNTHETIC = frozenset(_DATA["synthetic"])
DIGITAL_SOURCE_TYPES = SYNTHETIC | frozenset(_DATA["other"])
