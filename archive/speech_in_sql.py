"""Which languages are spoken in an item, whatever script, region or variant its tags name (RFC 5646, section 2.2.1)."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, Q, TextField, Value

PRIMARY_SUBTAGS = """
CREATE FUNCTION archive_primary_subtags(tags character varying[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT split_part(tag, '-', 1)), '{}') FROM unnest(tags) AS tag
$$;
"""
FORGET_PRIMARY_SUBTAGS = "DROP FUNCTION archive_primary_subtags(character varying[]);"


class PrimarySubtags(Func):
    """The languages of an array of tags, each once. An index holds those that are spoken in items."""

    function = "archive_primary_subtags"
    arity = 1
    output_field = ArrayField(TextField())


def speaks(language: str) -> Q:
    """Items in which this language, a primary subtag, is spoken."""
    return Q(_Contains(PrimarySubtags("speech_languages"), Value([language], output_field=ArrayField(TextField()))))


class _Contains(Func):
    template, arg_joiner = "(%(expressions)s)", " @> "
    output_field = BooleanField()
