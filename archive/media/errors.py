"""What media programs say no with."""

from archive.constants import StepError


class MediaError(Exception):
    """``code`` is stable; ``log`` is the end of what the program said. ``may_pass`` says that later it may work."""

    def __init__(self, code: StepError, log: str = "", *, may_pass: bool = False) -> None:
        super().__init__(code.value)
        self.code, self.log, self.may_pass = code, log, may_pass
