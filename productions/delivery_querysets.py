"""Questions about revisions, language versions, deliverables and archive footage of productions."""

from typing import Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import Exists, F, Func, Model, OuterRef, Q, TextField
from django.db.models.functions import Now

from productions.constants import DeliverableStatus, VersionStatus
from productions.querysets import ProductionPartQuerySet

M = TypeVar("M", bound=Model)


class RevisionQuerySet(ProductionPartQuerySet[M]):
    def current(self) -> Self:
        """Those that no later one of their kind has superseded."""
        return self.filter(superseded_at__isnull=True)

    def awaited(self) -> Self:
        """Current ones of which some party has said nothing yet."""
        from productions.models import Decision, Partner

        said = Decision.objects.filter(
            revision=OuterRef(OuterRef("pk")), broadcaster=OuterRef("broadcaster"), withdrawn_at__isnull=True
        )
        silent = Partner.objects.filter(~Exists(said), production=OuterRef("production"))
        return self.current().filter(Exists(silent))

    def overdue(self) -> Self:
        """By the database's clock."""
        return self.awaited().filter(due_at__lte=Now())


class RevisionPartQuerySet(ProductionPartQuerySet[M]):
    production_path = "revision__production"


class LanguageVersionQuerySet(ProductionPartQuerySet[M]):
    def wanted(self) -> Self:
        return self.exclude(status=VersionStatus.CANCELLED)


class DeliverableQuerySet(ProductionPartQuerySet[M]):
    production_path = "version__production"

    def owed(self) -> Self:
        """Not delivered yet, or sent back."""
        return self.filter(status__in=(DeliverableStatus.DUE, DeliverableStatus.REJECTED)).exclude(
            version__status=VersionStatus.CANCELLED
        )


class ArchiveUseQuerySet(ProductionPartQuerySet[M]):
    def with_bars(self) -> Self:
        """Each row with ``bars``: the codes of what stands against it now, none if it is cleared."""
        texts = ArrayField(TextField())
        return self.annotate(bars=Func(F("pk"), function="productions_use_bars", output_field=texts))

    def cleared(self, is_cleared: bool = True) -> Self:
        """Or, with False, those that hold delivery up."""
        lacking = Q(bars__len__gt=0)
        return self.with_bars().filter(~lacking if is_cleared else lacking)
