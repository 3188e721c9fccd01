"""The houses and everything they have been told of, made once for the whole folder and rolled back."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from productions.models import BudgetCategory, Currency, RuleSet, Stage, StageMove, Theme
from productions.money_seed import seed_money
from productions.seed import seed
from tests.notifications.agreements import bring_agreements
from tests.notifications.bureau import bring_bureau
from tests.notifications.courses import bring_courses
from tests.notifications.films import bring_films
from tests.notifications.footage import bring_footage
from tests.notifications.houses import make_houses
from tests.notifications.news import bring_news
from tests.stores import disk_stores


@pytest.fixture(scope="package")
def houses(django_db_setup, django_db_blocker, tmp_path_factory):
    """Making all of it takes seconds: the tests of the folder share one transaction, each in a savepoint of its own."""
    stores = SimpleNamespace(STORAGES=settings.STORAGES)
    disk_stores(stores, tmp_path_factory.mktemp("stores"))
    with override_settings(**vars(stores)), django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        if not Stage.objects.exists():
            seed(Stage, StageMove, Theme, RuleSet)
            seed_money(Currency, BudgetCategory)
        made = make_houses()
        for bring in (bring_news, bring_footage, bring_courses, bring_agreements, bring_bureau, bring_films):
            bring(made)
        made.mailed = list(mail.outbox)
        yield made
        transaction.set_rollback(True)
