"""Serbian words whose spelling is hard to convert, as (Latin, Cyrillic)."""

# n+j and d+ž that stay two letters.
SPLIT = """
injekcija инјекција|injekcije инјекције|injekcioni инјекциони|injektor инјектор|injicirati инјицирати
reinjekcija реинјекција|mikroinjekcija микроинјекција|Injekcija Инјекција|INJEKCIJA ИНЈЕКЦИЈА
konjugacija конјугација|konjugovan конјугован|konjunkcija конјункција|konjunktiv конјунктив
konjunktivitis конјунктивитис|konjunktura конјунктура|konjunkturni конјунктурни|konjukcija конјукција
konjektura конјектура|KONJUNKTURA КОНЈУНКТУРА|anjon анјон|anjonski анјонски|polianjon полианјон
Tanjug Танјуг|Tanjuga Танјуга|Tanjugov Танјугов|TANJUG ТАНЈУГ|tanjugovac танјуговац
vanjezički ванјезички|izvanjezički изванјезички|vanjavni ванјавни|panjelinski панјелински|Panjelini Панјелини
panjugoslovenski панјугословенски|Šenjang Шенјанг|Šenjangu Шенјангу|Sinjang Синјанг|Nanjang Нанјанг
Benjamin Бенјамин|Benjamina Бенјамина|Netanjahu Нетанјаху|Netanjahua Нетанјахуа|NETANJAHU НЕТАНЈАХУ
nadživeti надживети|nadživela надживела|nadživljen надживљен|nadživljava надживљава|Nadživeo Надживео
nadžupan наджупан|nadžnjeti наджњети|odživeti одживети|odživela одживела|odživljen одживљен|odžaliti оджалити
odžuriti оджурити|odžvakati оджвакати|podžanr поджанр|podžanra поджанра|podžanrovi поджанрови
podždrelo подждрело|podžupan поджупан|podželudačni поджелудачни|podžeći поджећи|podžegao поджегао
podžegač поджегач|Podžegači Поджегачи|podžizati поджизати|predželudac преджелудац|predživot предживот
predžetveni преджетвени|feldžandar фелджандар|Andžej Анджеј|Andžejevski Анджејевски|PODŽANR ПОДЖАНР
"""

# The same letters as one letter, some in words that begin like those above.
DIGRAPHS = """
njegov његов|Njegoš Његош|NJEGOŠ ЊЕГОШ|konj коњ|konji коњи|konjanik коњаник|konjak коњак|konjušar коњушар
Konjuh Коњух|Konjević Коњевић|konjović коњовић|tanjir тањир|tanjirić тањирић|tanji тањи|Tanja Тања|Vanja Вања
vanjski вањски|Sanja Сања|Anja Ања|panj пањ|panjevi пањеви|panjić пањић|inje иње|injem ињем|senj сењ|šenjak шењак
kompanjon компањон|kanjon кањон|šampanjac шампањац|minjon мињон|bonjur боњур|senjor сењор|Lenjin Лењин
Onjegin Оњегин|Kanjiža Кањижа|Zrenjanin Зрењанин|Banjaluka Бањалука|Banja Бања|Sinj Сињ|Senjanin Сењанин
Hunjadi Хуњади|Ninjo Нињо|Solženjicin Солжењицин|manjina мањина|menjati мењати|znanje знање|anđeo анђео
nenjišući нењишући|odnjihati одњихати|izvanj извањ|panjina пањина|nanjušiti нањушити|Bunjuel Буњуел
odžak оџак|odžačar оџачар|Odžaci Оџаци|odža оџа|odžaklija оџаклија|nadžak наџак|budžet буџет|budžeta буџета
džez џез|Džez Џез|DŽEZ ЏЕЗ|džep џеп|džemper џемпер|džin џин|hadžija хаџија|Karadžić Караџић|KARADŽIĆ КАРАЏИЋ
srdžba срџба|predodžba предоџба|narudžba наруџба|svedodžba сведоџба|jednadžba једнаџба|podžapati поџапати
Azerbejdžan Азербејџан|Tadžikistan Таџикистан|Kembridž Кембриџ|bridž бриџ|menadžer менаџер|menadžment менаџмент
Andželina Анџелина|Redžep Реџеп|Guangdžou Гуангџоу|medžlis меџлис|Sandžak Санџак|pendžer пенџер|Indžija Инџија
sandžačka санџачка|hodža хоџа|Adžić Аџић|adžuvan аџуван|imidž имиџ|bedž беџ|vudžija вуџија
ljubav љубав|Ljubav Љубав|LJUBAV ЉУБАВ|Ljubljana Љубљана|LJUBLJANA ЉУБЉАНА|polje поље|ulje уље|feljton фељтон
nedelja недеља|Kraljevo Краљево|KRALJEVO КРАЉЕВО|zemlja земља|voljeni вољени|zaljubljen заљубљен|prijatelj пријатељ
PRIJATELJ ПРИЈАТЕЉ|Valjevo Ваљево|Aljaska Аљаска|bolje боље|ključ кључ|Ključ Кључ|KLJUČ КЉУЧ|štrudla штрудла
Anđelković Анђелковић|ANĐELKOVIĆ АНЂЕЛКОВИЋ|Đoković Ђоковић|đak ђак|odjednom одједном|nadjačati надјачати
podjela подјела|odjek одјек|adjektiv адјектив|subjekat субјекат|objekat објекат|interjekcija интерјекција
disjunkcija дисјункција|izjava изјава|razjuren разјурен|čašćavanje чашћавање|šećer шећер|žurnal журнал|međužanr међужанр
Džordž Џорџ|Njujork Њујорк|NJUJORK ЊУЈОРК|Njujorčanin Њујорчанин|Nju-Džersi Њу-Џерси|ljubičastoplav љубичастоплав
kontejner контејнер|dvojezičan двојезичан|jednojezični једнојезични|RTS РТС|NATO НАТО|Wi-Fi Wi-Fi|BBC BBC
"""

# Capitals and initials in context.
PHRASES = (
    ("Dž. K. Rouling", "Џ. К. Роулинг"),
    ("Nj.K.V. princ", "Њ.К.В. принц"),
    ("LJUBA I LJ", "ЉУБА И Љ"),
    ("Lj", "Љ"),
    ("slovo Lj je dvoglas", "слово Љ је двоглас"),
    ("TV Novi Sad i BBC-ja", "ТВ Нови Сад и BBC-ја"),
    ("Petar I Karađorđević", "Петар I Карађорђевић"),
    ("V beogradska gimnazija", "V београдска гимназија"),
    ("V. Putin", "В. Путин"),
    ("XIX vek i VI vek, IV razred", "XIX век и VI век, IV разред"),
    ("DA LI STE VI IZ SRBIJE I HRVATSKE", "ДА ЛИ СТЕ ВИ ИЗ СРБИЈЕ И ХРВАТСКЕ"),
    ("DIV i LIV", "ДИВ и ЛИВ"),
    ("Wi-Fi u X-zracima", "Wi-Fi у X-зрацима"),
    ("YouTube-a i Facebooka", "YouTube-а и Facebooka"),
    ("New York Times piše", "New York Times пише"),
    ("rek'o je", "рек'о је"),
)


def words() -> list[tuple[str, str]]:
    pairs = []
    for entry in (SPLIT + DIGRAPHS).replace("\n", "|").split("|"):
        if entry:
            latin, cyrillic = entry.split(" ")
            pairs.append((latin, cyrillic))
    return pairs
