"""The module under which two houses share their archives: nothing new is asked or delivered without one that runs."""

from django.utils.translation import gettext_lazy as _

from archive.rights import shared_modules
from broadcasters.models import Broadcaster, Module
from mediaexchange.core.errors import ConflictError, DomainError


def require_module(holder: Broadcaster, partner: Broadcaster, named: Module | None = None) -> Module:
    """The running archive module of both houses, the one named if one is.

    Raises DomainError if they share none, ConflictError "module-paused" with its reason if what they share is paused.
    """
    shared = shared_modules([holder.pk], partner)[holder.pk]
    if named is not None:
        shared = [module for module in shared if module.pk == named.pk]
    if not shared:
        raise DomainError("no-shared-module", _("Both houses must be parties to one archive module that has begun."))
    running = next((module for module in shared if module.is_running), None)
    if running is None:
        refuse_paused(shared[0])
    return running  # type: ignore[return-value]  # refused above


def refuse_paused(module: Module) -> None:
    """Raises ConflictError "module-paused"."""
    message = (
        _("The module “%(module)s” is paused: %(reason)s") % {"module": module, "reason": module.reason}
        if module.reason
        else _("The module “%(module)s” is paused.") % {"module": module}
    )
    raise ConflictError(
        "module-paused", message, module=str(module.uid), reason=module.reason, current=module.state, wanted="active"
    )
