from django.urls import path

from candidates.views import accommodations, consent, enrolling, files

app_name = "candidates"
urlpatterns = [
    path("candidats/", files.index, name="list"),
    path("candidats/nouveau/", files.open_, name="open"),
    path("candidats/<uuid:pk>/", files.detail, name="detail"),
    path("candidats/<uuid:pk>/etat-civil/", files.correct, name="correct"),
    path("candidats/<uuid:pk>/inscrire/", enrolling.enrol, name="enrol"),
    path("candidats/<uuid:pk>/liens/", enrolling.declare_link, name="declare_link"),
    path("candidats/<uuid:pk>/liens/<int:link>/retirer/", enrolling.remove_link, name="remove_link"),
    path("amenagements/", accommodations.index, name="accommodations"),
    path("amenagements/<uuid:pk>/", accommodations.detail, name="accommodate"),
    path("amenagements/<uuid:pk>/tiers-temps/", accommodations.grant_tiers_temps, name="grant_tiers_temps"),
    path("amenagements/<uuid:pk>/mesure/", accommodations.grant_measure, name="grant_measure"),
    path("amenagements/<uuid:pk>/<int:measure>/terminer/", accommodations.end, name="end_accommodation"),
    path("amenagements/<uuid:pk>/mention/", accommodations.mention, name="mention"),
    path("ma-situation/", consent.consent, name="consent"),
    path("ma-situation/retirer/", consent.withdraw, name="withdraw_consent"),
    path("mes-donnees.json", consent.export, name="export"),
]
