"""Ctrl-C, SIGTERM and a closed terminal, all meaning: stop."""

import signal
import types

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Counts requests to stop. While `raises` is set the first one also raises KeyboardInterrupt where the code is."""

    def __init__(self) -> None:
        self.count = 0
        self.raises = True
        for number in STOPPING:
            signal.signal(number, self._handle)

    def _handle(self, number: int, frame: types.FrameType | None) -> None:
        self.count += 1
        if self.raises and self.count == 1:
            raise KeyboardInterrupt
