"""``manage.py check_media --sample N``: do media files lie in the store as the database describes them?"""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.models import MediaFile
from archive.services.fixity import digest_of


class Command(BaseCommand):
    help = (
        "Read media files again and compare each with its checksum. Ends with status 1 and names those that are "
        "missing or damaged. Writes nothing; the daily check of fixity keeps its own record."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", type=_count, metavar="N", help="so many at random; all of them without it")

    def handle(self, *args: Any, sample: int | None, **options: Any) -> None:
        kept = MediaFile.objects.ready()
        files = kept.order_by("pk") if sample is None else kept.order_by("?")[:sample]
        read = wrong = 0
        for file in files.iterator(chunk_size=100):
            read += 1
            if fault := _fault(file):
                wrong += 1
                self.stdout.write(f"{file.storage_name}: {fault} ({file})")
        self.stdout.write(f"read: {read} of {kept.count()}, wrong: {wrong}")
        if wrong:
            raise CommandError(f"Media files are missing or damaged: {wrong}.", returncode=1)


def _fault(file: MediaFile) -> str:
    """What is wrong with it in the store, "" for nothing."""
    try:
        return "" if digest_of(file) == file.sha256 else "damaged"
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _count(text: str) -> int:
    if not text.isdigit():
        raise ArgumentTypeError("a whole number")
    return int(text)
