"""Azure, DeepL and LibreTranslate by their documented protocols, in fair weather and foul."""

from datetime import timedelta

import pytest

from mediaexchange.core.languages import normalise
from mediaexchange.core.languages.serbian_words import DEFAULT_KEEP
from mediaexchange.core.translating.port import (
    BusyError,
    GarbageError,
    KeyRefusedError,
    QuotaError,
    RequestRefusedError,
    TooLongError,
    TranslationError,
    UnavailableError,
)
from mediaexchange.core.translating.registry import SERVICES
from mediaexchange.core.translating.services import Account
from tests.core.translating.stub import KEY, Stub, upside_down

SEGMENTS = ["Otvorena je <b>nova</b> biblioteka.", "Cena &amp; rok", "Kraj"]
ALL = ("sr", "kk", "ru", "en")
EVERY = sorted(SERVICES)


def service(stub: Stub, adapter: str, secret: str = KEY, **limits: float):
    account = Account("Ours", stub.url, "westeurope", secret, ALL)
    return SERVICES[adapter](account, **limits)


@pytest.mark.parametrize("adapter", EVERY)
def test_segments_come_back_in_order_with_their_tags_and_a_name(stub, adapter):
    found = service(stub, adapter).translate(SEGMENTS, "ru", "en")
    assert [each.text for each in found] == [upside_down(segment) for segment in SEGMENTS]
    assert {each.provider for each in found} == {"Ours"}
    assert all(each.model and each.at.tzinfo for each in found)


def test_azure_is_asked_for_serbian_in_cyrillic_with_key_region_and_html(stub):
    service(stub, "azure").translate(["Текст"], "kk", "sr")
    path, headers, body = stub.requests[0]
    assert path == "/translate?api-version=3.0&textType=html&from=kk&to=sr-Cyrl"
    assert (headers["ocp-apim-subscription-key"], headers["ocp-apim-subscription-region"]) == (KEY, "westeurope")
    assert body == [{"Text": "Текст"}]


def test_deepl_is_asked_for_british_english_and_for_beta_languages_as_such(stub):
    deepl = service(stub, "deepl")
    deepl.translate(["Текст"], "ru", "en")
    deepl.translate(["Text"], "en", "kk")
    (_path, headers, settled), (_, _, beta) = stub.requests
    assert headers["authorization"] == f"DeepL-Auth-Key {KEY}"
    assert (settled["source_lang"], settled["target_lang"], settled["tag_handling"]) == ("RU", "EN-GB", "html")
    assert "enable_beta_languages" not in settled
    assert (beta["target_lang"], beta["enable_beta_languages"]) == ("KK", True)


def test_a_key_of_deepls_free_plan_goes_to_the_free_host():
    assert SERVICES["deepl"](Account("A", secret="abc:fx")).address() == "https://api-free.deepl.com"
    assert SERVICES["deepl"](Account("A", secret="abc")).address() == "https://api.deepl.com"


def test_libretranslate_gets_its_key_in_the_body(stub):
    service(stub, "libretranslate").translate(["Текст"], "ru", "en")
    assert stub.requests[0][2] == {"q": ["Текст"], "source": "ru", "target": "en", "format": "html", "api_key": KEY}


@pytest.mark.parametrize("adapter", EVERY)
def test_many_segments_go_in_batches_that_the_service_takes(stub, adapter):
    segments = [f"Слово{number} " + "буква " * 40 for number in range(1100)]
    found = service(stub, adapter).translate(segments, "ru", "en")
    assert [each.text for each in found] == [upside_down(segment).strip() for segment in segments]
    assert len(stub.requests) > 1


@pytest.mark.parametrize("adapter", EVERY)
def test_serbian_that_comes_in_latin_is_kept_in_cyrillic(stub, adapter):
    stub.translate = lambda text: {"one": "Новости <b>sa</b> NATO", "two": "Ljubav i njiva"}.get(text, "Džep pun kiše")
    found = service(stub, adapter).translate(["two", "three"], "en", "sr")
    assert [each.text for each in found] == ["Љубав и њива", "Џеп пун кише"]


def test_words_of_the_newsrooms_list_stay_latin_in_serbian_from_a_service(stub, monkeypatch):
    monkeypatch.setattr(normalise, "_keep", lambda: DEFAULT_KEEP | {"Telegram"})
    stub.translate = lambda _text: "Poruka je na mreži Telegram"
    (found,) = service(stub, "azure").translate(["a"], "en", "sr")
    assert found.text == "Порука је на мрежи Telegram"


def test_a_latin_name_in_a_cyrillic_text_is_left_alone(stub):
    stub.translate = lambda text: {"a": "Нова верзија програма стиже у петак", "b": "Windows"}[text]
    found = service(stub, "azure").translate(["a", "b"], "en", "sr")
    assert [each.text for each in found] == ["Нова верзија програма стиже у петак", "Windows"]


@pytest.mark.parametrize("bad", ["<b>смело", "<b onclick='x()'>смело</b>", "<script>x()</script><b>смело</b>"])
def test_tags_that_are_not_the_sources_come_in_as_words_alone(stub, bad):
    stub.translate = lambda _text: bad
    (found,) = service(stub, "azure").translate(["<b>bold</b>"], "en", "ru")
    assert "<" not in found.text
    assert "смело" in found.text


@pytest.mark.parametrize("adapter", EVERY)
def test_a_wrong_key_is_named_so(stub, adapter):
    with pytest.raises(KeyRefusedError):
        service(stub, adapter, secret="wrong").translate(SEGMENTS, "ru", "en")


@pytest.mark.parametrize("adapter", EVERY)
def test_a_key_that_no_header_holds_is_refused_without_quoting_it(stub, adapter):
    with pytest.raises(KeyRefusedError) as refused:
        service(stub, adapter, secret="ключ\n").translate(SEGMENTS, "ru", "en")
    assert "ключ" not in str(refused.value)


@pytest.mark.parametrize(
    ("adapter", "answer"),
    [
        ("azure", (403, {}, {"error": {"code": 403001, "message": "quota"}})),
        ("deepl", (456, {}, {"message": "Quota Exceeded"})),
    ],
)
def test_a_quota_that_is_used_up_will_not_pass_by_waiting(stub, adapter, answer):
    stub.overrides = [answer]
    with pytest.raises(QuotaError) as full:
        service(stub, adapter).translate(SEGMENTS, "ru", "en")
    assert not full.value.may_pass


def test_azures_other_403_is_about_the_key(stub):
    stub.overrides = [(403, {}, {"error": {"code": 403000, "message": "not allowed"}}), (403, {}, b"<html>")]
    for _ in range(2):
        with pytest.raises(KeyRefusedError):
            service(stub, "azure").translate(SEGMENTS, "ru", "en")


@pytest.mark.parametrize("adapter", EVERY)
def test_429_says_when_to_come_again(stub, adapter):
    stub.overrides = [(429, {"Retry-After": "90"}, {"error": "slow down"}), (429, {}, {})]
    with pytest.raises(BusyError) as busy:
        service(stub, adapter).translate(SEGMENTS, "ru", "en")
    assert (busy.value.retry_after, busy.value.may_pass) == (timedelta(seconds=90), True)
    with pytest.raises(BusyError):
        service(stub, adapter).translate(SEGMENTS, "ru", "en")


def test_deepls_529_and_libretranslates_ban_mean_wait(stub):
    stub.overrides = [(529, {}, b""), (403, {}, {"error": "Too many request limits violations"})]
    for adapter in ("deepl", "libretranslate"):
        with pytest.raises(BusyError):
            service(stub, adapter).translate(SEGMENTS, "ru", "en")


@pytest.mark.parametrize("adapter", EVERY)
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failing_server_may_recover(stub, adapter, status):
    stub.overrides = [(status, {}, b"oops")]
    with pytest.raises(UnavailableError) as failed:
        service(stub, adapter).translate(SEGMENTS, "ru", "en")
    assert failed.value.may_pass


@pytest.mark.parametrize("adapter", EVERY)
@pytest.mark.parametrize("status", [301, 404, 400])
def test_another_refusal_is_ours_to_repair(stub, adapter, status):
    stub.overrides = [(status, {"Location": "https://elsewhere.example/"}, {"error": "bad"})]
    with pytest.raises(RequestRefusedError):
        service(stub, adapter).translate(SEGMENTS, "ru", "en")
    assert len(stub.requests) == 1  # nothing follows a redirect with a text and a key


@pytest.mark.parametrize("adapter", EVERY)
@pytest.mark.parametrize(
    "garbage",
    [b"<html>maintenance</html>", b"", b"null", b"[]", b"{}", b'{"translations": []}', b'{"translatedText": "one"}',
     b'[{"translations": []}]', b'{"translations": [{"text": 1}, {"text": 2}, {"text": 3}]}',
     b'{"translatedText": ["one", "two"]}', b'[{"translations": [{"text": "one"}]}]'],
)  # fmt: skip
def test_garbage_and_a_wrong_count_are_no_translation(stub, adapter, garbage):
    stub.overrides = [garbage]
    with pytest.raises(GarbageError):
        service(stub, adapter).translate(SEGMENTS, "ru", "en")


@pytest.mark.parametrize("adapter", EVERY)
def test_a_hanging_server_is_left_at_the_deadline(stub, adapter):
    stub.delay = 1.0
    with pytest.raises(UnavailableError) as late:
        service(stub, adapter, each=0.2).translate(SEGMENTS, "ru", "en")
    assert late.value.was_charged


def test_all_batches_share_one_deadline(stub):
    stub.delay = 0.1
    segments = ["буква " * 800] * 40
    with pytest.raises(UnavailableError, match="longer than"):
        service(stub, "libretranslate", total=0.35).translate(segments, "ru", "en")
    assert len(stub.requests) < 6


def test_a_segment_longer_than_a_request_is_not_sent(stub):
    with pytest.raises(TooLongError):
        service(stub, "libretranslate").translate(["а" * 5001], "ru", "en")
    assert stub.requests == []


def test_a_long_segment_is_found_before_anything_is_sent(stub):
    segments = ["буква " * 800, "буква " * 800, "а" * 5001]
    with pytest.raises(TooLongError) as refused:
        service(stub, "libretranslate").translate(segments, "ru", "en")
    assert (stub.requests, refused.value.charged) == ([], 0)


def test_an_error_says_what_came_before_it_and_what_it_may_have_cost(stub):
    segments = [f"Слово {number}" for number in range(51)]
    for status, charged in ((429, segments[:50]), (500, segments)):
        count = len(stub.requests)
        stub.overrides = [(200, {}, {"translations": [{"text": "слово"}] * 50}), (status, {}, {})]
        with pytest.raises(TranslationError) as failed:
            service(stub, "deepl").translate(segments, "ru", "en")
        assert len(stub.requests) == count + 2
        assert (len(failed.value.found), failed.value.charged) == (50, sum(map(len, charged)))


def test_an_inner_address_is_never_asked(settings):
    settings.OUTGOING_ALLOWED_ADDRESSES = ()
    inner = SERVICES["libretranslate"](Account("A", "http://10.0.0.1", "", KEY, ALL))
    with pytest.raises(RequestRefusedError, match="not a public address"):
        inner.translate(SEGMENTS, "ru", "en")


def test_a_closed_port_is_unavailable(stub, settings):
    settings.OUTGOING_ALLOWED_ADDRESSES = ("127.0.0.1:1",)
    with pytest.raises(UnavailableError):
        SERVICES["deepl"](Account("A", "http://127.0.0.1:1", "", KEY, ALL)).translate(SEGMENTS, "ru", "en")


def test_languages_are_those_listed_or_those_the_service_is_known_for():
    listed = SERVICES["deepl"](Account("A", languages=("sr", "ru")))
    assert listed.supports("sr", "ru")
    assert not listed.supports("sr", "en")
    assert not SERVICES["deepl"](Account("A")).supports("en", "kk")
    assert SERVICES["azure"](Account("A")).supports("kk", "sr")
    assert not SERVICES["azure"](Account("A")).supports("sr", "sr")
