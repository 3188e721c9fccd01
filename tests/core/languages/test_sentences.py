from mediaexchange.core.languages.sentences import one_stop


def test_a_date_that_brings_its_own_full_stop_ends_the_sentence():
    assert one_stop("Рок истиче 31.12.2026..") == "Рок истиче 31.12.2026."
    assert one_stop("Срок до 31 декабря 2026 г.. Продлите его.") == "Срок до 31 декабря 2026 г. Продлите его."
    assert one_stop("И тако даље... Крај.") == "И тако даље... Крај."
