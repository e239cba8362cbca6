"""From a file to a draft, all or nothing, once a person has seen what it would do (R-REF-2)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.models import User
from core import journal
from core.exceptions import Refusal
from core.operations import already_made
from referentiel.content import Content
from referentiel.exchange.lineages import with_lineages
from referentiel.models import (
    Activite,
    Bloc,
    Certification,
    Competence,
    Critere,
    PendingImport,
    Referentiel,
    Registration,
    Reglement,
    Section,
    SousElement,
)
from referentiel.nodes import InvalidNode
from referentiel.queries.tree import certification_content, content_of
from referentiel.services.equivalences import unknown_equivalences, write_equivalences
from referentiel.services.settling import settings_of
from referentiel.services.versions import draft_in_the_way, next_version
from referentiel.validation import errors_of, type_problem


def hold(content: Content, *, file_name: str, by: User, registration: Mapping[str, Any] | None = None) -> PendingImport:
    """Keep what was read until the person confirms; what they held before and left is forgotten.

    ``registration`` may give ``nsf`` and the three dates of :class:`Registration`, as ISO days.
    """
    with transaction.atomic():
        PendingImport.objects.filter(read_by=by).delete()
        return PendingImport.objects.create(
            file_name=file_name[:200],
            content=content,
            registration=dict(registration or {}),
            read_by=by,
            read_at=timezone.now(),
        )


def latest_of(rncp_code: str) -> Referentiel | None:
    """The version an import of this certification follows: the last one published."""
    versions = Referentiel.objects.filter(certification__rncp_code=rncp_code, publication__isnull=False)
    return versions.order_by("-version").first()


def foreseen(held: PendingImport) -> tuple[Content | None, Content]:
    """The content it would follow, and the content it would make, with its lineages.

    A certification that exists keeps its identity; a file without règlement, that of the version it follows.
    """
    content = cast("Content", held.content)
    latest = latest_of(content["certification"]["rncp_code"])
    predecessor = content_of(latest) if latest else None
    made = with_lineages(content, predecessor=predecessor)
    known = Certification.objects.filter(rncp_code=content["certification"]["rncp_code"]).first()
    if known:
        made["certification"] = certification_content(known)
    if made["reglement"] is None:
        made["reglement"] = predecessor["reglement"] if predecessor else settings_of(Reglement())
    return predecessor, made


def why_not(held: PendingImport) -> list[str]:
    """What forbids this import: a draft already open, a setting or an identity that is unlawful."""
    content = cast("Content", held.content)
    code = content["certification"]["rncp_code"]
    reasons = unknown_equivalences(content)
    drafts = Referentiel.objects.drafts().filter(certification__rncp_code=code)
    reasons += [draft_in_the_way(draft) for draft in drafts]
    if not Certification.objects.filter(rncp_code=code).exists():
        values: dict[str, Any] = dict(content["certification"])
        reasons += _told("Certification", errors_of(Certification(**values)))
    try:
        reasons += _told("Règlement", errors_of(_reglement(content["reglement"])))
    except Refusal as refusal:
        reasons.append(str(refusal))
    return reasons


def made_from(operation: UUID, *, by: User) -> Referentiel | None:
    """The draft an import already confirmed by this person made."""
    return already_made(Referentiel, operation=operation, by=by)


def import_held(held: PendingImport, *, by: User) -> Referentiel:
    """The draft of what was held; the same confirmation twice makes one.

    Raises Refusal when a draft of this certification is already open, or when a setting is unlawful.
    """
    with transaction.atomic():
        is_held = PendingImport.objects.select_for_update().filter(pk=held.pk).exists()
        made = made_from(held.pk, by=by)
        if made:
            return made
        if not is_held:
            raise Refusal("Cet import a été abandonné entre-temps : envoyez de nouveau le fichier.")
        predecessor, content = foreseen(held)
        certification = _certification(content, held.registration, by)
        latest = latest_of(certification.rncp_code) if predecessor else None
        draft = next_version(certification, predecessor=latest)
        _write_reglement(draft, content["reglement"])
        _write_tree(draft, content)
        write_equivalences(draft, content)
        _write_registration(draft, held.registration)
        expected = {**content, "version": None, "predecessor": None, "reglement": None}
        written = {**content_of(draft), "version": None, "predecessor": None, "reglement": None}
        assert written == expected, "what was written is not what was read"
        data = {"version": draft.version, "file": held.file_name, "predecessor": latest and latest.version}
        journal.record("referentiel.imported", draft, by=by, operation=held.pk, data=data)
        PendingImport.objects.filter(pk=held.pk).delete()
    return draft


def abandon(held: PendingImport) -> None:
    held.delete()


def _certification(content: Content, registration: Mapping[str, Any], by: User) -> Certification:
    """The certification of this RNCP code as it is, or a new one."""
    values: dict[str, Any] = dict(content["certification"])
    known = Certification.objects.filter(rncp_code=values["rncp_code"]).first()
    if known:
        return known
    certification = Certification(**values, nsf=registration.get("nsf", ""))
    if errors := errors_of(certification):
        raise InvalidNode(errors)
    try:
        with transaction.atomic():
            certification.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal("Quelqu’un vient de créer cette certification : rouvrez la page et comparez.") from error
    journal.record("certification.created", certification, by=by, data={**values, "nsf": certification.nsf})
    return certification


def _write_reglement(draft: Referentiel, settings: Mapping[str, Any] | None) -> None:
    reglement = _reglement(settings)
    reglement.referentiel = draft
    if reasons := _told("Règlement", errors_of(reglement)):
        raise InvalidNode({"": reasons})
    reglement.save()


def _reglement(settings: Mapping[str, Any] | None) -> Reglement:
    reglement = Reglement()
    if unknown := sorted(set(settings or {}) - set(settings_of(reglement))):
        raise Refusal(f"Règlement : réglage inconnu ({', '.join(map(str, unknown))}).")
    for name, value in (settings or {}).items():
        if problem := type_problem(Reglement._meta.get_field(name), value):
            raise Refusal(f"Règlement : {name} : {problem}")
        setattr(reglement, name, value)
    return reglement


def _told(what: str, errors: Mapping[str, list[str]]) -> list[str]:
    return [f"{what} : {message}" for name, found in errors.items() if name != "referentiel" for message in found]


def _write_tree(draft: Referentiel, content: Content) -> None:
    """The whole tree in one insertion per level."""
    Section.objects.bulk_create(
        Section(referentiel=draft, position=rank, **section)
        for rank, section in enumerate(content["sections"], start=1)
    )
    blocs = _insert(Bloc, ((None, rank, bloc) for rank, bloc in enumerate(content["blocs"], start=1)), draft)
    activites = _insert(Activite, _children(blocs, "activites"), draft)
    competences = _insert(Competence, _children(activites, "competences"), draft)
    criteres = _insert(Critere, _children(competences, "criteres"), draft)
    SousElement.objects.bulk_create(
        SousElement(critere=row, position=rank, text=text)
        for row, node in criteres
        for rank, text in enumerate(node["sous_elements"], start=1)
    )


_PARENT = {Activite: "bloc", Competence: "activite", Critere: "competence"}
_BELOW = {"activites", "competences", "criteres", "sous_elements", "equivalences"}


def _children(rows: Iterable[tuple[Any, Any]], name: str) -> Iterable[tuple[Any, int, Any]]:
    for row, node in rows:
        for rank, child in enumerate(node[name], start=1):
            yield row, rank, child


def _insert(
    model: type[models.Model], nodes: Iterable[tuple[Any, int, Any]], draft: Referentiel
) -> list[tuple[Any, Any]]:
    """The rows of one level with the nodes they were made from."""
    rows, sources = [], []
    for parent, rank, node in nodes:
        values = {name: value for name, value in node.items() if name not in _BELOW}
        if parent is not None:
            values |= {_PARENT[model]: parent, "position": rank}
        rows.append(model(referentiel=draft, **values))
        sources.append(node)
    return list(zip(model._default_manager.bulk_create(rows), sources, strict=True))


def _write_registration(draft: Referentiel, told: Mapping[str, Any]) -> None:
    """The dates, when the file gives all three and they follow each other; otherwise a person completes them."""
    days = {name: told.get(name) for name in ("decided_on", "ends_on", "delivery_limit_on")}
    if not all(days.values()):
        return
    registration = Registration(referentiel=draft, **{name: date.fromisoformat(str(day)) for name, day in days.items()})
    if not errors_of(registration):
        registration.save()
