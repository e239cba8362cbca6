"""States of a référentiel, and of the request to publish it."""

from collections.abc import Mapping

from django.db import models


class ReferentielState(models.TextChoices):
    """draft → published → retired (R-REF-1); derived from the publication, which is what freezes the tree."""

    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publié"
    RETIRED = "retired", "Retiré"


class AskState(models.TextChoices):
    """One administrateur asks for a publication, another settles it (R-REF-1)."""

    ASKED = "asked", "Demandée"
    CONFIRMED = "confirmed", "Confirmée"
    DECLINED = "declined", "Refusée"
    WITHDRAWN = "withdrawn", "Retirée"
    LAPSED = "lapsed", "Caduque"


ASK_TRANSITIONS: Mapping[AskState, frozenset[AskState]] = {
    AskState.ASKED: frozenset({AskState.CONFIRMED, AskState.DECLINED, AskState.WITHDRAWN, AskState.LAPSED}),
    AskState.CONFIRMED: frozenset(),
    AskState.DECLINED: frozenset(),
    AskState.WITHDRAWN: frozenset(),
    AskState.LAPSED: frozenset(),
}
