"""Who delivers a certification, and where: what an administrateur writes once for all its parchemins (R-JUR-7)."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from core import journal
from core.exceptions import InvalidInput, Stale
from juries.models import Delivery
from referentiel.models import Certification
from referentiel.nodes import seen_as

FIELDS = ("legal_name", "place", "signatory", "signatory_title")


def delivery_values(certification: Certification) -> dict[str, str]:
    """What is written for ``certification``; empty texts before anything is."""
    delivery = Delivery.objects.filter(certification=certification).first()
    return {name: getattr(delivery, name) if delivery else "" for name in FIELDS}


def set_delivery(certification: Certification, *, values: Mapping[str, str], by: User, seen: str) -> bool:
    """Whether anything changed. What is already delivered keeps what it bore; the journal keeps both.

    ``seen`` is the mark of what the form showed. Raises Stale when somebody wrote since, unless these very values.
    """
    after = {name: " ".join(values[name].split()) for name in FIELDS}
    if not all(after.values()):
        raise InvalidInput("Un parchemin porte ces quatre mentions : remplissez chacune.")
    with transaction.atomic():
        Certification.objects.select_for_update(no_key=True).get(pk=certification.pk)
        before = delivery_values(certification)
        if before == after:
            return False
        if seen_as(before) != seen:
            raise Stale(
                "Quelqu’un a modifié ces mentions depuis que vous les avez ouvertes : rouvrez la page, comparez, "
                "puis recommencez."
            )
        delivery, _ = Delivery.objects.update_or_create(certification=certification, defaults=after)
        changed = [name for name in FIELDS if before[name] != after[name]]
        data = {"before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}}
        journal.record("delivery.changed", delivery, by=by, data=data)
    return True
