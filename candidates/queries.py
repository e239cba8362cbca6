"""Reads of the candidates' pages: each in a number of queries that does not grow with what it shows."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from candidates.civil_status import CivilStatus
from candidates.consent import capacity_of
from candidates.lines import folded
from candidates.models import Accommodation, Candidate, DeclaredLink, Enrolment, HandicapDisclosure
from core.models import JournalEntry
from referentiel.models import Certification

BY_NAME, NEWEST_FIRST = "nom", "recent"
_WORDS = 8  # a search uses no more


@dataclass(frozen=True)
class Reading:
    """One reading of the candidate's mention: when, by whom, as what."""

    at: datetime
    reader: str
    capacity: str


def candidates_found(
    among: QuerySet[Candidate],
    *,
    words: str = "",
    certification: Certification | None = None,
    voie: str = "",
    sort: str = BY_NAME,
) -> QuerySet[Candidate]:
    """Candidates whose name, address or file number holds every word, with their enrolments, in the order asked."""
    enrolments = Enrolment.objects.filter(candidate=OuterRef("pk"))
    if certification:
        enrolments = enrolments.filter(referentiel__certification=certification)
    if voie:
        enrolments = enrolments.filter(voie_acces=voie)
    if certification or voie:
        among = among.filter(Exists(enrolments))
    found = among.filter(_named(words)).select_related("user").prefetch_related(_enrolments())
    if sort == NEWEST_FIRST:
        newest = Max("enrolments__enrolled_on")
        return found.annotate(newest=newest).order_by(F("newest").desc(nulls_last=True), "search_key", "pk")
    return found.order_by("search_key", "pk")


def files_of(among: QuerySet[Candidate]) -> QuerySet[Candidate]:
    """Candidates with all that their page shows; ``accommodations`` of an enrolment are the standing ones."""
    standing = Prefetch("accommodations", Accommodation.objects.standing())
    return among.select_related("user").prefetch_related(
        _enrolments("blocs", standing),
        Prefetch("declared_links", DeclaredLink.objects.select_related("user").order_by("user__last_name", "pk")),
    )


def enrolments_to_accommodate(words: str) -> QuerySet[Enrolment]:
    """Enrolments whose candidate or number holds every word, or without words those with a standing measure.

    Measures only: nothing in a list tells who agreed to what, or wrote a mention (R-CAN-2).
    """
    standing = Accommodation.objects.standing()
    enrolments = Enrolment.objects.select_related("candidate", "referentiel__certification")
    enrolments = enrolments.prefetch_related(Prefetch("accommodations", standing))
    if words.strip():
        return enrolments.filter(_named(words, "candidate__", with_email=False)).order_by(
            "candidate__search_key", "-enrolled_on"
        )
    measured = Exists(standing.filter(enrolment=OuterRef("pk")))
    return enrolments.filter(measured).order_by("candidate__search_key", "-enrolled_on")


def namesake_of(status: CivilStatus, *, email: str) -> Candidate | None:
    """A candidate with the same names and birth date under another address: the same person, most likely."""
    born = Candidate.objects.filter(birth_date=status.birth_date).exclude(user__email__iexact=email)
    names = (folded(status.family_name), folded(status.given_names))
    return next((one for one in born if (folded(one.family_name), folded(one.given_names)) == names), None)


def people_who_judge() -> QuerySet[User]:
    """Active évaluateurs and members of juries, each once."""
    roles = (Role.EVALUATEUR, Role.JURY)
    return (
        User.objects.filter(is_active=True, role_grants__role__in=roles).distinct().order_by("last_name", "first_name")
    )


def readings_of(candidate: Candidate) -> QuerySet[JournalEntry]:
    """Who read the candidate's mentions, and when, newest first: the candidate may see it."""
    keys = [str(pk) for pk in candidate.handicap_disclosures.values_list("pk", flat=True)]
    return (
        JournalEntry.objects.filter(
            verb="confidential.mention_read",
            subject_type=HandicapDisclosure._meta.label_lower,
            subject_id__in=keys,
        )
        .select_related("actor")
        .order_by("-sequence")
    )


def reading_told_by(entry: JournalEntry) -> Reading:
    return Reading(entry.at, str(entry.actor), capacity_of(entry.data["purpose"]))


def _enrolments(*more: Any) -> Any:
    enrolments = Enrolment.objects.select_related("referentiel__certification").order_by("-enrolled_on", "number")
    return Prefetch("enrolments", enrolments.prefetch_related(*more))


def _named(words: str, path: str = "", *, with_email: bool = True) -> Q:
    """Every word is in the name, the number of an enrolment or, unless told otherwise, the address of the account."""
    asked = words.split()[:_WORDS]
    return reduce(and_, (_holds(word, path, with_email) for word in asked), Q())


def _holds(word: str, path: str, with_email: bool) -> Q:
    numbered = Enrolment.objects.filter(candidate=OuterRef(f"{path}pk"), number__startswith=word)
    found = Q(Exists(numbered))
    if folded(word):
        found |= Q(**{f"{path}search_key__contains": folded(word)})
    if with_email:
        found |= Q(**{f"{path}user__email__icontains": word})
    return found
