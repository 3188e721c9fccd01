"""What OAI-PMH 2.0 calls errors (section 3.6): answers with status 200 that name a code."""


class OaiError(Exception):
    """``code`` is the protocol's; ``message`` is English, as the protocol's other words are."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def bad_argument(message: str) -> OaiError:
    return OaiError("badArgument", message)
