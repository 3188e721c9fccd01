from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from mediaexchange.settings.storage import storage_of

DEFAULT = Path("/data/media")


def options(url):
    return storage_of("MEDIA_STORAGE_URL", url, default=DEFAULT)["OPTIONS"]


def test_without_an_address_files_lie_in_the_data_directory():
    assert options("") == {"location": "/data/media"}


def test_a_file_address_names_a_directory():
    assert options("file:///srv/exchange%20media") == {"location": "/srv/exchange media"}


def test_an_s3_address_names_server_bucket_and_credentials():
    found = options("s3://key:se%2Fcret@s3.example.org:9000/exchange/media?region=eu-central-1")
    assert (found["access_key"], found["secret_key"]) == ("key", "se/cret")
    assert (found["bucket_name"], found["location"], found["region_name"]) == ("exchange", "media", "eu-central-1")
    assert found["endpoint_url"] == "https://s3.example.org:9000"


def test_an_endpoint_may_be_a_server_beside_us():
    assert options("s3://key:secret@s3/exchange?endpoint=http://s3:8333")["endpoint_url"] == "http://s3:8333"
    assert options("s3://key:secret@s3.amazonaws.com/exchange")["endpoint_url"] is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a/b", "media", "file://relative", "file://host/path", "s3://host/bucket", "s3://key@host/bucket",
        "s3://key:kanarinac@host", "s3://key:kanarinac@host/bucket?acl=public",
    ],
)  # fmt: skip
def test_an_address_that_is_not_understood_is_refused_without_quoting_it(url):
    with pytest.raises(ImproperlyConfigured, match="MEDIA_STORAGE_URL") as refused:
        options(url)
    assert "kanarinac" not in str(refused.value)
