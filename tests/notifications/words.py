"""What the rows of these tests are called: in each language otherwise, so that a sentence shows whose words it has."""

from dataclasses import asdict, dataclass

from mediaexchange.core.languages.tags import STORED


@dataclass(frozen=True, slots=True)
class Words:
    """One name as readers of each variant must read it; ``sr_latn`` is stored nowhere."""

    sr: str
    sr_latn: str
    kk: str
    ru: str
    en: str

    def of(self, language: str) -> str:
        """For Django's code of a variant."""
        return str(asdict(self)[language.replace("-", "_")])

    def fields(self, *names: str) -> dict[str, str]:
        """For the translated fields of these names."""
        return {f"{name}_{language}": self.of(language) for name in names for language in STORED}


OWN = Words("Прва кућа", "Prva kuća", "Бірінші үй", "Первый дом", "First house")
PARTNER = Words("Друга кућа", "Druga kuća", "Екінші үй", "Другое здание", "Second house")
OTHER = Words("Трећа кућа", "Treća kuća", "Үшінші үй", "Третье здание", "Third house")
HOME = Words("Зимски град", "Zimski grad", "Қысқы қала", "Зимний город", "Winter town")
ABROAD = Words("Језеро", "Jezero", "Көл", "Озёрный", "Lakeside")
STORY = Words("Пала је киша", "Pala je kiša", "Жаңбыр жауды", "Выпал дождь", "Rain has fallen")
COURSE = Words("Читање мапа", "Čitanje mapa", "Карта оқу", "Чтение карт", "Reading of maps")
PACT = Words("Споразум о мору", "Sporazum o moru", "Теңіз шарты", "Морской договор", "Pact of the sea")
MODULE = Words("Преносна мрежа", "Prenosna mreža", "Тарату желісі", "Сеть передачи", "Carrier network")
PLAN = Words("Нови плејер", "Novi plejer", "Жаңа ойнатқыш", "Новый плеер", "New player")
STEP = Words("Први пренос", "Prvi prenos", "Бірінші таратылым", "Первая трансляция", "First stream")
RULES = Words("О снимању деце", "O snimanju dece", "Балаларды түсіру", "О съёмке детей", "On filming children")
ERRAND = Words("Извештај са снега", "Izveštaj sa snega", "Қар хабары", "Снежный репортаж", "Report from the snow")
EVENT = Words("Отварање моста", "Otvaranje mosta", "Көпір ашылуы", "Открытие моста", "Opening of the bridge")
DAY = Words("Дан реке", "Dan reke", "Өзен күні", "День реки", "Day of the river")
FILM = Words("Људи са обале", "Ljudi sa obale", "Жағалау адамдары", "Люди с берега", "People of the shore")
SHOOTING = Words("Груба монтажа", "Gruba montaža", "Қара монтаж", "Черновой монтаж", "Rough assembly")
REEL = Words("Стара ролна", "Stara rolna", "Ескі таспа", "Старая плёнка", "Old reel")
COUNTRY = Words("Казахстан", "Kazahstan", "Қазақстан", "Казахстан", "Kazakhstan")
