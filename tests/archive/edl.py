"""An edit decision list (CMX 3600): one event can be used, one is black, one has a frame that does not exist, one comes
from before the tape begins.
"""

EDL = """TITLE: Воз
FCM: NON-DROP FRAME
001  TAPE1    V     C        10:00:10:00 10:00:20:00 01:00:00:00 01:00:10:00
* FROM CLIP NAME: Қонақтардың келуі
002  BL       V     C        00:00:00:00 00:00:01:00 01:00:10:00 01:00:11:00
003  TAPE1    V     C        10:00:30:00 10:00:30:30 01:00:11:00 01:00:12:05
004  TAPE1    V     C        09:59:00:00 09:59:10:00 01:00:11:00 01:00:12:05
"""
