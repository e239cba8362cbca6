"""What happens, day by day, ending today with soutenances to mark and a jury to come."""

from collections.abc import Collection
from datetime import date, timedelta

from assessments.enums import SoutenanceState
from assessments.models import Grille
from assessments.services.planning import leave_soutenance
from assessments.services.reopening import reopen
from assessments.services.submission import submit
from candidates.enums import ConsentScope
from candidates.services.accommodating import grant_tiers_temps
from candidates.services.disclosure import give_consent
from config.demo.clock import at
from config.demo.contested import contest, instruct
from config.demo.delivered import make_deliverable, withdraw_one
from config.demo.handed import hand_in_everything
from config.demo.stage import Stage, local
from core import jobs
from juries.enums import Capacity, Hearing, Outcome
from juries.models import JurySession
from juries.services.convoking import convoke
from juries.services.deciding import take_decision
from juries.services.declaring import declare_conflicts
from juries.services.deliberating import call_candidate
from juries.services.hearings import note_hearing
from juries.services.incidents import note_incident
from juries.services.sessions import (
    close_session,
    open_session,
    prepare_session,
    present_candidate,
    publish_session,
    seat_member,
)

MENTION = (
    "Je souhaite que le jury sache que je suis atteinte d’une dyslexie sévère : mes supports écrits peuvent "
    "comporter des fautes que la relecture n’a pas toutes ôtées."
)
FIRST_BLOCS = {
    "hugo": (1,),
    "chloe": (1, 2, 3),
    "sarah": (1, 2, 3, 4),
    "thomas": (1, 2, 3, 4),
    "manon": (1, 2, 3, 4),
    "antoine": (1, 2),
    "yanis": (3,),
}
EVALUATEURS = ("paul", "claire", "karim")


def tell(stage: Stage, today: date) -> None:
    """The whole story, its last day being ``today``."""
    with at(local(today - timedelta(days=300), 9)):
        stage.group_projets(by=stage.staff["olivier"])
        stage.enrol_everyone(today - timedelta(days=300))
        _accommodate(stage, today)
    _soutenances_of_the_year(stage, today)
    with at(local(today - timedelta(days=60), 18)):
        jobs.run_due()
    with at(local(today - timedelta(days=50), 10)):
        make_deliverable(stage, today)
    _autumn_jury(stage, today)
    _retakes(stage, today)
    _second_looks(stage, today)
    _today_and_after(stage, today)


def _accommodate(stage: Stage, today: date) -> None:
    referente = stage.staff["aurelie"]
    for key in ("sarah", "elodie"):
        grant_tiers_temps(stage.enrolments[key], granted_on=today - timedelta(days=300), by=referente)
    candidate = stage.enrolments["sarah"].candidate
    assert candidate.user is not None
    give_consent(candidate, scope=ConsentScope.JURY, mention=MENTION, by=candidate.user)


def _soutenances_of_the_year(stage: Stage, today: date) -> None:
    """One whole bloc after the other, some weeks apart."""
    for rank, (key, blocs) in enumerate(FIRST_BLOCS.items()):
        for bloc in blocs:
            day = today - timedelta(days=280 - 45 * bloc - 2 * rank)
            with at(local(day, 10)):
                stage.pass_bloc(key, bloc, starts_at=local(day, 10), evaluateur=EVALUATEURS[(rank + bloc) % 2])
    with at(local(today - timedelta(days=90), 14)):
        _failures(stage, today - timedelta(days=90))


def _failures(stage: Stage, day: date) -> None:
    failed = ("C1.1 CE3", "C1.2.2 CE2", "C1.2.2 CE4", "C1.3.1 CE6")
    stage.pass_bloc("mathis", 1, starts_at=local(day, 14), evaluateur="claire", failing=failed)
    stage.pass_bloc("nadia", 1, starts_at=local(day, 16), evaluateur="paul", failing=("C1.4.2 CE5", "C1.4.3 CE4"))


def _jury(stage: Stage, name: str, day: date, keys: tuple[str, ...], heard: Collection[str] = ()) -> JurySession:
    """A session lawfully composed; those of ``keys`` in ``heard`` are to be heard as it opens, the others are not."""
    session = prepare_session(
        referentiel=stage.referentiel,
        name=name,
        held_at=local(day, 14),
        place="Visioconférence, lien envoyé aux membres",
        by=stage.manager,
    )
    seats = (
        ("isabelle", Capacity.EXTERNAL, True),
        ("jean-marc", Capacity.EXTERNAL, False),
        ("karim", Capacity.INTERNAL, False),
    )
    for key, capacity, presides in seats:
        seat_member(session, user=stage.staff[key], capacity=capacity, is_president=presides, by=stage.manager)
    for key in keys:
        heard_at = session.held_at if key in heard else None
        present_candidate(session, enrolment=stage.enrolments[key], heard_at=heard_at, by=stage.manager)
    for member in session.members.select_related("user"):
        declare_conflicts(member, conflicts={}, by=member.user)
    return session


def _autumn_jury(stage: Stage, today: date) -> None:
    """A first jury, decided, closed and published: one certified, one partial and heard, one refused and absent."""
    day = today - timedelta(days=45)
    hearings = {"nadia": Hearing.ABSENT, "antoine": Hearing.HEARD}
    with at(local(day - timedelta(days=10), 9)):
        session = _jury(stage, f"Jury du {day:%d/%m/%Y}", day, ("manon", "antoine", "nadia"), heard=hearings)
        convoke(session, by=stage.manager)
        jobs.run_due()
    president = stage.staff["isabelle"]
    with at(local(day, 14)):
        open_session(session, by=president)
        for key, found in hearings.items():
            call_candidate(session, enrolment=stage.enrolments[key].pk, by=president)
            note_hearing(session.candidacies.get(enrolment=stage.enrolments[key]), found=found, by=president)
        decided = (("manon", Outcome.CERTIFIED), ("antoine", Outcome.PARTIAL), ("nadia", Outcome.REFUSED))
        for key, outcome in decided:
            enrolment = stage.enrolments[key]
            take_decision(
                session,
                enrolment=enrolment,
                dossier=enrolment.dossiers.latest("revision"),
                outcome=outcome,
                by=president,
            )
        note_incident(
            session,
            text="La visioconférence a été coupée six minutes ; la délibération a repris avec tous les membres.",
            by=president,
        )
        close_session(session, by=president)
    with at(local(day + timedelta(days=2), 9)):
        publish_session(session, by=president)
        jobs.run_due()
    with at(local(day + timedelta(days=12), 20)):
        appeal = contest(stage, "antoine")
    with at(local(day + timedelta(days=13), 9)):
        instruct(stage, appeal, "aurelie")
        jobs.run_due()
    with at(local(day + timedelta(days=20), 11)):
        withdraw_one(stage)


def _retakes(stage: Stage, today: date) -> None:
    """Refused in autumn, Nadia presents everything again and is ready for the next jury."""
    for bloc in (1, 2, 3, 4):
        day = today - timedelta(days=30 - 5 * bloc)
        with at(local(day, 9)):
            stage.pass_bloc("nadia", bloc, starts_at=local(day, 9), evaluateur="claire")


def _second_looks(stage: Stage, today: date) -> None:
    """Two évaluateurs who disagree, a grille reopened and corrected, an incident, an excuse."""
    day = today - timedelta(days=8)
    with at(local(day, 9)):
        both = stage.plan("camille", 2, starts_at=local(day, 9), evaluateur="paul", second="claire")
        for evaluateur, failing in (("paul", ("C2.1.2 CE3",)), ("claire", ("C2.1.2 CE3", "C2.3.1 CE4", "C2.3.2 CE2"))):
            grille = stage.judge(both, evaluateur=evaluateur, failing=failing)
            submit(grille, by=grille.evaluateur)
    with at(local(day, 11)):
        given_back = stage.plan("omar", 3, starts_at=local(day, 11), evaluateur="karim")
        grille = stage.judge(given_back, failing=("C3.1.1 CE2",))
        submit(grille, by=grille.evaluateur)
    with at(local(day + timedelta(days=1), 10)):
        submission = Grille.objects.get(pk=grille.pk).submitted_at
        assert submission is not None
        reason = "L’annexe du dossier écrit n’avait pas été ouverte : M. Slimani a demandé à la relire."
        reopen(grille, submission=submission, reason=reason, by=stage.manager)
        stage.correct(grille, acquired="C3.1.1 CE2")
    with at(local(day + timedelta(days=2), 14)):
        cut = stage.plan("jade", 1, starts_at=local(day + timedelta(days=2), 14), evaluateur="paul")
        stage.judge(cut, only_first=9)
        leave_soutenance(
            cut,
            to=SoutenanceState.INTERRUPTED,
            reason="Coupure de courant chez la candidate.",
            by=stage.staff["paul"],
        )
        stage.plan("jade", 1, starts_at=local(today + timedelta(days=3), 14), evaluateur="paul", replaces=cut)
        ill = stage.plan("simon", 1, starts_at=local(day + timedelta(days=3), 9), evaluateur="claire")
        leave_soutenance(
            ill,
            to=SoutenanceState.EXCUSED,
            reason="Le candidat a prévenu la veille, justificatif reçu.",
            by=stage.manager,
        )


def _today_and_after(stage: Stage, today: date) -> None:
    with at(local(today - timedelta(days=3), 11)):
        missed = stage.plan("lucas", 1, starts_at=local(today - timedelta(days=3), 10), evaluateur="claire")
        leave_soutenance(
            missed, to=SoutenanceState.ABSENT, reason="Le candidat ne s’est pas présenté.", by=stage.manager
        )
        stage.plan("lucas", 1, starts_at=local(today + timedelta(days=6), 10), evaluateur="claire", replaces=missed)
        stage.plan("hugo", 2, starts_at=local(today, 15), evaluateur="paul")
        stage.plan("chloe", 4, starts_at=local(today + timedelta(days=4), 9), evaluateur="paul")
        stage.plan("mathis", 1, starts_at=local(today + timedelta(days=9), 14), codes=("C1.1", "C1.2.2", "C1.3.1"))
        running = stage.plan("elodie", 1, starts_at=local(today, 9), evaluateur="claire")
        _jury(
            stage,
            f"Jury du {today + timedelta(days=12):%d/%m/%Y}",
            today + timedelta(days=12),
            ("sarah", "nadia"),
        )
        _jury(stage, "Jury du jour", today, ("thomas", "chloe"))
    with at(local(today - timedelta(days=1), 18)):
        hand_in_everything(stage, running)
    with at(local(today, 9, 5)):
        stage.judge(running, only_first=24, failing=("C1.1 CE4",))
