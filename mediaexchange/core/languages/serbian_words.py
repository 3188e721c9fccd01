"""What spelling alone cannot tell the Serbian converter: split digraphs, and foreign names that stay Latin."""

import re

# "|" marks where n+j or d+ž are two letters in Cyrillic although Latin spells them like њ and џ.
_SPLIT_STEMS = """
    in|jek in|jicir in|junk in|juri kon|jug kon|jekt kon|junk kon|junt kon|juk an|jon
    tan|jug van|jez van|jadr van|jedar van|javn van|jurisd izvan|jez pan|jelin pan|jelen pan|jezič pan|jug pan|japan
    šen|jang sin|jang nan|jang an|jang han|jang ben|jamin bin|jamin netan|ja
    nad|živ nad|žnj nad|žet nad|žup nad|žel nad|ždr nad|žand
    od|žali od|žalj od|žari od|živ od|žvak od|žub od|žuri od|žnj od|žde od|žmir
    pod|žanr pod|ždr pod|žup pod|žel pod|žar pod|žeg pod|žeć pod|žež pod|žiz pod|žiž pod|živ pod|žnj pod|žet
    pod|žbun pod|žandar pod|žvak
    pred|žal pred|žel pred|žet pred|živ pred|žup pred|žanr
    feld|žandar and|žej
"""
_PREFIXES = "mikro makro hiper hidro foto elektro termo auto bio poli sub re de ne naj po raz ultra anti pseudo neo"

_SPLITS = {stem.replace("|", ""): stem.index("|") for stem in _SPLIT_STEMS.split()}
_SPLIT = re.compile(
    f"(?:{'|'.join(_PREFIXES.split())})?({'|'.join(sorted(_SPLITS, key=len, reverse=True))})",
)

_KEPT = """
    ABC, BBC, CBC, CBS, CNBC, CNN, EBU, ESPN, HBO, MTV, NBC, NHK, NPR, PBS, ZDF,
    API, CD, CSS, CV, DVD, GPT, HDMI, HTML, ICC, ISBN, ISSN, PDF, PhD, RSS, SSD, UNESCO, URL, USB,
    GHz, hPa, Hz, kHz, kPa, MHz, MPa, pH, CO2, H2O, NO2, SO2, H1N1, H5N1, e-mail, E-mail,
    Airbnb, Apple, Bloomberg, Bluetooth, ChatGPT, Chrome, Coca-Cola, Discord, Eurovision, Facebook, Google, iCloud,
    iOS, iPad, iPhone, Khabar, LinkedIn, Microsoft, Reuters, SoundCloud, Spiegel, TikTok, Viber, Zoom,
    Agence France-Presse, Al Jazeera, Associated Press, Champions League, Creative Commons, Deutsche Welle, Euronews,
    Financial Times, Le Monde, New York Times, The Guardian, The Times, Wall Street Journal, Washington Post
"""
# No LED, CEO or SEO: in headlines they are the words for ice, whole and sat down.
# Capitals match only as capitals, phrases only as written; other entries match in any case, and with a Serbian ending
# from five letters on.
DEFAULT_KEEP = frozenset(re.split(r",\s+", _KEPT.strip()))


def split_at(word: str) -> int | None:
    """Index between the letters of a split pair in a lower-case Latin word; None if its digraphs are single letters."""
    match = _SPLIT.match(word)
    return match.start(1) + _SPLITS[match.group(1)] if match else None


_ENGLISH = frozenset(
    ("the", "of", "and", "is", "are", "was", "were", "for", "from", "with", "that", "this", "has", "have", "by")
)
_SERBIAN = frozenset(
    ("je", "su", "se", "i", "u", "na", "da", "za", "od", "sa", "iz", "ne", "nije", "koji", "koja", "će")
)


def reads_as_english(text: str) -> bool:
    """Whether at least two English function words, and more of them than Serbian ones, occur in a Latin text."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    english = sum(word in _ENGLISH for word in words)
    return english > 1 and english > sum(word in _SERBIAN for word in words)
