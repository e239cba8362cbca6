"""Who may do what: each route, the identifiers it takes, and the people it answers; everybody else is told 404."""

from dataclasses import dataclass
from typing import Any

from tests.permissions.world import EVERYONE

CANDIDATES = ("candidate", "other_candidate")
EVALUATEURS = ("evaluateur", "other_evaluateur")
JURORS = ("president", "member", "other_jury")
READERS = ("gestionnaire", "auditeur")


@dataclass(frozen=True)
class Route:
    """``ids`` maps each argument to a key of the world's identifiers; ``may`` names those who are answered."""

    name: str
    may: tuple[str, ...]
    method: str = "get"
    ids: tuple[tuple[str, str], ...] = ()
    data: tuple[tuple[str, Any], ...] = ()
    public: bool = False


def route(name: str, *may: str, method: str = "get", data: dict[str, Any] | None = None, **ids: str) -> Route:
    return Route(name, may, method, tuple(ids.items()), tuple((data or {}).items()))


MATRIX = (
    # --- Everyone
    route("home", *EVERYONE),
    route("accounts:profile", *EVERYONE),
    Route("accounts:accessibility", EVERYONE, public=True),
    # --- People
    route("accounts:people", "administrateur"),
    route("accounts:person_open", "administrateur"),
    route("accounts:person_open", "administrateur", method="post"),
    route("accounts:person", "administrateur", pk="person"),
    route("accounts:person", "administrateur", method="post", pk="person"),
    route("accounts:person_access", "administrateur", method="post", pk="person"),
    # --- The ground
    route("core:jobs", "gestionnaire", "administrateur", "auditeur"),
    route("core:run_job_again", "gestionnaire", "administrateur", method="post", pk="job"),
    route("core:journal", "administrateur", "auditeur"),
    route("core:journal", "administrateur", "auditeur", method="post"),
    # --- Référentiels
    route("referentiel:list", *EVERYONE),
    route("referentiel:detail", *EVERYONE, pk="published"),
    route("referentiel:detail", "administrateur", "auditeur", pk="draft"),
    route("referentiel:export", *EVERYONE, pk="published", kind="kind_json"),
    route("referentiel:export", "administrateur", "auditeur", pk="draft", kind="kind_json"),
    route("referentiel:differences", *EVERYONE, pk="published", other="older"),
    route("referentiel:differences", "administrateur", "auditeur", pk="newer_draft", other="published"),
    route("referentiel:differences-pdf", *EVERYONE, pk="published", other="older"),
    route("referentiel:certification-add", "administrateur"),
    route("referentiel:draft-add", "administrateur", method="post", pk="certification"),
    route("referentiel:clone", "administrateur", method="post", pk="published"),
    route("referentiel:registration", "administrateur", pk="published"),
    route("referentiel:publish", "administrateur", pk="draft"),
    route("referentiel:publication-confirm", "administrateur", method="post", pk="draft", asked="asked"),
    route("referentiel:publication-decline", "administrateur", method="post", pk="draft", asked="asked"),
    route("referentiel:publication-withdraw", "administrateur", method="post", pk="draft", asked="asked"),
    route("referentiel:equivalences", "administrateur", pk="draft"),
    route("referentiel:retire", "administrateur", pk="published"),
    route("referentiel:drop", "administrateur", pk="draft"),
    route("referentiel:edit", "administrateur", pk="draft"),
    route("referentiel:reglement", "administrateur", pk="draft"),
    route("referentiel:node-add", "administrateur", pk="draft", kind="kind_activite", parent_pk="bloc"),
    route("referentiel:node", "administrateur", pk="draft", kind="kind_bloc", node_pk="bloc"),
    route("referentiel:node-remove", "administrateur", pk="draft", kind="kind_bloc", node_pk="bloc"),
    route("referentiel:node-move", "administrateur", method="post", pk="draft", kind="kind_bloc", node_pk="bloc"),
    route("referentiel:projets", *EVERYONE, pk="published"),
    route("referentiel:projets", "administrateur", "auditeur", pk="draft"),
    route("referentiel:projet-add", "administrateur", pk="published"),
    route("referentiel:projet", "administrateur", pk="projet"),
    route("referentiel:projet-remove", "administrateur", method="post", pk="projet"),
    route("referentiel:node-place", "administrateur", pk="draft", kind="kind_bloc", node_pk="bloc"),
    route("referentiel:node-copy", "administrateur", method="post", pk="draft", kind="kind_bloc", node_pk="bloc"),
    route("referentiel:undo", "administrateur", method="post", pk="draft"),
    route("referentiel:import", "administrateur"),
    route("referentiel:import-template", "administrateur"),
    route("referentiel:import-preview", "administrateur", pk="pending_import"),
    route("referentiel:import-choose", "administrateur", method="post", pk="pending_import"),
    route("referentiel:import-abandon", "administrateur", method="post", pk="pending_import"),
    # --- Candidates
    route("candidates:list", *READERS),
    route("candidates:open", "gestionnaire"),
    route("candidates:detail", *READERS, pk="candidate"),
    route("candidates:correct", "gestionnaire", pk="candidate"),
    route("candidates:enrol", "gestionnaire", pk="candidate"),
    route("candidates:declare_link", "gestionnaire", method="post", pk="candidate"),
    route("candidates:remove_link", "gestionnaire", method="post", pk="candidate", link="link"),
    route("candidates:accommodations", "referent_handicap"),
    route("candidates:accommodate", "referent_handicap", pk="enrolment"),
    route("candidates:grant_tiers_temps", "referent_handicap", method="post", pk="enrolment"),
    route("candidates:grant_measure", "referent_handicap", method="post", pk="enrolment"),
    route("candidates:end_accommodation", "referent_handicap", method="post", pk="enrolment", measure="measure"),
    route("candidates:mention", "referent_handicap", method="post", pk="enrolment"),
    route("candidates:consent", *CANDIDATES),
    route("candidates:withdraw_consent", *CANDIDATES, method="post"),
    route("candidates:export", *CANDIDATES),
    # --- Soutenances and grilles
    route("assessments:soutenances", *EVALUATEURS),
    route("assessments:grille", "evaluateur", pk="soutenance"),
    route("assessments:review", "evaluateur", pk="soutenance"),
    route("assessments:submit", "evaluateur", method="post", pk="soutenance"),
    route("assessments:snippets", *EVALUATEURS),
    route("assessments:snippet", "evaluateur", pk="snippet"),
    route("assessments:snippet_forget", "evaluateur", method="post", pk="snippet"),
    route("assessments:calendar", "evaluateur", "candidate", *READERS, pk="soutenance"),
    route("assessments:deliverables", "evaluateur", "candidate", *READERS, pk="soutenance"),
    route("assessments:deliverables", "candidate", "gestionnaire", method="post", pk="soutenance"),
    route("assessments:deliverable", "evaluateur", "candidate", *READERS, pk="deliverable"),
    route("assessments:remove_deliverable", "candidate", "gestionnaire", method="post", pk="deliverable"),
    route("assessments:progress", *CANDIDATES),
    route("assessments:enrolment_progress", "candidate", *READERS, pk="enrolment"),
    route("assessments:impact", "administrateur", "auditeur", pk="newer_draft"),
    route("assessments:recognitions", *READERS, pk="candidate"),
    route("assessments:planning", *READERS),
    route("assessments:plan", "gestionnaire", enrolment="enrolment"),
    route("assessments:leave", "gestionnaire", "evaluateur", pk="soutenance"),
    route("assessments:soutenance", *READERS, pk="soutenance"),
    route("assessments:change", "gestionnaire", pk="soutenance"),
    route("assessments:give_back", "gestionnaire", pk="submitted", grille="submitted_grille"),
    route("assessments:what_if", "administrateur", "gestionnaire", referentiel="published"),
    route("assessments:supervision", *READERS),
    route("assessments:concertation", "evaluateur", pk="concerting"),
    route("assessments:concertation", pk="soutenance"),
    route("assessments:difference", "evaluateur", pk="concerting", critere="critere"),
    route("assessments:difference", pk="soutenance", critere="critere"),
    route("assessments:confirm_agreement", "evaluateur", method="post", pk="concerting"),
    route("assessments:confirm_agreement", method="post", pk="soutenance"),
    # --- Juries
    route("juries:sessions", *JURORS, *READERS),
    route("juries:prepare", "gestionnaire"),
    route("juries:session", "president", "member", *READERS, pk="preparing"),
    route("juries:seat", "gestionnaire", method="post", pk="preparing"),
    route("juries:unseat", "gestionnaire", method="post", pk="preparing", member="member"),
    route("juries:present", "gestionnaire", method="post", pk="preparing"),
    route("juries:withdraw", "gestionnaire", method="post", pk="preparing", enrolment="enrolment"),
    route("juries:open", "president", method="post", pk="preparing"),
    route("juries:close", "president", method="post", pk="open"),
    route("juries:minutes", "president", "member", *READERS, pk="closed"),
    route("juries:publish", "president", "gestionnaire", method="post", pk="closed"),
    route("juries:decide", "president", pk="open", enrolment="enrolment"),
    route("juries:decide", pk="closed", enrolment="enrolment"),
    route("juries:dossier", "president", "member", *READERS, pk="dossier"),
    route("juries:dossier_pdf", "president", "member", *READERS, pk="dossier"),
    route("juries:dossier_deliverable", "president", "member", *READERS, pk="dossier", deliverable="deliverable"),
    route("juries:order_dossier", "gestionnaire", method="post", enrolment="enrolment"),
    route("juries:result", "candidate", *READERS, enrolment="enrolment"),
    # --- What is delivered
    route("juries:deliveries", "administrateur"),
    route("juries:delivery", "administrateur", pk="certification"),
    route("juries:delivery", "administrateur", method="post", pk="certification"),
    # --- API
    Route("api:schema", EVERYONE),
    Route("api:session", EVERYONE),
    route("api:pending_keys", "evaluateur", soutenance="soutenance"),
    route("api:pending_file", "evaluateur", method="post", soutenance="soutenance"),
    route("api:marks", "evaluateur", soutenance="soutenance"),
    route("api:mark", "evaluateur", method="put", soutenance="soutenance", critere="critere"),
    route("api:clock", "evaluateur", "gestionnaire", soutenance="soutenance"),
    route("api:clock", "evaluateur", method="post", soutenance="soutenance"),
    route("api:presence", "evaluateur", method="post", soutenance="soutenance"),
    route("api:submission", "evaluateur", method="post", soutenance="soutenance"),
    route("api:snippets", *EVALUATEURS),
    route("api:progress", "candidate", *READERS, enrolment="enrolment"),
    route("api:enrolment-list", *EVERYONE),
    route("api:enrolment-detail", "candidate", "gestionnaire", "auditeur", pk="enrolment"),
    route("api:referentiel-list", *EVERYONE),
    route("api:referentiel-detail", *EVERYONE, pk="published"),
    route("api:referentiel-detail", "administrateur", "auditeur", pk="draft"),
    route("api:referentiel_export", *EVERYONE, pk="published", kind="kind_json"),
    route("api:referentiel_export", "administrateur", "auditeur", pk="draft", kind="kind_json"),
    route("api:referentiel_differences", *EVERYONE, pk="published", other="older"),
    route("api:referentiel_differences", "administrateur", "auditeur", pk="newer_draft", other="published"),
    route("api:referentiel_clone", "administrateur", method="post", pk="published"),
    route("api:referentiel_publication", "administrateur", method="post", pk="draft"),
    route("api:referentiel_confirmation", "administrateur", method="post", pk="draft", asked="asked"),
    route("api:nodes", "administrateur", method="post", pk="draft", kind="kind_bloc"),
    route("api:node", "administrateur", pk="draft", kind="kind_bloc", node="bloc"),
    route("api:node", "administrateur", method="patch", pk="draft", kind="kind_bloc", node="bloc"),
    route("api:node", "administrateur", method="delete", pk="draft", kind="kind_bloc", node="bloc"),
    route("api:node_place", "administrateur", method="post", pk="draft", kind="kind_bloc", node="bloc"),
    route("api:imports", "administrateur", method="post"),
    route("api:import", "administrateur", pk="pending_import"),
    route("api:import", "administrateur", method="post", pk="pending_import"),
    route("api:import", "administrateur", method="delete", pk="pending_import"),
    route("api:referentiel-projets", *EVERYONE, pk="published"),
    route("api:referentiel-projets", "administrateur", "auditeur", pk="draft"),
    route("api:soutenance-list", *EVERYONE),
    route("api:soutenance-detail", "candidate", "evaluateur", *READERS, pk="soutenance"),
    route("api:dossier-list", *EVERYONE),
    route("api:dossier-detail", "president", "member", *READERS, pk="dossier"),
    route("api:decision-list", *EVERYONE),
    route("api:decision-detail", "president", "member", *READERS, pk="decision"),
)
