"""One of everything, and one person of every kind: those it belongs to, and strangers with the same role."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from accounts.enums import Role
from accounts.models import User
from assessments.services.handing_in import hand_in_file
from candidates.enums import LinkKind
from candidates.models import Candidate
from candidates.services.accommodating import grant_tiers_temps
from candidates.services.linking import declare_link
from core import jobs
from core.enums import JobState
from core.models import Job
from juries.models import Ballot, Decision, JurySession
from juries.services import deciding, deliberating, sessions
from juries.services.copying import issue_copy
from juries.services.instructing import assign_appeal
from juries.services.remarks import write_remark
from referentiel.exchange.example import example
from referentiel.models import Referentiel
from referentiel.services.asking import ask_publication
from referentiel.services.importing import hold
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.handed import a_pdf
from tests.juries import deliveries
from tests.juries.appealing import a_published_decision, an_exhibit, contest
from tests.referentiel.factories import a_projet, build_referentiel

OWNERS = ("candidate", "evaluateur", "president", "member")
STRANGERS = ("other_candidate", "other_evaluateur", "other_jury")
STAFF = ("gestionnaire", "administrateur", "referent_handicap", "auditeur")
EVERYONE = (*OWNERS, *STRANGERS, *STAFF)


@dataclass
class World:
    """The people by name, and the identifiers that the routes take."""

    people: dict[str, User] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)


def build_world() -> World:
    world = World()
    referentiel = build_referentiel(blocs=1)
    draft = build_referentiel(blocs=1, published=False)
    enrolment = scenes.a_certifiable_enrolment(referentiel)
    grille = enrolment.soutenances.get().grilles.get()
    concerting = scenes.in_disagreement(enrolment, evaluateur=grille.evaluateur)
    planned = scenes.a_soutenance(enrolment, evaluateur=grille.evaluateur)
    report = a_pdf()
    handed_in = hand_in_file(
        planned, source=BytesIO(report), name="rapport.pdf", size=len(report), title="", by=enrolment.candidate.user
    )
    preparing = scenes.a_session(enrolment)
    members = [seat.user for seat in preparing.members.order_by("-is_president")]
    opened, closed = (_sitting_with(members, enrolment) for _ in range(2))
    _move(opened, members[0], "open")
    _move(closed, members[0], "open", "close")
    certified = scenes.a_certifiable_enrolment(referentiel)
    published = deliveries.published(certified)
    certificate = published.decisions.get().certificates.get()
    issue_copy(certificate, reason="Original perdu.", by=UserFactory(roles=[Role.GESTIONNAIRE]))
    jobs.run_due()
    ballot = _deliberating(opened, members)
    world.people = {
        "candidate": enrolment.candidate.user,
        "evaluateur": grille.evaluateur,
        "president": members[0],
        "member": members[1],
        "other_candidate": certified.candidate.user,
        "other_evaluateur": UserFactory(roles=[Role.EVALUATEUR]),
        "other_jury": UserFactory(roles=[Role.JURY]),
        "gestionnaire": UserFactory(roles=[Role.GESTIONNAIRE]),
        "administrateur": UserFactory(roles=[Role.ADMINISTRATEUR]),
        "referent_handicap": UserFactory(roles=[Role.REFERENT_HANDICAP]),
        "auditeur": UserFactory(roles=[Role.AUDITEUR]),
    }
    measure = grant_tiers_temps(enrolment, granted_on=enrolment.enrolled_on, by=world.people["referent_handicap"])
    link = declare_link(
        enrolment.candidate,
        user=world.people["other_jury"],
        kind=LinkKind.TRAINED,
        by=world.people["gestionnaire"],
    )
    failed = Job.objects.get(subject=str(enrolment.pk), state=JobState.DONE)
    world.ids = {
        "candidate": enrolment.candidate_id,
        "enrolment": enrolment.pk,
        "soutenance": planned.pk,
        "deliverable": handed_in.pk,
        "critere": referentiel.criteres.first().pk,
        "dossier": enrolment.dossiers.latest("revision").pk,
        "decision": enrolment.decisions.proposed().first().pk,
        "ruled": Decision.objects.taken().get(session=closed).pk,
        "job": failed.pk,
        "person": members[1].pk,
        "preparing": preparing.pk,
        "open": opened.pk,
        "closed": closed.pk,
        "ballot": ballot.pk,
        "open_member": opened.members.get(is_president=False).pk,
        "published_session": published.pk,
        "certificate": certificate.pk,
        "rank": 1,
        "token": certificate.token,
        "member": preparing.members.order_by("is_president").first().pk,
        "measure": measure.pk,
        "link": link.pk,
        "snippet": grille.evaluateur.snippets.create(text="Montrez la démarche.").pk,
        "submitted": grille.soutenance_id,
        "submitted_grille": grille.pk,
        "concerting": concerting.pk,
        "pending_import": hold(example(), file_name="exemple.xlsx", by=world.people["administrateur"]).pk,
        "projet": a_projet(referentiel).pk,
        **_referentiel_ids(referentiel, draft),
        **_contested(certified.candidate, owner=world.people["other_evaluateur"]),
    }
    return world


def _contested(candidate: Candidate, *, owner: User) -> dict[str, Any]:
    """A refusal published about somebody else, and their appeal, which another évaluateur instructs."""
    decision = a_published_decision(enrolment=scenes.an_enrolment(build_referentiel(), candidate))
    appeal = contest(decision, an_exhibit(a_pdf(), "preuve.pdf"))
    assign_appeal(appeal, owner=owner, by=UserFactory(roles=[Role.GESTIONNAIRE]))
    return {"contested": decision.pk, "appeal": appeal.pk, "exhibit": appeal.files.get().pk}


def _referentiel_ids(referentiel: Referentiel, draft: Referentiel) -> dict[str, Any]:
    return {
        "published": referentiel.pk,
        "draft": draft.pk,
        "asked": ask_publication(draft, by=UserFactory(roles=[Role.ADMINISTRATEUR])).pk,
        "certification": draft.certification_id,
        "bloc": draft.blocs.get().pk,
        "older": build_referentiel(certification=referentiel.certification, version=2).pk,
        "newer_draft": build_referentiel(certification=referentiel.certification, version=3, published=False).pk,
        "kind_json": "json",
        "kind_bloc": "bloc",
        "kind_activite": "activite",
    }


def _sitting_with(members: list[User], enrolment: Any) -> JurySession:
    """Another session with the same candidate: written as such, for nobody may arrange it any more."""
    session = scenes.a_session(referentiel=enrolment.referentiel)
    session.candidacies.create(enrolment=enrolment)
    session.members.all().delete()
    for rank, user in enumerate(members):
        session.members.create(user=user, capacity="internal" if rank else "external", is_president=not rank)
    scenes.everybody_declares(session)
    return session


def _deliberating(session: JurySession, members: list[User]) -> Ballot:
    """The candidate called, a ballot open, and what the second member wrote."""
    candidacy = session.candidacies.get()
    deliberating.call_candidate(session, enrolment=candidacy.enrolment_id, by=members[0])
    write_remark(session.members.get(user=members[1]), candidacy=candidacy, text="À discuter.", from_version=0)
    return deliberating.open_ballot(candidacy, by=members[0])


def _move(session: JurySession, president: User, *steps: str) -> None:
    for step in steps:
        session.refresh_from_db()
        if step == "open":
            sessions.open_session(session, by=president)
        else:
            enrolment = session.candidacies.get().enrolment
            dossier = enrolment.dossiers.latest("revision")
            deciding.take_decision(session, enrolment=enrolment, dossier=dossier, outcome="certified", by=president)
            assert Decision.objects.taken().filter(session=session).exists()
            sessions.close_session(session, by=president)
