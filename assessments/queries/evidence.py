"""A submitted soutenance as evidence: one grille, or two and what their évaluateurs settled (R-SCO-9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from assessments.models import Grille, Settlement, Soutenance


@dataclass(frozen=True)
class JudgedSoutenance:
    """The first évaluateur's grille stands for the soutenance: acquisitions and dossiers refer to it."""

    grille: Grille
    second: Grille | None = None
    settlements: Mapping[int, Settlement] = field(default_factory=dict)

    @property
    def soutenance(self) -> Soutenance:
        return self.grille.soutenance

    @property
    def reference(self) -> str:
        return str(self.grille.pk)

    @property
    def evaluateurs(self) -> str:
        """As reasons and documents name them."""
        return f"{self.grille.evaluateur} et {self.second.evaluateur}" if self.second else str(self.grille.evaluateur)

    @property
    def submitted_at(self) -> datetime:
        """When the last of them had spoken: grilles submitted, differences settled. In Paris: reasons give its day."""
        spoken = [self.grille.submitted_at, self.second and self.second.submitted_at]
        settled = [settlement.settled_at for settlement in self.settlements.values()]
        return timezone.localtime(max(at for at in [*spoken, *settled] if at))
