"""What the demonstration's archives hold. The footage is made up and generated; the people, places and houses are not.

An item's ``footage`` is (seconds, kind of picture); None for what lies on a shelf only.
"""

from typing import Any

COLLECTIONS: tuple[dict[str, Any], ...] = (
    {
        "slug": "demo-rts-newsreels", "broadcaster": "rts", "name_sr": "Филмске новости (приказ)",
        "name_kk": "Киножурналдар (көрсетілім)", "name_ru": "Киножурналы (показ)",
        "name_en": "Newsreels (demonstration)",
    },
    {
        "slug": "demo-rts-music", "broadcaster": "rts", "name_sr": "Концерти (приказ)",
        "name_kk": "Концерттер (көрсетілім)", "name_ru": "Концерты (показ)", "name_en": "Concerts (demonstration)",
    },
    {
        "slug": "demo-rtv-plain", "broadcaster": "rtv", "name_sr": "Равница на траци (приказ)",
        "name_kk": "Таспадағы жазық (көрсетілім)", "name_ru": "Равнина на плёнке (показ)",
        "name_en": "The plain on tape (demonstration)",
    },
    {
        "slug": "demo-ptrc-steppe", "broadcaster": "ptrc", "name_sr": "Степа и град (приказ)",
        "name_kk": "Дала мен қала (көрсетілім)", "name_ru": "Степь и город (показ)",
        "name_en": "Steppe and city (demonstration)",
    },
)  # fmt: skip

SERIES: tuple[dict[str, Any], ...] = (
    {
        "slug": "demo-rts-two-rivers", "broadcaster": "rts", "expected_items": 3, "name_sr": "Две реке (приказ)",
        "name_kk": "Екі өзен (көрсетілім)", "name_ru": "Две реки (показ)", "name_en": "Two rivers (demonstration)",
    },
)  # fmt: skip

PROVENANCE = "Demonstration: generated test picture, no real footage."

ITEMS: tuple[dict[str, Any], ...] = (
    {
        "broadcaster": "rts", "identifier": "DEMO-FN-1961-09", "category": "historical-footage",
        "asset_type": "compilation", "collection": "demo-rts-newsreels", "dated": "1961-09",
        "title_sr": "Београд у септембру 1961: заставе и улице",
        "title_kk": "1961 жылғы қыркүйектегі Белград: тулар мен көшелер",
        "title_ru": "Белград в сентябре 1961 года: флаги и улицы",
        "title_en": "Belgrade in September 1961: flags and streets",
        "description_sr": "Град се спрема за госте: заставе на мостовима, трамваји, деца са цвећем.",
        "description_kk": "Қала қонақтарға дайындалуда: көпірлердегі тулар, трамвайлар, гүл ұстаған балалар.",
        "description_ru": "Город готовится к приёму гостей: флаги на мостах, трамваи, дети с цветами.",
        "description_en": "The city makes ready for guests: flags on the bridges, trams, children with flowers.",
        "genres": ["newsreel"], "subjects": ["flags", "trams"], "speech_languages": ["sr-Cyrl"],
        "topics": ["medtop:11000000"], "rights_statement": "InC", "credit_line": "РТС", "places": ("belgrade",),
        "dates": (("restored", "2019"),), "carrier": ("35 mm", "Кошутњак, 4/17"), "expected_children": 2,
        "footage": (12, "grey"),
        "segments": (
            (50, 125, {"sr": "Заставе на мосту", "kk": "Көпірдегі тулар",
             "ru": "Флаги на мосту", "en": "Flags on the bridge"}),
            (150, 275, {"sr": "Трамвај и деца", "kk": "Трамвай мен балалар",
             "ru": "Трамвай и дети", "en": "Tram and children"}),
        ),
        "subtitles": {
            "sr": ((500, 3500, "Београд, септембар 1961."), (4000, 8000, "Мостови су у заставама.")),
            "kk": ((500, 3500, "Белград, 1961 жылғы қыркүйек."), (4000, 8000, "Көпірлер туға толы.")),
        },
    },
    {
        "broadcaster": "rts", "identifier": "DEMO-FN-1944", "category": "historical-footage",
        "asset_type": "raw-footage",
        "collection": "demo-rts-newsreels", "dated": "1944-10/1944-11",
        "title_sr": "Улице Београда, октобар и новембар 1944",
        "title_kk": "Белград көшелері, 1944 жылғы қазан мен қараша",
        "title_ru": "Улицы Белграда, октябрь и ноябрь 1944 года",
        "title_en": "Streets of Belgrade, October and November 1944",
        "description_sr": "Снимци без звука, делимично оштећени.",
        "description_kk": "Дыбыссыз түсірілімдер, ішінара зақымданған.",
        "description_ru": "Съёмка без звука, местами повреждена.",
        "description_en": "Silent footage, damaged in parts.",
        "genres": ["newsreel"], "rights_statement": "UND", "credit_line": "РТС", "places": ("belgrade",),
        "carrier": ("35 mm", "Кошутњак, 1/2"), "footage": (10, "silent"),
        "segments": (
            (25, 200, {"sr": "Рушевине и пролазници", "kk": "Қирандылар мен жүргіншілер",
             "ru": "Руины и прохожие", "en": "Ruins and passers-by"}),
        ),
    },
    {
        "broadcaster": "rts", "identifier": "DEMO-KON-1978", "category": "cultural-performance",
        "asset_type": "recording", "collection": "demo-rts-music", "dated": "1978~",
        "title_sr": "Вече у Коларчевој дворани", "title_kk": "Коларац залындағы кеш",
        "title_ru": "Вечер в зале Коларца", "title_en": "An evening in the Kolarac hall",
        "description_sr": "Снимак концерта; права на музику нису рашчишћена.",
        "description_kk": "Концерт жазбасы; музыкаға құқықтар реттелмеген.",
        "description_ru": "Запись концерта; права на музыку не урегулированы.",
        "description_en": "Recording of a concert; the rights in the music are not cleared.",
        "genres": ["concert"], "places": ("kolarac-hall",), "rights_statement": "InC", "credit_line": "РТС",
        "rights": (
            ("music", "uncleared", "Demonstration publishers", "The work that is played"),
            ("performers", "cleared", "Demonstration orchestra", "All musicians"),
        ),
        "footage": (8, "tone"),
        "segments": ((25, 150, {"sr": "Први став", "kk": "Бірінші бөлім",
         "ru": "Первая часть", "en": "First movement"}),),
    },
    {
        "broadcaster": "rts", "identifier": "DEMO-KOM-2019", "category": "national-commemoration",
        "asset_type": "clip", "dated": "2019-10-20", "speech_languages": ["sr-Cyrl"],
        "title_sr": "Венци код Споменика ослободиоцима Београда",
        "title_kk": "Белградты азат етушілер ескерткішіндегі гүл шоқтары",
        "title_ru": "Венки у памятника освободителям Белграда",
        "title_en": "Wreaths at the memorial to the liberators of Belgrade",
        "places": ("liberators-of-belgrade-memorial",), "rights_statement": "InC", "credit_line": "РТС",
        "footage": (8, "bars"),
    },
    {
        "broadcaster": "rts", "identifier": "DEMO-VES-2024", "category": "news", "asset_type": "clip",
        "dated": "2024-11-19", "speech_languages": ["sr-Cyrl", "kk"],
        "title_sr": "Сусрет двојице председника (пробна слика)",
        "title_kk": "Екі президенттің кездесуі (сынақ кескіні)",
        "title_ru": "Встреча двух президентов (испытательная таблица)",
        "title_en": "Meeting of two presidents (test picture)",
        "people": (("kassym-jomart-tokayev", "depicted"), ("aleksandar-vucic", "depicted")), "places": ("belgrade",),
        "rights_statement": "InC", "credit_line": "РТС", "footage": (6, "bars"),
    },
    {
        "broadcaster": "rts", "identifier": "DEMO-PRG-1", "category": "programme", "asset_type": "episode",
        "series": "demo-rts-two-rivers", "dated": "2006",
        "title_sr": "Две реке, прва епизода", "title_kk": "Екі өзен, бірінші бөлім",
        "title_ru": "Две реки, серия первая", "title_en": "Two rivers, part one",
        "rights_statement": "InC", "credit_line": "РТС", "carrier": ("Digital Betacam", "Кошутњак, D/881"),
    },
    {
        "broadcaster": "rtv", "identifier": "DEMO-TAM-1985", "category": "cultural-performance",
        "asset_type": "recording", "collection": "demo-rtv-plain", "dated": "1985-06",
        "title_sr": "Тамбурашки оркестар на тргу", "title_kk": "Алаңдағы тамбура оркестрі",
        "title_ru": "Тамбурный оркестр на площади", "title_en": "A tamburitza orchestra in the square",
        "genres": ["concert"], "places": ("novi-sad",), "rights_statement": "InC", "credit_line": "РТВ",
        "rights": (("music", "cleared", "Traditional", "All songs"),), "footage": (8, "tone"),
    },
    {
        "broadcaster": "rtv", "identifier": "DEMO-DUN-1965", "category": "historical-footage",
        "asset_type": "raw-footage", "collection": "demo-rtv-plain", "dated": "1965-06~",
        "title_sr": "Висока вода на Дунаву", "title_kk": "Дунайдағы су тасқыны",
        "title_ru": "Высокая вода на Дунае", "title_en": "High water on the Danube",
        "places": ("novi-sad",), "rights_statement": "InC", "credit_line": "РТВ",
        "carrier": ("16 mm", "Мишелук, 12"), "footage": (8, "grey"),
    },
    {
        "broadcaster": "rtv", "identifier": "DEMO-KUH", "category": "programme", "asset_type": "programme",
        "dated": "199X", "title_sr": "Кухиња равнице", "title_kk": "Жазық асханасы",
        "title_ru": "Кухня равнины",
        "title_en": "Kitchens of the plain", "rights_statement": "InC", "credit_line": "РТВ",
    },
    {
        "broadcaster": "ptrc", "identifier": "DEMO-AST-1997", "category": "historical-footage",
        "asset_type": "raw-footage", "collection": "demo-ptrc-steppe", "dated": "1997-12~",
        "title_sr": "Нова престоница у снегу", "title_kk": "Қар басқан жаңа астана",
        "title_ru": "Новая столица в снегу", "title_en": "The new capital in snow",
        "description_kk": "Есіл жағасындағы алғашқы құрылыстар.", "description_ru": "Первые стройки на берегу Ишима.",
        "description_en": "The first building sites on the bank of the Ishim.",
        "description_sr": "Прва градилишта на обали Ишима.",
        "places": ("astana",), "speech_languages": ["kk", "ru"], "rights_statement": "InC", "credit_line": "ПТРК",
        "footage": (10, "grey"),
        "segments": (
            (25, 200, {"sr": "Кранови у магли", "kk": "Тұмандағы крандар",
             "ru": "Краны в тумане", "en": "Cranes in the fog"}),
        ),
        "subtitles": {"kk": ((500, 4000, "Ғимараттар қардан көтеріліп келеді."),)},
    },
    {
        "broadcaster": "ptrc", "identifier": "DEMO-NAU-2011", "category": "cultural-performance",
        "asset_type": "recording", "collection": "demo-ptrc-steppe", "dated": "2011-03-22",
        "title_sr": "Науриз на тргу", "title_kk": "Алаңдағы Наурыз", "title_ru": "Наурыз на площади",
        "title_en": "Nauryz in the square", "places": ("almaty",), "rights_statement": "InC", "credit_line": "ПТРК",
        "access": "public", "footage": (6, "tone"),
    },
    {
        "broadcaster": "ptrc", "identifier": "DEMO-ZHA", "category": "national-commemoration", "asset_type": "clip",
        "dated": "1971?", "title_sr": "Цвеће код споменика Жамбилу Жабајеву",
        "title_kk": "Жамбыл Жабаев ескерткішіндегі гүлдер", "title_ru": "Цветы у памятника Жамбылу Жабаеву",
        "title_en": "Flowers at the monument to Zhambyl Zhabayev", "places": ("zhambyl-zhabayev-monument",),
        "rights_statement": "InC", "credit_line": "ПТРК", "footage": (6, "bars"),
    },
    {
        "broadcaster": "ptrc", "identifier": "DEMO-SOZ-2022", "category": "news", "asset_type": "clip",
        "dated": "2022-09", "title_sr": "Обраћање председника (пробна слика)",
        "title_kk": "Президенттің үндеуі (сынақ кескіні)", "title_ru": "Обращение президента (испытательная таблица)",
        "title_en": "Address of the president (test picture)",
        "people": (("kassym-jomart-tokayev", "speaker"),), "places": ("astana",), "speech_languages": ["kk"],
        "rights_statement": "InC", "credit_line": "ПТРК", "footage": (6, "bars"),
    },
    {
        "broadcaster": "ptrc", "identifier": "DEMO-DOC", "category": "programme", "asset_type": "programme",
        "dated": "2008", "title_sr": "Друм кроз степу", "title_kk": "Дала жолы",
        "title_ru": "Дорога через степь", "title_en": "A road through the steppe",
        "rights_statement": "InC", "credit_line": "ПТРК", "footage": (8, "grey"),
    },
    {
        "broadcaster": "ptrc", "identifier": "DEMO-XXXX", "category": "historical-footage", "asset_type": "raw-footage",
        "dated": "XXXX", "title_sr": "Ролна без натписа", "title_kk": "Жазуы жоқ орам",
        "title_ru": "Катушка без надписи", "title_en": "A reel without a label", "rights_statement": "UND",
        "carrier": ("16 mm", "Астана, сақтау қоймасы 3"), "is_draft": True,
    },
)  # fmt: skip
