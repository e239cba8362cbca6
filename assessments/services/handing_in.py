"""Handing in livrables: checked, stored under the address of their content, never changed afterwards."""

from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments.enums import DeliverableKind, SoutenanceState
from assessments.inspection.files import inspect
from assessments.inspection.links import checked_link
from assessments.models import Deliverable, Soutenance
from assessments.services.locking import lock_soutenance
from core import files, journal
from core.exceptions import InvalidInput, Refusal

MOST = 20  # standing livrables of one soutenance
TITLE_LIMIT = 200  # characters


def hand_in_file(
    soutenance: Soutenance, *, source: IO[bytes], name: str, size: int, title: str, by: User
) -> Deliverable:
    """Add a file that is what it says; raises Refusal with the reason, and nothing is stored then.

    The bytes are on disk before the row commits, and leave no trace when it does not.
    """
    _refuse_when_closed(soutenance, by)
    title = _checked_title(title)
    found = inspect(source, name=name, size=size, limit=settings.UPLOAD_LIMIT)
    with files.arriving(source) as arrival, transaction.atomic():
        locked = _locked(soutenance, by)
        if locked.deliverables.standing().filter(file=arrival.sha256).exists():
            raise Refusal("Ce fichier est déjà déposé pour cette soutenance.")
        arrival.settle()
        return _add(
            locked,
            by,
            kind=found.kind,
            title=title or found.name.rsplit(".", 1)[0],
            file=files.keep(arrival.sha256, media_type=found.media_type),
            file_name=found.name,
        )


def hand_in_link(soutenance: Soutenance, *, url: str, title: str, by: User) -> Deliverable:
    """Add a link; it is kept as it is and never fetched. Raises Refusal with the reason."""
    title, url = _checked_title(title), checked_link(url)
    with transaction.atomic():
        locked = _locked(soutenance, by)
        if locked.deliverables.standing().filter(url=url).exists():
            raise Refusal("Ce lien est déjà déposé pour cette soutenance.")
        return _add(locked, by, kind=DeliverableKind.LINK, title=title or url[:TITLE_LIMIT], url=url)


def remove_deliverable(deliverable: Deliverable, *, by: User) -> None:
    """Take a livrable away: nobody reads it any more, and the journal keeps that it was there."""
    with transaction.atomic():
        locked = _locked(deliverable.soutenance, by, adding=False)
        current = locked.deliverables.get(pk=deliverable.pk)
        if current.removed_at:
            raise Refusal("Ce livrable est déjà retiré.")
        if is_own(locked, by) and current.added_by_id != by.pk:
            raise Refusal("Ce livrable a été déposé par le gestionnaire : demandez-lui de le retirer.")
        Deliverable.objects.filter(pk=current.pk).update(removed_at=timezone.now())
        journal.record("deliverable.removed", current, by=by, data={"soutenance": str(locked.pk)})


def is_own(soutenance: Soutenance, user: User) -> bool:
    """Whether ``user`` is the candidate of ``soutenance``."""
    return soutenance.enrolment.candidate.user_id == user.pk


def why_closed(soutenance: Soutenance, user: User) -> str:
    """Why ``user`` may neither add nor remove a livrable now; "" while they may."""
    if not soutenance.is_markable:
        return f"Cette soutenance est {soutenance.get_state_display().lower()} : ses livrables ne changent plus."
    if is_own(soutenance, user) and soutenance.state != SoutenanceState.PLANNED:
        return "La soutenance a commencé : pour ajouter ou retirer un livrable, adressez-vous au gestionnaire."
    return ""


def traced(deliverable: Deliverable) -> dict[str, object]:
    """What the journal keeps of a livrable: what it is and the address of its content, never the content."""
    return {
        "soutenance": str(deliverable.soutenance_id),
        "kind": str(deliverable.kind),
        "title": deliverable.title,
        "file": deliverable.file_id,
        "file_name": deliverable.file_name,
        "url": deliverable.url,
    }


def _add(soutenance: Soutenance, by: User, **fields: object) -> Deliverable:
    deliverable = Deliverable.objects.create(soutenance=soutenance, added_by=by, added_at=timezone.now(), **fields)
    journal.record("deliverable.added", deliverable, by=by, data=traced(deliverable))
    return deliverable


def _locked(soutenance: Soutenance, by: User, *, adding: bool = True) -> Soutenance:
    locked = lock_soutenance(soutenance)
    _refuse_when_closed(locked, by)
    if adding and locked.deliverables.standing().count() >= MOST:
        raise Refusal(f"Une soutenance reçoit {MOST} livrables au plus : retirez-en un, ou regroupez-les.")
    return locked


def _refuse_when_closed(soutenance: Soutenance, by: User) -> None:
    if reason := why_closed(soutenance, by):
        raise Refusal(reason)


def _checked_title(title: str) -> str:
    title = " ".join(title.split())
    if len(title) > TITLE_LIMIT or not title.isprintable():
        raise InvalidInput(f"L’intitulé tient sur une ligne de {TITLE_LIMIT} caractères au plus.")
    return title
