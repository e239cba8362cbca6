"""Whatever people do, in whatever order, and whichever job is done again: what may never happen does not happen.

hypothesis draws the acts; a service may refuse any of them, and then nothing has changed. PARCHEMIN_EXAMPLES says how
many stories are told, in parts that several processes share.
"""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import User
from assessments.services.reopening import reopen
from core import jobs
from core.enums import JobState
from core.exceptions import Refusal
from core.models import Job
from core.reconcile import problems
from juries.enums import AppealKind, AppealState, Hearing, Outcome, Presence, SessionState
from juries.models import Appeal, Ballot, Candidacy, Certificate, Decision, JurySession, Minutes, MinutesSignature
from juries.services.appealing import file_appeal
from juries.services.deciding import take_decision
from juries.services.declaring import change_presence
from juries.services.deliberating import call_candidate, cast_vote, close_ballot, open_ballot
from juries.services.hearings import note_hearing
from juries.services.instructing import assign_appeal, conclude_appeal
from juries.services.issuing import issue_certificates
from juries.services.reexamining import present_for_reexamination
from juries.services.revoking import revoke_certificate
from juries.services.sessions import close_session, open_session, present_candidate, publish_session
from juries.services.signing import sign_minutes
from tests import scenes
from tests.juries.appealing import an_instructor
from tests.juries.deliveries import ready_to_deliver
from tests.referentiel.factories import build_referentiel

EXAMPLES = int(os.environ.get("PARCHEMIN_EXAMPLES") or 20)
PARTS = max(1, EXAMPLES // 25)
STEPS = 30
OUTCOMES = st.sampled_from(Outcome)
FROZEN = ("outcome", "blocs", "motive", "dossier_id", "supersedes_id", "postpones_id", "decided_at")


REACHED: Counter[str] = Counter()
WORTH_REACHING: dict[str, Callable[[], QuerySet[Any]]] = {
    "a decision taken": Decision.objects.taken,
    "a hearing noted": lambda: Candidacy.objects.exclude(hearing=""),
    "a session published": lambda: JurySession.objects.filter(state=SessionState.PUBLISHED),
    "a parchemin": lambda: Certificate.objects.filter(bloc_number=None),
    "a signature": MinutesSignature.objects.all,
    "an appeal": Appeal.objects.all,
    "a decision superseded": lambda: Decision.objects.exclude(superseded_by=None),
}
"""A machine that only meets refusals proves nothing: these are to be met in a run."""


class Jury(RuleBasedStateMachine):
    """One candidate, two blocs, as many sessions as it takes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()  # of this story: rolled back, those before would leave it strays
        self.files = override_settings(FILES_DIR=Path(self.folder.name))
        self.files.enable()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.referentiel = build_referentiel(blocs=2, criteres=1)
        ready_to_deliver(self.referentiel)
        self.enrolment = scenes.an_enrolment(self.referentiel)
        self.manager = scenes.a_manager()
        self.closed: dict[Any, tuple[Any, ...]] = {}

    def teardown(self) -> None:
        try:
            jobs.run_due()
            REACHED.update(name for name, rows in WORTH_REACHING.items() if rows().exists())
            found = problems()
            assert found == [], found
        finally:
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)
            self.files.disable()
            self.folder.cleanup()

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it, or be refused; either way what the act began is whole or gone."""
        try:
            with transaction.atomic():
                act()
        except Refusal:
            pass

    # --- The assessments

    @rule(bloc=st.sampled_from([1, 2]), passes=st.booleans())
    def present_a_bloc(self, bloc: int, passes: bool) -> None:
        self.present_a_bloc_of(bloc, passes=passes)

    def present_a_bloc_of(self, bloc: int, *, passes: bool) -> None:
        competences = self.referentiel.competences.filter(activite__bloc__number=bloc)
        scene = scenes.pass_soutenance if passes else scenes.fail_soutenance
        self.attempt(lambda: scene(self.enrolment, competences))

    @rule()
    def reopen_the_last_grille(self) -> None:
        soutenance = self.enrolment.soutenances.order_by("-starts_at", "-pk").first()
        if soutenance:
            grille = soutenance.grilles.get()
            told = {"submission": grille.submitted_at, "reason": "Une erreur de saisie."}
            self.attempt(lambda: reopen(grille, by=self.manager, **told))

    # --- The way it is meant to go, a few steps at a time: chance alone hardly ever leads to a parchemin

    @initialize(steps=st.integers(0, 6))
    def begin(self, steps: int) -> None:
        """Stories start at any stage: the last ones are as worth telling as the first."""
        self.advance(steps)

    @rule(steps=st.integers(1, 8))
    def go_on(self, steps: int) -> None:
        self.advance(steps)

    def advance(self, steps: int) -> None:
        for _ in range(steps):
            self._next_step()
            jobs.run_due()

    def _next_step(self) -> None:
        acquired = set(self.enrolment.bloc_acquisitions.standing().values_list("bloc__number", flat=True))
        if missing := {1, 2} - acquired:
            return self.present_a_bloc_of(min(missing), passes=True)
        seized = JurySession.objects.filter(candidacies__enrolment=self.enrolment)
        session = seized.exclude(state=SessionState.PUBLISHED).order_by("-held_at", "-pk").first()
        if session is None:
            self.contest_and(upheld=True)
            self.prepare()
            return self.examine_again()
        if session.state == SessionState.PREPARING:
            return self.attempt(lambda: open_session(session, by=scenes.president_of(session)))
        if session.state == SessionState.CLOSED:
            self.sign_all()
            return self.attempt(lambda: publish_session(session, by=scenes.president_of(session)))
        if session.decisions.taken().filter(dossier__stale_since=None).exists():
            self.hear(Hearing.HEARD)
            return self.close()
        return self.take(Outcome.CERTIFIED, "", stale=False)

    # --- The jobs

    @rule()
    def do_what_is_due(self) -> None:
        jobs.run_due()

    @rule(rank=st.integers(0, 20))
    def deliver_a_job_again(self, rank: int) -> None:
        done = list(Job.objects.filter(state=JobState.DONE).order_by("ordered_at", "pk").values_list("pk", flat=True))
        if done:
            Job.objects.filter(pk=done[rank % len(done)]).update(
                state=JobState.DUE, due_at=timezone.now(), finished_at=None, leased_until=None, attempts=0
            )
            jobs.run_due()

    # --- The jury

    def session(self, *states: SessionState) -> JurySession | None:
        return JurySession.objects.filter(state__in=states).order_by("-held_at", "-pk").first()

    @rule(heard=st.booleans())
    def prepare_a_session(self, heard: bool) -> None:
        self.prepare(heard=heard)

    def prepare(self, *, heard: bool = True) -> None:
        session = self.session(SessionState.PREPARING) or scenes.a_session(referentiel=self.referentiel)
        if not session.candidacies.exists():
            told = {"heard_at": session.held_at if heard else None, "by": self.manager}
            self.attempt(lambda: present_candidate(session, enrolment=self.enrolment, **told))
            scenes.everybody_declares(session)

    @rule()
    def open_it(self) -> None:
        if session := self.session(SessionState.PREPARING):
            self.attempt(lambda: open_session(session, by=scenes.president_of(session)))

    @rule(found=st.sampled_from(Hearing))
    def note_the_hearing(self, found: Hearing) -> None:
        self.hear(found)

    def hear(self, found: Hearing) -> None:
        if session := self.session(SessionState.OPEN):
            chair, candidacy = scenes.president_of(session), session.candidacies.get()
            self.attempt(lambda: call_candidate(session, enrolment=self.enrolment.pk, by=chair))
            self.attempt(lambda: note_hearing(candidacy, found=found, by=chair))

    @rule(president=OUTCOMES, member=OUTCOMES, closes=st.booleans())
    def vote(self, president: Outcome, member: Outcome, closes: bool) -> None:
        session = self.session(SessionState.OPEN)
        if session is None:
            return
        chair, other = scenes.president_of(session), session.members.get(is_president=False).user
        candidacy = session.candidacies.get()  # open, it has one
        self.attempt(lambda: call_candidate(session, enrolment=self.enrolment.pk, by=chair))
        self.attempt(lambda: open_ballot(candidacy, by=chair))
        ballot = Ballot.objects.filter(candidacy=candidacy).order_by("number").last()
        if ballot is None:
            return
        votes: tuple[tuple[User, Outcome], ...] = ((chair, president), (other, member), (other, president))
        for who, outcome in votes:
            self.attempt(lambda who=who, outcome=outcome: cast_vote(ballot, outcome=outcome, by=who))
        if closes:
            self.attempt(lambda: close_ballot(ballot, by=chair))

    @rule(outcome=OUTCOMES, motive=st.sampled_from(["", "Le jury l’a voulu ainsi."]), stale=st.booleans())
    def decide(self, outcome: Outcome, motive: str, stale: bool) -> None:
        self.take(outcome, motive, stale=stale)

    def take(self, outcome: Outcome, motive: str, *, stale: bool) -> None:
        session = self.session(SessionState.OPEN)
        dossiers = list(self.enrolment.dossiers.order_by("revision"))
        if session and dossiers:
            dossier = dossiers[0] if stale else dossiers[-1]
            chair = scenes.president_of(session)
            self.attempt(
                lambda: take_decision(
                    session, enrolment=self.enrolment, dossier=dossier, outcome=outcome, motive=motive, by=chair
                )
            )

    @rule(there=st.booleans())
    def come_or_leave(self, there: bool) -> None:
        if session := self.session(SessionState.OPEN):
            member = session.members.get(is_president=False)
            presence = Presence.PRESENT if there else Presence.ABSENT
            self.attempt(lambda: change_presence(member, presence=presence, by=scenes.president_of(session)))

    @rule()
    def close_it(self) -> None:
        self.close()

    def close(self) -> None:
        if session := self.session(SessionState.OPEN):
            self.attempt(lambda: close_session(session, by=scenes.president_of(session)))
            session.refresh_from_db()
            if session.is_closed:
                decision = Decision.objects.taken().get(session=session)
                self.closed[decision.pk] = tuple(getattr(decision, name) for name in FROZEN)

    @rule()
    def sign(self) -> None:
        self.sign_all()

    def sign_all(self) -> None:
        for minutes in Minutes.objects.all():
            for member in minutes.session.members.all():
                self.attempt(lambda minutes=minutes, member=member: sign_minutes(minutes, by=member.user))

    @rule()
    def publish_it(self) -> None:
        if session := self.session(SessionState.CLOSED):
            self.attempt(lambda: publish_session(session, by=scenes.president_of(session)))

    # --- After the jury

    @rule()
    def deliver(self) -> None:
        for session in JurySession.objects.filter(state__in=[SessionState.CLOSED, SessionState.PUBLISHED]):
            self.attempt(lambda session=session: issue_certificates(session, by=self.manager))

    @rule()
    def revoke(self) -> None:
        if certificate := Certificate.objects.valid().first():
            self.attempt(lambda: revoke_certificate(certificate, reason="Délivré à tort.", by=self.manager))

    @rule(upheld=st.booleans())
    def contest(self, upheld: bool) -> None:
        self.contest_and(upheld=upheld)

    def contest_and(self, *, upheld: bool) -> None:
        decision = Decision.objects.live().filter(enrolment=self.enrolment).first()
        if decision is None:
            return
        by, owner = self.enrolment.candidate.user, an_instructor()
        told = {"kind": AppealKind.ASSESSMENT, "statement": "Je conteste.", "exhibits": (), "operation": uuid4()}
        self.attempt(lambda: file_appeal(decision, by=by, **told))
        appeal = Appeal.objects.pending().filter(decision=decision).first()
        if appeal:
            end = AppealState.UPHELD if upheld else AppealState.DISMISSED
            self.attempt(lambda: assign_appeal(appeal, owner=owner, by=self.manager))
            self.attempt(lambda: conclude_appeal(appeal, conclusion=end, answer="Motivée.", by=owner))

    @rule()
    def re_examine(self) -> None:
        self.examine_again()

    def examine_again(self) -> None:
        session = self.session(SessionState.PREPARING)
        decision = Decision.objects.live().filter(enrolment=self.enrolment).first()
        if session and decision:
            self.attempt(
                lambda: present_for_reexamination(session, decision=decision, reason="Une erreur.", by=self.manager)
            )
            scenes.everybody_declares(session)

    # --- What never happens

    @invariant()
    def at_most_one_decision_is_live(self) -> None:
        """R-JUR-5."""
        assert Decision.objects.live().filter(enrolment=self.enrolment).count() <= 1

    @invariant()
    def nobody_is_certified_without_every_bloc(self) -> None:
        """R-JUR-4."""
        for decision in Decision.objects.taken().filter(outcome=Outcome.CERTIFIED):
            assert decision.blocs == [1, 2]
            assert self.enrolment.bloc_acquisitions.standing().values("bloc").distinct().count() == 2

    @invariant()
    def what_was_closed_stays_as_it_was(self) -> None:
        """R-JUR-5."""
        for pk, said in self.closed.items():
            decision = Decision.objects.get(pk=pk)
            assert tuple(getattr(decision, name) for name in FROZEN) == said

    @invariant()
    def whoever_was_to_be_heard_is_noted_heard_or_absent_once_it_is_closed(self) -> None:
        """R-JUR-5."""
        unnoted = Candidacy.objects.filter(heard_at__isnull=False, hearing="")
        assert not unnoted.filter(session__closed_at__isnull=False).exists()

    @invariant()
    def a_valid_parchemin_rests_on_the_live_decision(self) -> None:
        """R-JUR-7: at most one, of a published session."""
        valid = list(Certificate.objects.valid().filter(bloc_number=None).select_related("decision__session"))
        assert len(valid) <= 1
        for certificate in valid:
            assert certificate.decision.outcome == Outcome.CERTIFIED
            assert certificate.decision.session.published_at


@pytest.mark.django_db
def test_the_way_it_is_meant_to_go_meets_all_that_is_worth_reaching() -> None:
    """What the stories below wander from; without it they could all end in refusals, and prove nothing."""
    REACHED.clear()
    story = Jury()
    story.advance(20)
    story.teardown()
    assert set(REACHED) == set(WORTH_REACHING)


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_people_do_the_invariants_hold(part: int) -> None:
    REACHED.clear()
    run_state_machine_as_test(
        seed(part)(type(f"Jury{part}", (Jury,), {})),
        settings=settings(
            max_examples=EXAMPLES // PARTS,
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    print(dict(REACHED))  # with -rP: how far the stories went
    assert REACHED["a decision taken"]
