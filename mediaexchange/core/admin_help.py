"""Help below every field of the admin: forms made from models, inlines, and plain forms."""

import re
from copy import copy
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext

from mediaexchange.core.help_texts import help_for

# Django's own words below lists of several; they say how to choose, not what.
_HOW_TO_CHOOSE = "Hold down “Control”, or “Command” on a Mac, to select more than one."
_NUMBERED = re.compile(r"^(?:\w+-)?(?P<name>[A-Za-z_]+?)(?:_\d+)?$")  # "l12-seconds", "text_3"


def helped(form: Any, label: str) -> Any:
    """The same class of a form, made for one request; its fields that say nothing get what is said for the model."""
    how = gettext(_HOW_TO_CHOOSE)
    for name, field in form.base_fields.items():
        said = str(field.help_text)
        if (not said or said == how) and (help_text := help_for(label, name)):
            field = form.base_fields[name] = copy(field)  # declared fields are shared by all requests
            field.help_text = format_lazy("{} {}", help_text, said) if said else help_text
    return form


class HelpedFields:
    """For pages and inlines that make their forms from a model."""

    opts: Any

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return helped(super().get_form(request, obj, change=change, **kwargs), self.opts.label_lower)  # type: ignore[misc]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        helped(formset.form, self.opts.label_lower)
        return formset


class HelpedForm(forms.Form):
    """A plain form of the admin. What its fields do not say themselves stands under its name in ``help_texts``."""

    def __getitem__(self, name: str) -> BoundField:
        bound = super().__getitem__(name)
        if not bound.help_text:
            bound.help_text = str(self.help_for(name))
        return bound

    @classmethod
    def help_for(cls, name: str) -> Any:
        """What is said for the field here or by the nearest of the classes that this one builds on."""
        numbered = _NUMBERED.match(name)
        names = dict.fromkeys((name, numbered["name"] if numbered else name))
        labels = [f"{_app_of(each)}.{each.__name__.lower()}" for each in cls.__mro__ if issubclass(each, forms.Form)]
        return next((said for label in labels for each in names if (said := help_for(label, each))), "")


def _app_of(form: type) -> str:
    package = form.__module__.split(".")
    return package[1] if package[0] == "mediaexchange" else package[0]
