"""Every compétence presented in a submitted soutenance of one version, counted by the database."""

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments.enums import SoutenanceState, Verdict
from assessments.models import Mark, Settlement
from assessments.what_if import Presented
from referentiel.models import Bloc, Competence, Referentiel


def presented_in(referentiel: Referentiel) -> Iterator[Presented]:
    """One row per soutenance and compétence, oldest first, with the effective verdicts (R-SCO-9); two queries."""
    totals = dict(
        Competence.objects.filter(referentiel=referentiel).annotate(total=Count("criteres")).values_list("pk", "total")
    )
    settled = Settlement.objects.filter(soutenance=OuterRef("grille__soutenance"), critere=OuterRef("critere"))
    marks = Mark.objects.filter(
        grille__soutenance__enrolment__referentiel=referentiel,
        grille__soutenance__state=SoutenanceState.SUBMITTED,
        grille__evaluateur=F("grille__soutenance__evaluateur"),
    ).annotate(effective=Coalesce(Subquery(settled.values("verdict")[:1]), "verdict"))
    rows = marks.values_list(
        "grille__soutenance",
        "grille__soutenance__starts_at",
        "grille__soutenance__enrolment__number",
        "critere__competence",
        "critere__competence__code",
        "critere__competence__activite__bloc__number",
    ).annotate(
        acquired=Count("pk", filter=Q(effective=Verdict.ACQUIS)),
        missed=Count("pk", filter=Q(critere__mandatory=True) & ~Q(effective=Verdict.ACQUIS)),
    )
    ordered = rows.order_by("grille__soutenance__starts_at", "grille__soutenance", "critere__competence__code")
    for soutenance, starts_at, enrolment, competence, code, bloc, acquired, missed in ordered:
        yield Presented(
            enrolment=enrolment,
            soutenance=str(soutenance),
            held_on=timezone.localdate(starts_at),
            competence=code,
            bloc=bloc,
            acquired=acquired,
            total=totals[competence],
            mandatory_met=not missed,
        )


def bloc_sizes(referentiel: Referentiel) -> dict[int, int]:
    """How many compétences each bloc has."""
    sizes = Bloc.objects.filter(referentiel=referentiel).annotate(size=Count("activites__competences"))
    return dict(sizes.values_list("number", "size"))
