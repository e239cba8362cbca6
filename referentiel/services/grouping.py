"""Projets: which compétences are presented together. Possible on a published version too: its text does not change."""

from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from core import journal
from core.exceptions import Refusal, Stale
from core.operations import made_once
from referentiel.models import Competence, Projet, Referentiel
from referentiel.nodes import InvalidNode, seen_as
from referentiel.services.drafts import locked
from referentiel.validation import errors_of

_GONE = "Ce projet a été supprimé entre-temps."


def add_projet(
    referentiel: Referentiel,
    *,
    name: str,
    brief: str,
    competences: Collection[Competence],
    by: User,
    operation: UUID | None = None,
) -> Projet:
    """A projet after the others; raises InvalidNode. The same ``operation`` sent twice adds one."""
    make = partial(_add, referentiel, name, brief, competences, by, operation)
    return made_once(Projet, make, operation=operation, by=by)


def change_projet(
    projet: Projet, *, name: str, brief: str, competences: Collection[Competence], by: User, seen: str
) -> bool:
    """Whether something changed; raises InvalidNode.

    Raises Stale when somebody else wrote since ``seen``, unless these very values: the same form sent twice saves once.
    """
    with transaction.atomic():
        held = _held(projet)
        before = values_of(held)
        if before == {"name": name, "brief": brief, "competences": sorted(one.code for one in competences)}:
            return False
        if seen != seen_as(before):
            raise Stale("Quelqu’un a modifié ce projet depuis que vous l’avez ouvert : rouvrez-le pour comparer.")
        held.name, held.brief = name, brief
        _validate(held, competences)
        held.save()
        held.competences.set(competences)
        after = values_of(held)
        changed = sorted(field for field in after if after[field] != before[field])
        if changed:
            data = {"before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}}
            journal.record("projet.changed", held, by=by, data=data)
    return bool(changed)


def remove_projet(projet: Projet, *, by: User) -> None:
    """Soutenances planned from it keep their compétences; the journal keeps what it was."""
    with transaction.atomic():
        held = _held(projet)
        journal.record("projet.removed", held, by=by, data=values_of(held))
        held.delete()


def values_of(projet: Projet) -> dict[str, Any]:
    """What a person sees of it, and what the journal tells: the codes in alphabetical order."""
    codes = sorted(competence.code for competence in projet.competences.all())
    return {"name": projet.name, "brief": projet.brief, "competences": codes}


def copy_projets(source: Referentiel, *, to: Referentiel, competences: dict[int, Competence]) -> None:
    """The projets of ``source`` on a version cloned from it; ``competences`` gives each copy by its original's key."""
    originals = list(Projet.objects.filter(referentiel=source).prefetch_related("competences"))
    copies = [Projet(referentiel=to, position=one.position, name=one.name, brief=one.brief) for one in originals]
    Projet.objects.bulk_create(copies)
    presented = Projet.competences.through
    presented.objects.bulk_create(
        presented(projet=copy, competence=competences[one.pk])
        for original, copy in zip(originals, copies, strict=True)
        for one in original.competences.all()
    )


def _add(
    referentiel: Referentiel,
    name: str,
    brief: str,
    competences: Collection[Competence],
    by: User,
    operation: UUID | None,
) -> Projet:
    version = locked(referentiel)
    last = Projet.objects.filter(referentiel=version).aggregate(last=Max("position"))["last"]
    projet = Projet(referentiel=version, position=(last or 0) + 1, name=name, brief=brief)
    _validate(projet, competences)
    projet.save(force_insert=True)
    projet.competences.set(competences)
    journal.record("projet.added", projet, by=by, operation=operation, data=values_of(projet))
    return projet


def _held(projet: Projet) -> Projet:
    locked(projet.referentiel)
    held = Projet.objects.filter(pk=projet.pk).first()
    if held is None:
        raise Refusal(_GONE)
    return held


def _validate(projet: Projet, competences: Collection[Competence]) -> None:
    errors = errors_of(projet)
    if not competences:
        errors = {**errors, "competences": ["Choisissez au moins une compétence."]}
    if any(one.referentiel_id != projet.referentiel_id for one in competences):
        errors = {**errors, "competences": ["Choisissez des compétences de cette version."]}
    if errors:
        raise InvalidNode(errors)
