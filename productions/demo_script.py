"""The script of the demonstration's documentary, as a document of two pages. Everybody in it is made up."""

import typst

_SCRIPT = """
#set page(paper: "a4", margin: 25mm, numbering: "1 / 1")
#set text(font: "Libertinus Serif", size: 11pt, lang: "sr")
= Ослободиоци из степе
_Сценарио, радна верзија за приказ. Лица су измишљена._

== 1. Споменик, рано јутро
Киша. Мајстор Сима Влајић чисти бронзана слова. Рука му застаје на презимену које не уме да изговори.

НАРАТОР: Имена стоје једно до другог. Нека нико одавно није прочитао наглас.

== 2. Архив, дан
Архивисткиња Јасна Мрђа отвара кутију са филмском траком из јесени 1944. На картону нема имена, само датум.

#pagebreak()
== 3. Астана, стан Гүлдане Сәрсенқызы
Гүлдана показује дедино писмо. Чита га на казашком, полако, први пут пред камером.

НАРАТОР: Колико их је било? Саопштење из 2025. каже око двеста. Ми смо пошли да бројимо.

== 4. Београд, вече
Три генерације стоје испред споменика. Неко први пут изговара сва имена.
"""


def script_pdf() -> bytes:
    page = typst.compile(_SCRIPT.encode(), format="pdf", ignore_system_fonts=True, timestamp=0)
    if not isinstance(page, bytes):
        raise TypeError("One input without an output file gives the bytes of one document.")
    return page
