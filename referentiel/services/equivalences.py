"""Declaring that a bloc of a draft is equivalent to one of a version published before (R-CAN-1)."""

from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction

from accounts.models import User
from core import journal
from core.exceptions import InvalidInput, Refusal, Stale
from core.fingerprints import canonical_json, sha256_hex
from referentiel.content import BlocContent, Content, EquivalenceContent, equivalence_order, told_equivalence
from referentiel.models import Bloc, Equivalence, Referentiel
from referentiel.services.drafts import locked_draft

Pair = tuple[int, int]
"""The key of a bloc of the draft, and that of the published bloc it is equivalent to."""


def seen_as(pairs: Iterable[Pair]) -> str:
    """A mark of what the page showed, so that what somebody else declared since is not undone."""
    return sha256_hex(canonical_json(sorted(map(list, pairs))))[:16]


def declare_equivalences(referentiel: Referentiel, *, wanted: Iterable[Pair], by: User, seen: str = "") -> bool:
    """Whether the declarations of a draft changed: those ``wanted`` are all there are, from now on.

    Raises InvalidInput for a bloc that is not the draft's or not published, Stale when somebody else declared
    otherwise since.
    """
    wanted = set(wanted)
    with transaction.atomic():
        draft = locked_draft(referentiel)
        standing = Equivalence.objects.filter(bloc__referentiel=draft)
        before = set(standing.values_list("bloc_id", "earlier_id"))
        if wanted == before:
            return False
        if seen and seen != seen_as(before):
            raise Stale("Quelqu’un a changé les équivalences depuis que vous les avez ouvertes : relisez-les.")
        _refuse_strangers(draft, wanted)
        told_before = _told(draft)
        for bloc, earlier in before - wanted:
            standing.filter(bloc=bloc, earlier=earlier).delete()
        Equivalence.objects.bulk_create(Equivalence(bloc_id=b, earlier_id=e) for b, e in sorted(wanted - before))
        data = {"before": told_before, "after": _told(draft)}
        journal.record("referentiel.equivalences_declared", draft, by=by, data=data)
    return True


def unknown_equivalences(content: Content) -> list[str]:
    """What a file declares equivalent and is no published bloc here."""
    known = _published(content)
    return [
        f"Bloc {bloc['number']} : « {told_equivalence(one)} » n’est pas un bloc d’une version publiée ici."
        for bloc, one in _declared(content)
        if equivalence_order(one) not in known
    ]


def write_equivalences(draft: Referentiel, content: Content) -> None:
    """Those of a content that was just written as ``draft``; raises Refusal when one cites no published bloc."""
    if unknown := unknown_equivalences(content):
        raise Refusal(" ".join(unknown))
    known = _published(content)
    blocs: dict[int, int] = dict(Bloc.objects.filter(referentiel=draft).values_list("number", "pk"))
    Equivalence.objects.bulk_create(
        Equivalence(bloc_id=blocs[bloc["number"]], earlier_id=known[equivalence_order(one)])
        for bloc, one in _declared(content)
    )


def _declared(content: Content) -> Iterator[tuple[BlocContent, EquivalenceContent]]:
    for bloc in content["blocs"]:
        for one in bloc.get("equivalences", []):
            yield bloc, one


def _published(content: Content) -> Mapping[tuple[str, int, int], int]:
    """The published blocs a content cites, by what they are cited as."""
    codes = {one["rncp_code"] for _, one in _declared(content)}
    if not codes:
        return {}
    rows = Bloc.objects.filter(
        referentiel__publication__isnull=False, referentiel__certification__rncp_code__in=codes
    ).values_list("referentiel__certification__rncp_code", "referentiel__version", "number", "pk")
    return {(code, version, number): pk for code, version, number, pk in rows}


def _refuse_strangers(draft: Referentiel, wanted: set[Pair]) -> None:
    own = set(Bloc.objects.filter(referentiel=draft).values_list("pk", flat=True))
    earlier = {pk for _, pk in wanted}
    published = Bloc.objects.filter(pk__in=earlier, referentiel__publication__isnull=False).count()
    if not {pk for pk, _ in wanted} <= own or published != len(earlier):
        raise InvalidInput("Un bloc de ce brouillon est équivalent à un bloc d’une version publiée, et à rien d’autre.")


def _told(draft: Referentiel) -> list[str]:
    """« Bloc 2 : RNCP37431, version 1, bloc 2 », in order."""
    rows = Equivalence.objects.filter(bloc__referentiel=draft).select_related(
        "bloc", "earlier__referentiel__certification"
    )
    return sorted(
        f"Bloc {row.bloc.number} : {row.earlier.referentiel.certification.rncp_code},"
        f" version {row.earlier.referentiel.version}, bloc {row.earlier.number}"
        for row in rows
    )
