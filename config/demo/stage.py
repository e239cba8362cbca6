"""What the story's people do, through the product's own services."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import RoleGrant, User
from assessments.enums import Verdict
from assessments.marks import MarkValue
from assessments.models import Grille, Soutenance
from assessments.queries.review import criteres_of
from assessments.services.marking import change_mark
from assessments.services.planning import ToConfirm, plan_soutenance
from assessments.services.submission import submit
from candidates.models import Enrolment
from candidates.services.enrolling import enrol, open_file
from config.demo.cast import APPLICANTS, STAFF, Applicant, Staff
from referentiel.models import Competence, Referentiel
from referentiel.services.grouping import add_projet

PROJECTS = {
    1: "Analysez les données d’un service public",
    2: "Construisez et comparez des modèles de prédiction",
    3: "Déployez un modèle dans le cloud",
    4: "Pilotez un projet d’intelligence artificielle",
}

PRAISE = (
    "Démarche claire, choix bien justifiés.",
    "Très bonne maîtrise, réponses précises aux questions.",
    "Travail soigné et reproductible.",
)
REMARKS = (
    "Le choix n’est pas justifié : expliquez pourquoi cette méthode plutôt qu’une autre, sur vos propres données.",
    "L’étape manque dans le notebook présenté. Ajoutez-la et montrez son effet sur les résultats.",
    "Réponse incomplète à l’oral : reprenez la définition et donnez un exemple tiré du projet.",
)


class Stage:
    """The people on stage by key, and the référentiel the story is about."""

    def __init__(self, referentiel: Referentiel, password: str) -> None:
        self.referentiel = referentiel
        self.staff = {person.key: self._hire(person, password) for person in STAFF}
        self.password = password
        self.enrolments: dict[str, Enrolment] = {}

    @staticmethod
    def _hire(person: Staff, password: str) -> User:
        user = User.objects.create_user(
            person.email, password, first_name=person.first_name, last_name=person.last_name
        )
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in person.roles)
        return user

    @property
    def manager(self) -> User:
        return self.staff["nathalie"]

    def group_projets(self, by: User) -> None:
        """One projet per bloc: what the soutenances of the story present."""
        for number, name in PROJECTS.items():
            competences = list(Competence.objects.filter(referentiel=self.referentiel, activite__bloc__number=number))
            add_projet(self.referentiel, name=name, brief="", competences=competences, by=by)

    def enrol_everyone(self, on: date) -> None:
        for applicant in APPLICANTS:
            self._enrol(applicant, on)

    def _enrol(self, applicant: Applicant, on: date) -> None:
        candidate = open_file(
            family_name=applicant.family_name,
            given_names=applicant.given_names,
            birth_date=applicant.birth_date,
            birth_place=applicant.birth_place,
            email=applicant.email,
            by=self.manager,
        )
        assert candidate.user is not None
        candidate.user.set_password(self.password)
        candidate.user.save(update_fields=["password"])
        blocs = self.referentiel.blocs.filter(number=3) if applicant.key == "yanis" else None
        self.enrolments[applicant.key] = enrol(
            candidate,
            referentiel=self.referentiel,
            voie_acces=applicant.voie,
            enrolled_on=on,
            by=self.manager,
            blocs=blocs,
        )

    def plan(
        self,
        key: str,
        bloc: int,
        *,
        starts_at: datetime,
        evaluateur: str = "paul",
        second: str = "",
        codes: Iterable[str] = (),
        replaces: Soutenance | None = None,
    ) -> Soutenance:
        competences = Competence.objects.filter(referentiel=self.referentiel, activite__bloc__number=bloc)
        wanted = list(codes)
        plan: dict[str, Any] = {
            "evaluateur": self.staff[evaluateur],
            "second_evaluateur": self.staff[second] if second else None,
            "competences": competences.filter(code__in=wanted) if wanted else competences,
            "starts_at": starts_at,
            "title": PROJECTS[bloc],
            "place": "Visioconférence, lien envoyé par le certificateur",
            "by": self.manager,
            "replaces": replaces,
        }
        try:
            return plan_soutenance(self.enrolments[key], **plan)
        except ToConfirm as doubt:  # presented again although acquired: the manager means it
            return plan_soutenance(self.enrolments[key], **plan, despite=doubt.key)

    def judge(
        self, soutenance: Soutenance, *, evaluateur: str = "", failing: Iterable[str] = (), only_first: int = 0
    ) -> Grille:
        """Mark the first évaluateur's grille, or another's: ``failing`` names CE ("C1.1 CE3"); ``only_first`` stops."""
        grilles = Grille.objects.select_related("soutenance", "evaluateur").filter(soutenance=soutenance)
        grille = grilles.get(evaluateur=self.staff[evaluateur] if evaluateur else soutenance.evaluateur_id)
        failing = set(failing)
        criteres = criteres_of(grille)
        for index, critere in enumerate(criteres[: only_first or len(criteres)]):
            failed = f"{critere.competence.code} {critere.label}" in failing
            comment = REMARKS[index % len(REMARKS)] if failed else PRAISE[index % 3] if index % 11 == 0 else ""
            note = "À rapprocher du dossier écrit." if failed else ""
            verdict = Verdict.NON_ACQUIS if failed else Verdict.ACQUIS
            change_mark(
                grille,
                critere=critere,
                value=MarkValue(verdict, comment, note),
                from_version=0,
                operation=uuid4(),
                by=grille.evaluateur,
            )
        return grille

    def correct(self, grille: Grille, *, acquired: str) -> None:
        """Find the CE ``acquired`` ("C1.1 CE3") acquis after all."""
        grille = Grille.objects.select_related("soutenance", "evaluateur").get(pk=grille.pk)
        (critere,) = (one for one in criteres_of(grille) if f"{one.competence.code} {one.label}" == acquired)
        change_mark(
            grille,
            critere=critere,
            value=MarkValue(Verdict.ACQUIS, "Présent en annexe du dossier écrit."),
            from_version=grille.marks.get(critere=critere).version,
            operation=uuid4(),
            by=grille.evaluateur,
        )
        submit(Grille.objects.select_related("soutenance", "evaluateur").get(pk=grille.pk), by=grille.evaluateur)

    def pass_bloc(
        self, key: str, bloc: int, *, starts_at: datetime, evaluateur: str = "paul", failing: Iterable[str] = ()
    ) -> None:
        """Plan, judge and submit the soutenance of a whole bloc."""
        soutenance = self.plan(key, bloc, starts_at=starts_at, evaluateur=evaluateur)
        grille = self.judge(soutenance, failing=failing)
        submit(grille, by=grille.evaluateur)


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """``hour`` o'clock that day, in the certificateur's time."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001  # made aware here
