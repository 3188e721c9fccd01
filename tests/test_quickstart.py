"""Examples of docs/api-quickstart.md that need no demo, run as they are printed, over real connections."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from tests.factories import make_broadcaster, make_key, make_story

PAGE = Path(settings.BASE_DIR) / "docs" / "api-quickstart.md"


def examples(heading: str) -> list[tuple[str, str]]:
    """Language and text of the blocks of one section."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^```(\w+)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.django_db(transaction=True)
def test_the_examples_of_access_tokens_run_as_they_are_printed(live_server):
    cache.clear()
    rts = make_broadcaster("rts")
    story = make_story(rts)
    around = os.environ | {"EXCHANGE": f"{live_server.url}/api/v1", "KEY": make_key(rts)}
    programs = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}
    said = [
        subprocess.run([*programs[language], text], env=around, capture_output=True, text=True, check=True, timeout=60)
        for language, text in examples("14. Tokens of fifteen minutes (OAuth 2)")
    ]
    by_curl, by_python = (done.stdout for done in said)
    assert str(story.uid) in by_curl
    assert by_python.startswith("api-rts airings:read ")
