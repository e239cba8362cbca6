"""What the convocation to a soutenance says, read from the rows."""

from django.db.models import QuerySet

from accounts.models import User
from assessments.convocation_document import ConvocationPage, Presented
from assessments.models import Soutenance
from assessments.queries.soutenances import phases_of
from assessments.timing import ends_at


def convoking(user: User) -> QuerySet[Soutenance]:
    """The soutenances still to be held that this person may see, with what their paper is made of."""
    return (
        Soutenance.objects.visible_to(user)
        .to_be_held()
        .select_related(
            "enrolment__candidate",
            "enrolment__referentiel__certification",
            "enrolment__referentiel__reglement",
            "evaluateur",
            "second_evaluateur",
        )
    )


def convocation_of(soutenance: Soutenance) -> ConvocationPage:
    """One query: the compétences, in the order of the référentiel."""
    enrolment, phases = soutenance.enrolment, phases_of(soutenance)
    certification = enrolment.referentiel.certification
    return ConvocationPage(
        certifier=certification.certifier,
        certification=certification.title,
        rncp_code=certification.rncp_code,
        level=certification.level,
        candidate=enrolment.candidate.full_name,
        number=enrolment.number,
        starts_at=soutenance.starts_at,
        ends_at=ends_at(soutenance.starts_at, phases),
        phases=phases,
        place=soutenance.place,
        evaluateurs=tuple(str(who) for who in (soutenance.evaluateur, soutenance.second_evaluateur) if who),
        title=soutenance.title,
        competences=tuple(Presented(one.code, one.statement) for one in soutenance.competences.all()),
    )
