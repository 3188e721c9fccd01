"""Mail that programs send."""

from smtplib import SMTPException

from mediaexchange.core.errors import DomainError

# A message that cannot be made is missed, like one that no server takes; that a database is away is not its fault.
FAILURES = (SMTPException, OSError, DomainError, ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)
