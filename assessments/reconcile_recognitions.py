"""Recognised blocs against what they come from, and against what each version declared (R-CAN-1)."""

from collections.abc import Iterator

from assessments.models import BlocAcquisition
from candidates.models import Enrolment
from core.models import JournalEntry
from core.reconcile import reconciles

CHUNK = 500


@reconciles
def every_recognised_bloc_is_what_its_origin_says() -> Iterator[str]:
    """Same candidate, another enrolment, the blocs of the equivalence, the evidence of the origin; standing with it."""
    rows = BlocAcquisition.objects.recognised().select_related("enrolment", "equivalence", "recognised_from__enrolment")
    for row in rows.iterator(chunk_size=CHUNK):
        source, equivalence = row.recognised_from, row.equivalence
        assert source is not None
        assert equivalence is not None
        if (
            source.enrolment.candidate_id != row.enrolment.candidate_id
            or source.enrolment_id == row.enrolment_id
            or (equivalence.bloc_id, equivalence.earlier_id) != (row.bloc_id, source.bloc_id)
            or (source.evidence, source.grille_id, source.acquired_at) != (row.evidence, row.grille_id, row.acquired_at)
        ):
            yield f"Inscription {row.enrolment.number} : le bloc reconnu {row.pk} ne répond pas à ce dont il vient."
        elif row.withdrawn_at is None and source.withdrawn_at is not None:
            yield f"Inscription {row.enrolment.number} : le bloc reconnu {row.pk} vient d’un bloc qui ne l’est plus."


@reconciles
def every_bloc_to_recognise_was() -> Iterator[str]:
    """What a candidate had acquired when they enrolled, and their version declared, stands in their enrolment.

    Where two évaluateurs agreed after the date of what they settled, nobody can tell which came first: left out.
    """
    opened = dict(JournalEntry.objects.filter(verb="enrolment.opened").values_list("subject_id", "at"))
    enrolments = {(one.candidate_id, one.referentiel_id): one for one in Enrolment.objects.all()}
    standing = set(BlocAcquisition.objects.standing().values_list("enrolment", "bloc"))
    sources = BlocAcquisition.objects.standing().filter(
        bloc__later_equivalences__isnull=False, grille__soutenance__second_evaluateur=None
    )
    later = "bloc__later_equivalences__bloc"
    rows = sources.values_list("enrolment__candidate", f"{later}__referentiel", later, "acquired_at").distinct()
    for candidate, referentiel, bloc, acquired_at in rows.iterator(chunk_size=CHUNK):
        enrolment = enrolments.get((candidate, referentiel))
        if enrolment is None or (enrolment.pk, bloc) in standing:
            continue
        at = opened.get(str(enrolment.pk))
        if at is not None and acquired_at <= at:
            yield f"Inscription {enrolment.number} : un bloc acquis avant elle et déclaré équivalent n’est pas reconnu."
