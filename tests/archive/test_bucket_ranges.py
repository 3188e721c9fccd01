"""Parts of files in a bucket, through our links, from an S3 server of its own (moto's) that is spoken to over HTTP."""

import io
import warnings
from urllib.parse import urlsplit

import pytest
from django.test import Client

from archive.services.link import make_link
from archive.services.upload import append
from archive.services.upload_check import check_uploads
from broadcasters.constants import Role
from mediaexchange.core.stores import media_store
from mediaexchange.settings.storage import storage_of
from tests.archive.factories import make_upload
from tests.factories import make_user

pytestmark = pytest.mark.django_db
CONTENT = "".join(f"line {number} of a caption\n" for number in range(20_000)).encode()


@pytest.fixture
def bucket(settings, stores):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import boto3
        from moto.server import ThreadedMotoServer

        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        _host, port = server.get_host_and_port()
        endpoint = f"http://127.0.0.1:{port}"
        s3 = boto3.client(
            "s3", "us-east-1", endpoint_url=endpoint, aws_access_key_id="key", aws_secret_access_key="secret"
        )
        s3.create_bucket(Bucket="footage")
        address = f"s3://key:secret@127.0.0.1/footage/tests?region=us-east-1&endpoint={endpoint}"
        settings.STORAGES = settings.STORAGES | {"media": storage_of("MEDIA_STORAGE_URL", address, default=stores)}
        yield s3
        server.stop()


def test_an_upload_ends_in_a_bucket_and_is_read_from_there_by_ranges(bucket, rts):
    archivist = make_user(rts, Role.ARCHIVIST)
    upload = make_upload(rts, length_bytes=len(CONTENT), created_by=archivist)
    append(upload, iter([CONTENT]), actor=archivist, offset=0, size_bytes=len(CONTENT))
    assert check_uploads() == 1
    upload.refresh_from_db()
    found = bucket.list_objects_v2(Bucket="footage")["Contents"]
    assert [(item["Key"], item["Size"]) for item in found] == [(f"tests/{upload.file.storage_name}", len(CONTENT))]
    token, _ends_at = make_link("file", upload.file.uid, user=archivist)

    def fetch(**headers):
        response = Client().get(urlsplit(f"/media/{token}").path, headers=headers)
        return response.status_code, b"".join(response.streaming_content) if response.streaming else response.content

    assert fetch() == (200, CONTENT)
    assert fetch(range="bytes=100-199") == (206, CONTENT[100:200])
    assert fetch(range="bytes=-50") == (206, CONTENT[-50:])
    assert fetch(range=f"bytes={len(CONTENT) - 1}-") == (206, CONTENT[-1:])
    assert fetch(range=f"bytes={len(CONTENT)}-")[0] == 416
    head = Client().head(f"/media/{token}")
    assert (head.headers["Content-Length"], head.headers["ETag"]) == (str(len(CONTENT)), f'"{upload.file.sha256}"')


def test_a_file_on_the_disk_is_taken_into_a_bucket(bucket, tmp_path):
    path = tmp_path / "reel"
    path.write_bytes(CONTENT)
    media_store().take("a/b", path)
    assert b"".join(media_store().pieces("a/b", 5, 7)) == CONTENT[5:12]
    assert path.read_bytes() == CONTENT
    media_store().put("a/c", io.BytesIO(b"x"))
    assert media_store().size("a/c") == 1
