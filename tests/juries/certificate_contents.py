"""Contents of what is delivered, from an ordinary one to the longest the product accepts."""

from typing import Any

from core.fingerprints import canonical_json, sha256_hex
from juries.certificate_content import SCHEMA, CertificateContent
from juries.certificate_document import Copy, certificate_pdf
from juries.enums import CertificateKind

BLOCS = (
    "Concevoir un projet de data science et en piloter la réalisation",
    "Collecter, traiter et analyser des données dans un environnement sécurisé et respectueux des droits",
    "Développer et déployer des modèles d’apprentissage automatique",
    "Restituer les résultats et conduire l’amélioration continue des modèles en production",
)
STATEMENT = (
    "Analyser le besoin du commanditaire en conduisant des entretiens avec les parties prenantes, afin de le traduire "
    "en un problème de data science dont la faisabilité technique, juridique et économique est établie."
)


def a_content(kind: CertificateKind = CertificateKind.PARCHEMIN, **changes: Any) -> CertificateContent:
    """An ordinary one; ``changes`` replace parts of its sections, as ``holder={"birth_place": "…"}``."""
    is_attestation = kind == CertificateKind.ATTESTATION
    skills = [{"code": f"C2.{a}.{c}", "statement": STATEMENT} for a in (1, 2, 3) for c in (1, 2, 3)]
    content: Any = {
        "schema": SCHEMA,
        "kind": kind.value,
        "number": "RNCP37431-2026-000012",
        "certification": {
            "title": "Expert en data science",
            "rncp_code": "RNCP37431",
            "registered_on": "2023-03-31",
            "level": 7,
            "nsf": "326n",
        },
        "referentiel": {"version": 1, "fingerprint": sha256_hex("référentiel")},
        "holder": {
            "full_name": "Camille MARTIN-DELACROIX",
            "family_name": "Martin-Delacroix",
            "usage_name": "",
            "given_names": "Camille",
            "birth_date": "1994-08-21",
            "birth_place": "Saint-Étienne",
        },
        "blocs": [
            {"number": number, "title": title, "competences": skills if is_attestation else []}
            for number, title in enumerate(BLOCS, start=1)
            if not is_attestation or number == 2
        ],
        "jury": {
            "name": "Jury du 12 octobre 2026",
            "held_on": "2026-10-12",
            "closed_at": "2026-10-12T17:42:00+02:00",
            "journal_sequence": 4213,
            "journal_hash": sha256_hex("journal"),
        },
        "delivery": {
            "legal_name": "OpenClassrooms SAS",
            "place": "Paris",
            "signatory": "Aurore Lemaître",
            "signatory_title": "Directrice de la certification",
            "issued_on": "2026-10-14",
        },
        "verification": {
            "code": "7K3M-0QXZ-9T4B",
            "address": "https://parchemin.exemple.fr/verifier/",
            "url": "https://parchemin.exemple.fr/verifier/Zq3vQp0mT2yF8sJ1wX5_aA/",
        },
    }
    for section, change in changes.items():
        content[section] = {**content[section], **change} if isinstance(change, dict) else change
    return content  # type: ignore[no-any-return]


def made(content: CertificateContent, copy: Copy | None = None) -> bytes:
    return certificate_pdf(content, fingerprint=sha256_hex(canonical_json(content)), copy=copy)


def longest(kind: CertificateKind) -> CertificateContent:
    """Every text as long as its field accepts; titles of blocs, which nothing bounds, longer than any real one."""
    name = "Marie-Joséphine-Anne-Élisabeth "
    blocs = [
        {
            "number": number,
            "title": (BLOCS[number % 4] + ", " + BLOCS[(number + 1) % 4]) * 2,
            "competences": [{"code": f"C{number}.{c}.{c}", "statement": STATEMENT * 2} for c in range(1, 15)],
        }
        for number in range(1, 7)
    ]
    return a_content(
        kind,
        certification={
            "title": ("Expert en ingénierie des données massives et responsables " * 6)[:300],
            "nsf": "326n " * 20,
        },
        holder={
            "given_names": (name * 5)[:150],
            "family_name": ("de La Rochefoucauld-Montbéliard " * 5)[:150],
            "usage_name": ("Vandenberghe-Saint-Exupéry " * 6)[:150],
            "birth_place": ("Saint-Germain-de-la-Coudre, " * 6)[:150],
        },
        delivery={
            "legal_name": ("Association nationale pour la certification des compétences numériques " * 3)[:200],
            "place": ("Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson " * 3)[:100],
            "signatory": (name * 5)[:150],
            "signatory_title": ("Directrice générale adjointe chargée de la certification et de la qualité " * 3)[:150],
        },
        blocs=blocs if kind == CertificateKind.PARCHEMIN else blocs[:1],
    )
