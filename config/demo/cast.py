"""The people of the story."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import Role
from candidates.enums import VoieAcces

DOMAIN = "demo.parchemin.example"


@dataclass(frozen=True)
class Staff:
    key: str
    first_name: str
    last_name: str
    roles: tuple[Role, ...]
    note: str

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


@dataclass(frozen=True)
class Applicant:
    key: str
    given_names: str
    family_name: str
    birth_date: date
    birth_place: str
    voie: VoieAcces
    note: str

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


STAFF = (
    Staff("nathalie", "Nathalie", "Simon", (Role.GESTIONNAIRE,), "gestionnaire : candidats, planning, jurys, travaux"),
    Staff("olivier", "Olivier", "Blanc", (Role.ADMINISTRATEUR,), "administrateur : référentiels"),
    Staff("florence", "Florence", "Adam", (Role.ADMINISTRATEUR,), "administratrice : confirme les publications"),
    Staff("paul", "Paul", "Roux", (Role.EVALUATEUR,), "évaluateur : une soutenance aujourd’hui"),
    Staff("claire", "Claire", "Fournier", (Role.EVALUATEUR,), "évaluatrice : une grille commencée aujourd’hui"),
    Staff("karim", "Karim", "Slimani", (Role.EVALUATEUR, Role.JURY), "évaluateur et membre de jury"),
    Staff("isabelle", "Isabelle", "Mercier", (Role.JURY,), "présidente du jury"),
    Staff("jean-marc", "Jean-Marc", "Vidal", (Role.JURY,), "membre du jury"),
    Staff("aurelie", "Aurélie", "Picard", (Role.REFERENT_HANDICAP,), "référente handicap ; instruit un recours"),
    Staff("marc", "Marc", "Guérin", (Role.AUDITEUR,), "auditeur : lit tout, vérifie le journal"),
)

_INITIALE, _CONTINUE = VoieAcces.FORMATION_INITIALE, VoieAcces.FORMATION_CONTINUE

APPLICANTS = (
    Applicant("ines", "Inès", "Lambert", date(1996, 2, 9), "Rennes", _CONTINUE, "n’a encore rien présenté"),
    Applicant("hugo", "Hugo", "Marchand", date(1991, 7, 23), "Dijon", _CONTINUE, "un bloc, soutenance aujourd’hui"),
    Applicant("chloe", "Chloé", "Perrin", date(1988, 11, 2), "Annecy", _CONTINUE, "il ne manque que le bloc 4"),
    Applicant("mathis", "Mathis", "Girard", date(1999, 4, 30), "Limoges", _INITIALE, "des critères à reprendre"),
    Applicant("sarah", "Sarah", "Benali", date(1993, 9, 14), "Roubaix", _CONTINUE, "quatre blocs, devant le jury"),
    Applicant("thomas", "Thomas", "Lefèvre", date(1985, 1, 19), "Amiens", VoieAcces.VAE, "devant le jury"),
    Applicant("manon", "Manon", "Rousseau", date(1997, 6, 5), "Bayonne", _INITIALE, "certifiée"),
    Applicant(
        "antoine",
        "Antoine",
        "Dubois",
        date(1990, 12, 27),
        "Metz",
        _CONTINUE,
        "validation partielle, recours en instruction",
    ),
    Applicant("nadia", "Nadia", "Haddad", date(1994, 3, 11), "Sète", _CONTINUE, "refusée, puis a tout représenté"),
    Applicant(
        "lucas", "Lucas", "Fontaine", date(2000, 8, 8), "Vannes", VoieAcces.APPRENTISSAGE, "absent, nouvelle date fixée"
    ),
    Applicant("elodie", "Élodie", "Caron", date(1989, 10, 16), "Troyes", _CONTINUE, "soutenance en cours, tiers-temps"),
    Applicant("camille", "Camille", "Renard", date(1992, 1, 28), "Albi", _CONTINUE, "deux évaluateurs en désaccord"),
    Applicant("omar", "Omar", "Diallo", date(1987, 9, 3), "Évry", _CONTINUE, "une grille rouverte puis corrigée"),
    Applicant("jade", "Jade", "Nguyen", date(1998, 12, 12), "Lorient", _INITIALE, "interrompue, nouvelle date fixée"),
    Applicant("simon", "Simon", "Petit", date(1996, 6, 17), "Gap", _CONTINUE, "absence excusée, date à fixer"),
    Applicant("yanis", "Yanis", "Morel", date(1995, 5, 21), "Cayenne", VoieAcces.CANDIDATURE_LIBRE, "le bloc 3 seul"),
)
