from django.urls import path

from assessments.views import (
    carrying_over,
    concerting,
    deliverables,
    following,
    grilles,
    planning,
    progress,
    simulating,
    snippets,
    soutenances,
)

app_name = "assessments"
urlpatterns = [
    path("soutenances/", soutenances.mine, name="soutenances"),
    path("soutenances/<uuid:pk>/grille/", grilles.grille, name="grille"),
    path("soutenances/<uuid:pk>/relecture/", grilles.review, name="review"),
    path("soutenances/<uuid:pk>/", following.soutenance, name="soutenance"),
    path("soutenances/<uuid:pk>/modifier/", planning.change, name="change"),
    path("soutenances/<uuid:pk>/grilles/<uuid:grille>/rouvrir/", following.give_back, name="give_back"),
    path("soutenances/<uuid:pk>/concertation/", concerting.index, name="concertation"),
    path("soutenances/<uuid:pk>/concertation/<int:critere>/", concerting.difference, name="difference"),
    path("soutenances/<uuid:pk>/concertation/confirmer/", concerting.confirm, name="confirm_agreement"),
    path("soutenances/<uuid:pk>/soumettre/", grilles.submit, name="submit"),
    path("phrases-types/", snippets.index, name="snippets"),
    path("phrases-types/<uuid:pk>/", snippets.change, name="snippet"),
    path("phrases-types/<uuid:pk>/supprimer/", snippets.forget, name="snippet_forget"),
    path("soutenances/<uuid:pk>/agenda.ics", progress.calendar, name="calendar"),
    path("soutenances/<uuid:pk>/livrables/", deliverables.index, name="deliverables"),
    path("livrables/<uuid:pk>/", deliverables.content, name="deliverable"),
    path("livrables/<uuid:pk>/retirer/", deliverables.remove, name="remove_deliverable"),
    path("mon-parcours/", progress.mine, name="progress"),
    path("parcours/<uuid:pk>/", progress.enrolment, name="enrolment_progress"),
    path("referentiels/<int:pk>/impact/", carrying_over.impact, name="impact"),
    path("candidats/<uuid:pk>/blocs-reconnus/", carrying_over.recognitions, name="recognitions"),
    path("planning/", planning.index, name="planning"),
    path("planning/nouvelle/<uuid:enrolment>/", planning.plan, name="plan"),
    path("planning/<uuid:pk>/retirer/", following.leave, name="leave"),
    path("simulation/<int:referentiel>/", simulating.what_if, name="what_if"),
    path("supervision/", following.supervision, name="supervision"),
]
