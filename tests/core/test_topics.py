from django.utils import translation

from mediaexchange.core.topics import topic_name


def test_a_topic_is_named_in_the_readers_language_and_an_unknown_one_by_its_code() -> None:
    with translation.override("en"):
        assert topic_name("medtop:15000000") == "sport"
        assert topic_name("medtop:20009999") == "medtop:20009999"
