"""From one address to where files lie: an empty one or ``file:///path`` is a local disk, ``s3://…`` an S3 bucket."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_AMAZON = "s3.amazonaws.com"


def storage_of(name: str, url: str, *, default: Path) -> dict[str, Any]:
    """The entry of STORAGES for the address in the variable ``name``; ``default`` is the folder of an empty one.

    ``s3://key:secret@host/bucket[/prefix]?region=…&endpoint=…``: without ``endpoint`` the host is asked by https.
    Errors name the variable and never its value, which holds a secret.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "file":
        location = Path(unquote(parts.path)) if url else default
        if not location.is_absolute() or parts.netloc:
            raise ImproperlyConfigured(f"{name} must be file:/// and an absolute path.")
        return {"BACKEND": "mediaexchange.core.stores.DiskStore", "OPTIONS": {"location": str(location)}}
    if parts.scheme != "s3":
        raise ImproperlyConfigured(f"{name} must begin with file:/// or s3://.")
    bucket, _slash, prefix = unquote(parts.path).strip("/").partition("/")
    said = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    if not (parts.username and parts.password and parts.hostname and bucket) or said.keys() - {"region", "endpoint"}:
        raise ImproperlyConfigured(f"{name} must be s3://key:secret@host/bucket?region=…&endpoint=….")
    host = parts.netloc.rpartition("@")[2]
    endpoint = said.get("endpoint") or (None if host == _AMAZON else f"https://{host}")
    return {
        "BACKEND": "mediaexchange.core.bucket.BucketStore",
        "OPTIONS": {
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password),
            "bucket_name": bucket,
            "location": prefix,
            "region_name": said.get("region", "us-east-1"),
            "endpoint_url": endpoint,
            "addressing_style": "path" if endpoint else "auto",
            "signature_version": "s3v4",
            "default_acl": None,
            "querystring_auth": True,
        },
    }
