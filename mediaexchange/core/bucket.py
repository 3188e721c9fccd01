"""An S3 bucket as a store: the one module that speaks boto3, and only to the server that an operator configured."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from boto3.exceptions import Boto3Error  # type: ignore[import-untyped]
from boto3.s3.transfer import TransferConfig  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
from storages.backends.s3 import S3Storage  # type: ignore[import-untyped]

from mediaexchange.core.stores import Pieces

_MISSING = {"404", "NoSuchKey", "NoSuchBucket", "NotFound"}
_FULL = {"507", "XMinioStorageFull", "InsufficientStorage", "QuotaExceeded"}


class BucketStore(S3Storage):
    """An S3 bucket. Credentials are those of the address: none are looked for in the environment or the network."""

    def __init__(self, **options: Any) -> None:
        client_config = Config(
            s3={"addressing_style": options.get("addressing_style")},
            signature_version=options.get("signature_version"),
            connect_timeout=5,
            read_timeout=30,
            retries={"max_attempts": 3},
            proxies={},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        options = {"security_token": None, "session_profile": None} | options
        super().__init__(client_config=client_config, transfer_config=TransferConfig(use_threads=False), **options)

    def put(self, name: str, content: IO[bytes]) -> None:
        """An object appears whole or not at all; S3 sees to it."""
        content.seek(0)
        with _as_os_errors(name):
            self.bucket.Object(self._key(name)).upload_fileobj(_Lent(content), Config=self.transfer_config)

    def take(self, name: str, path: Path) -> None:
        with path.open("rb") as content:
            self.put(name, content)

    def pieces(self, name: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        if length == 0:
            return iter(())
        until = "" if length is None else start + length - 1
        wanted = {} if start == 0 and length is None else {"Range": f"bytes={start}-{until}"}
        with _as_os_errors(name):
            body = self.bucket.Object(self._key(name)).get(**wanted)["Body"]
        return _BucketPieces(name, body)

    def names(self, prefix: str) -> list[str]:
        with _as_os_errors(prefix):
            found = [str(item.key) for item in self.bucket.objects.filter(Prefix=self._key(prefix))]
        cut = len(self._key(prefix)) - len(prefix)
        return sorted(key[cut:] for key in found)

    def size(self, name: str) -> int:
        with _as_os_errors(name):
            return int(self.bucket.Object(self._key(name)).content_length)

    def delete(self, name: str) -> None:
        with _as_os_errors(name):
            self.bucket.Object(self._key(name)).delete()

    def purge(self, prefix: str) -> int:
        found = self.names(prefix)
        for name in found:
            self.delete(name)
        return len(found)

    def _key(self, name: str) -> str:
        return str(self._normalize_name(name))


class _Lent:
    """A file that a transfer may read and cannot close: it is the caller's."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        return


class _BucketPieces(Pieces):
    """The same of an answer that is still coming."""

    def __init__(self, name: str, body: Any) -> None:
        super().__init__(body, None)
        self._name = name

    def __next__(self) -> bytes:
        with _as_os_errors(self._name):
            return super().__next__()


@contextlib.contextmanager
def _as_os_errors(name: str) -> Iterator[None]:
    """What boto3 raises, as what a disk raises; messages name the file, never the bucket's address."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _MISSING:
            raise FileNotFoundError(errno.ENOENT, "not in the bucket", name) from error
        number = errno.ENOSPC if code in _FULL else errno.EIO
        raise OSError(number, f"the bucket refused: {code}", name) from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(errno.EIO, f"the bucket is out of reach: {type(error).__name__}", name) from error
