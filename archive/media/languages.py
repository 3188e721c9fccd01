"""Languages as containers name them (ISO 639-2, either list) to BCP 47, which prefers two letters (RFC 5646, 2.2.1)."""

from django.core.exceptions import ValidationError

from mediaexchange.core.validators import validate_language_tag

_PAIRS = """
alb=sq ara=ar arm=hy aze=az baq=eu bel=be ben=bn bos=bs bul=bg bur=my cat=ca ces=cs chi=zh cze=cs dan=da
deu=de dut=nl ell=el eng=en est=et eus=eu fas=fa fin=fi fra=fr fre=fr geo=ka ger=de gle=ga gre=el heb=he
hin=hi hrv=hr hun=hu hye=hy ice=is ind=id isl=is ita=it jpn=ja kat=ka kaz=kk khm=km kir=ky kor=ko lat=la
lav=lv lit=lt mac=mk mkd=mk mon=mn msa=ms may=ms mya=my nld=nl nor=no nob=nb nno=nn per=fa pol=pl por=pt
pus=ps ron=ro rum=ro rus=ru scc=sr scr=hr slk=sk slo=sk slv=sl spa=es sqi=sq srp=sr swe=sv tat=tt tgk=tg
tha=th tuk=tk tur=tr uig=ug ukr=uk urd=ur uzb=uz vie=vi wel=cy cym=cy yid=yi zho=zh
"""
_TWO_LETTERS = {pair[:3]: pair[4:] for pair in _PAIRS.split()}
_MOST = 35  # characters; RFC 5646 section 4.4.1
_NOTHING = {"", "und", "mis", "mul", "zxx"}


def tag_of(name: str) -> str:
    """ "srp" becomes "sr"; "" where nothing is said or what is said is no language."""
    language, _dash, rest = name.strip().partition("-")
    language = language.lower()
    if language in _NOTHING or language.startswith(("qa", "x")):
        return ""
    tag = "-".join(filter(None, (_TWO_LETTERS.get(language, language), rest)))
    try:
        validate_language_tag(tag)
    except ValidationError:
        return ""
    return tag if len(tag) <= _MOST else ""
