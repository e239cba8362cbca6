"""Every route of the API, under /api/v1/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from accounts.api import SessionView
from assessments.api.carrying_over import ImpactView, WhatIfView
from assessments.api.clock import ClockView
from assessments.api.pending import PendingFileView, PendingKeysView
from assessments.api.presence import PresenceView
from assessments.api.snippets import SnippetListView
from assessments.api.views import MarkListView, MarkView, ProgressView, SoutenanceViewSet, SubmissionView
from candidates.api.views import EnrolmentViewSet
from juries.api.views import AppealViewSet, DecisionViewSet, DossierViewSet
from referentiel.api.drafts import DraftView, NodeCopyView, NodeListView, NodePlaceView, NodeView
from referentiel.api.equivalences import EquivalencesView
from referentiel.api.exchange import DifferenceView, ExportView, ImportListView, ImportView
from referentiel.api.lives import CertificationListView, CloneView, FirstDraftView, RetirementView, UndoView
from referentiel.api.projets import ProjetListView, ProjetView
from referentiel.api.publishing import ConfirmationView, DecliningView, PublicationView, WithdrawalView
from referentiel.api.settling import RegistrationView, ReglementView
from referentiel.api.versions import ReferentielViewSet

router = DefaultRouter()
router.include_root_view = False
router.include_format_suffixes = False
router.register("enrolments", EnrolmentViewSet, basename="enrolment")
router.register("referentiels", ReferentielViewSet, basename="referentiel")
router.register("soutenances", SoutenanceViewSet, basename="soutenance")
router.register("dossiers", DossierViewSet, basename="dossier")
router.register("decisions", DecisionViewSet, basename="decision")
router.register("appeals", AppealViewSet, basename="appeal")

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("soutenances/<uuid:soutenance>/marks/", MarkListView.as_view(), name="marks"),
    path("soutenances/<uuid:soutenance>/marks/<int:critere>/", MarkView.as_view(), name="mark"),
    path("session/", SessionView.as_view(), name="session"),
    path("soutenances/<uuid:soutenance>/pending-keys/", PendingKeysView.as_view(), name="pending_keys"),
    path("soutenances/<uuid:soutenance>/pending-file/", PendingFileView.as_view(), name="pending_file"),
    path("soutenances/<uuid:soutenance>/clock/", ClockView.as_view(), name="clock"),
    path("soutenances/<uuid:soutenance>/presence/", PresenceView.as_view(), name="presence"),
    path("soutenances/<uuid:soutenance>/submission/", SubmissionView.as_view(), name="submission"),
    path("snippets/", SnippetListView.as_view(), name="snippets"),
    path("enrolments/<uuid:enrolment>/progress/", ProgressView.as_view(), name="progress"),
    path("referentiels/<int:pk>/export/<slug:kind>/", ExportView.as_view(), name="referentiel_export"),
    path("referentiels/<int:pk>/differences/<int:other>/", DifferenceView.as_view(), name="referentiel_differences"),
    path("referentiels/<int:pk>/clone/", CloneView.as_view(), name="referentiel_clone"),
    path("referentiels/<int:pk>/publication/", PublicationView.as_view(), name="referentiel_publication"),
    path(
        "referentiels/<int:pk>/publication/<int:asked>/confirmation/",
        ConfirmationView.as_view(),
        name="referentiel_confirmation",
    ),
    path("referentiels/<int:pk>/publication/<int:asked>/refusal/", DecliningView.as_view(), name="referentiel_refusal"),
    path(
        "referentiels/<int:pk>/publication/<int:asked>/withdrawal/",
        WithdrawalView.as_view(),
        name="referentiel_withdrawal",
    ),
    path("referentiels/<int:pk>/retirement/", RetirementView.as_view(), name="referentiel_retirement"),
    path("referentiels/<int:pk>/draft/", DraftView.as_view(), name="referentiel_draft"),
    path("referentiels/<int:pk>/undo/", UndoView.as_view(), name="referentiel_undo"),
    path("referentiels/<int:pk>/reglement/", ReglementView.as_view(), name="referentiel_reglement"),
    path("referentiels/<int:pk>/registration/", RegistrationView.as_view(), name="referentiel_registration"),
    path("referentiels/<int:pk>/equivalences/", EquivalencesView.as_view(), name="referentiel_equivalences"),
    path("referentiels/<int:pk>/impact/", ImpactView.as_view(), name="referentiel_impact"),
    path("referentiels/<int:pk>/what-if/", WhatIfView.as_view(), name="referentiel_what_if"),
    path("referentiels/<int:pk>/projets/", ProjetListView.as_view(), name="referentiel_projets"),
    path("projets/<uuid:pk>/", ProjetView.as_view(), name="projet"),
    path("certifications/", CertificationListView.as_view(), name="certifications"),
    path("certifications/<int:pk>/draft/", FirstDraftView.as_view(), name="certification_draft"),
    path("referentiels/<int:pk>/nodes/<slug:kind>/", NodeListView.as_view(), name="nodes"),
    path("referentiels/<int:pk>/nodes/<slug:kind>/<int:node>/", NodeView.as_view(), name="node"),
    path("referentiels/<int:pk>/nodes/<slug:kind>/<int:node>/place/", NodePlaceView.as_view(), name="node_place"),
    path("referentiels/<int:pk>/nodes/<slug:kind>/<int:node>/copy/", NodeCopyView.as_view(), name="node_copy"),
    path("imports/", ImportListView.as_view(), name="imports"),
    path("imports/<uuid:pk>/", ImportView.as_view(), name="import"),
    path("", include(router.urls)),
]
