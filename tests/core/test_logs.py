"""What a log never says: the values of variables, among them embargoed texts and secrets."""

import logging
import sys

import pytest

from mediaexchange.core.logs import formatter


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_names_the_error_and_its_place_but_no_values(as_json):
    kept = "an embargoed headline"
    try:
        raise LookupError(f"{len(kept)} letters")
    except LookupError:
        record = logging.LogRecord("tests", logging.ERROR, __file__, 1, "It failed.", (), sys.exc_info())
    written = formatter(as_json=as_json).format(record)
    assert "LookupError: 21 letters" in written
    assert "test_logs.py" in written
    assert kept not in written
