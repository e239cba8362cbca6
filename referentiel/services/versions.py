"""Certifications and the versions of their référentiel: open, clone, drop (R-REF-2)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from core import journal
from core.exceptions import Refusal
from referentiel.models import (
    Activite,
    Bloc,
    Certification,
    Competence,
    Critere,
    Referentiel,
    Registration,
    Reglement,
    Section,
    SousElement,
)
from referentiel.nodes import InvalidNode
from referentiel.services.drafts import delete_unless_used, locked_draft
from referentiel.services.grouping import copy_projets
from referentiel.validation import errors_of


def create_certification(*, values: Mapping[str, Any], by: User) -> Certification:
    """Register a title; raises InvalidNode when its RNCP code is known or a field is wrong."""
    certification = Certification(**values)
    with transaction.atomic():
        errors = errors_of(certification)
        if errors:
            raise InvalidNode(errors)
        certification.save(force_insert=True)
        journal.record("certification.created", certification, by=by, data=dict(values))
    return certification


def create_draft(certification: Certification, *, by: User) -> Referentiel:
    """An empty draft, with the règlement's defaults (R-REF-6)."""
    with transaction.atomic():
        referentiel = next_version(certification, predecessor=None)
        Reglement.objects.create(referentiel=referentiel)
        journal.record("referentiel.draft_created", referentiel, by=by, data={"version": referentiel.version})
    return referentiel


def clone_to_draft(source: Referentiel, *, by: User) -> Referentiel:
    """The whole tree of a published version in a new draft that names it; each node keeps its lineage (R-REF-2)."""
    if source.is_draft:
        raise Refusal("Ce référentiel est un brouillon : modifiez-le directement.")
    with transaction.atomic():
        draft = next_version(source.certification, predecessor=source)
        _copy([source.reglement], referentiel=draft)
        _copy(Section.objects.filter(referentiel=source), referentiel=draft)
        blocs = _copy(Bloc.objects.filter(referentiel=source), referentiel=draft)
        activites = _copy(Activite.objects.filter(referentiel=source), referentiel=draft, bloc=blocs)
        competences = _copy(Competence.objects.filter(referentiel=source), referentiel=draft, activite=activites)
        criteres = _copy(Critere.objects.filter(referentiel=source), referentiel=draft, competence=competences)
        _copy(SousElement.objects.filter(critere__referentiel=source), critere=criteres)
        copy_projets(source, to=draft, competences=competences)
        data = {"version": draft.version, "predecessor": source.version}
        journal.record("referentiel.cloned", draft, by=by, data=data)
    return draft


def drop_draft(referentiel: Referentiel, *, by: User) -> None:
    """Remove a draft and its tree; the journal keeps that it existed."""
    with transaction.atomic():
        draft = locked_draft(referentiel)
        data = {"certification": draft.certification.rncp_code, "version": draft.version}
        journal.record("referentiel.draft_dropped", draft, by=by, data=data)
        Registration.objects.filter(referentiel=draft).delete()
        delete_unless_used(draft)


def next_version(certification: Certification, *, predecessor: Referentiel | None) -> Referentiel:
    """The row of a new draft, without règlement nor tree; raises Refusal while another draft is open."""
    Certification.objects.select_for_update().get(pk=certification.pk)
    versions = Referentiel.objects.filter(certification=certification)
    draft = versions.drafts().first()
    if draft is not None:
        raise Refusal(
            f"La version {draft.version} est déjà en brouillon : continuez-la, "
            "ou supprimez-la avant d’en ouvrir une autre."
        )
    last = versions.aggregate(last=models.Max("version"))["last"]
    return Referentiel.objects.create(
        certification=certification, version=(last or 0) + 1, predecessor=predecessor, created_at=timezone.now()
    )


def draft_in_the_way(draft: Referentiel) -> str:
    return (
        f"La version {draft.version} est déjà en brouillon : continuez-la, ou supprimez-la avant d’en ouvrir une autre."
    )


def _copy(rows: Iterable[Any], *, referentiel: Referentiel | None = None, **parents: dict[int, Any]) -> dict[int, Any]:
    """Copies of ``rows`` under their copied parents, in one insertion; each by the key of its original."""
    originals = list(rows)
    if not originals:
        return {}
    model = type(originals[0])
    copies = []
    for row in originals:
        values = {column.attname: getattr(row, column.attname) for column in model._meta.concrete_fields}
        del values["id"]
        copy = model(**values)
        if referentiel is not None:
            copy.referentiel = referentiel
        for name, copied in parents.items():
            setattr(copy, name, copied[getattr(row, f"{name}_id")])
        copies.append(copy)
    created = model._default_manager.bulk_create(copies)
    return {row.pk: copy for row, copy in zip(originals, created, strict=True)}
