"""Words too common to look for, where PostgreSQL brings no list. Serbian in Latin letters, without diacritics."""

_SERBIAN = """
    a ali bi bih bila bili bilo bio biti ce cu da do ga gde i ih ili im iz ja je jer jesu joj jos kad kada kako
    kao koja koje koji kojih kojim kojoj koju li me medju mi mu na nad ne nego ni nije nisu niti no o od on ona
    one oni ono ova ove ovo pa po pod pre preko pri s sa samo se si sto su sve svi ta taj tako takodje te to toga
    tome tu u uz vec vi za
"""

_KAZAKH = """
    ал ана арқылы бар барлық бен бойынша болды болып болған бір бірақ бүгін бұл да де деген деді дейін деп еді
    екен емес енді және кейін керек мен мына ол олар онда оның осы отыр пен сол сондай та тағы те тек туралы үшін
    әр өз
"""

SERBIAN = frozenset(_SERBIAN.split())
KAZAKH = frozenset(_KAZAKH.split())
