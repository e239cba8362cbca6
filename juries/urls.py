from django.urls import path

from juries.views import deciding, declaring, dossiers, minutes, remarks, results, room, sessions

app_name = "juries"
urlpatterns = [
    path("jurys/", sessions.index, name="sessions"),
    path("jurys/nouvelle/", sessions.prepare, name="prepare"),
    path("jurys/<uuid:pk>/", sessions.detail, name="session"),
    path("jurys/<uuid:pk>/membres/", sessions.seat, name="seat"),
    path("jurys/<uuid:pk>/membres/<int:member>/retirer/", sessions.unseat, name="unseat"),
    path("jurys/<uuid:pk>/candidats/", sessions.present, name="present"),
    path("jurys/<uuid:pk>/candidats/<uuid:enrolment>/retirer/", sessions.withdraw, name="withdraw"),
    path("jurys/<uuid:pk>/declaration/", declaring.declare, name="declare"),
    path("jurys/<uuid:pk>/ouvrir/", declaring.open_, name="open"),
    path("jurys/<uuid:pk>/membres/<int:member>/presence/", declaring.presence, name="presence"),
    path("jurys/<uuid:pk>/deliberation/", room.room, name="room"),
    path("jurys/<uuid:pk>/deliberation/direct/", room.live, name="room_live"),
    path("jurys/<uuid:pk>/candidats/<uuid:enrolment>/appeler/", room.call, name="call"),
    path("jurys/<uuid:pk>/candidats/<uuid:enrolment>/scrutin/", room.open_ballot, name="open_ballot"),
    path("jurys/<uuid:pk>/scrutins/<uuid:ballot>/clore/", room.close_ballot, name="close_ballot"),
    path("jurys/<uuid:pk>/scrutins/<uuid:ballot>/voter/", room.vote, name="vote"),
    path("jurys/<uuid:pk>/candidats/<uuid:enrolment>/remarques/", remarks.write, name="remark"),
    path("jurys/<uuid:pk>/candidats/<uuid:enrolment>/remarques/partager/", remarks.share, name="share_remark"),
    path("jurys/<uuid:pk>/clore/", sessions.close, name="close"),
    path("jurys/<uuid:pk>/publier/", sessions.publish, name="publish"),
    path("jurys/<uuid:pk>/proces-verbal/signer/", minutes.sign, name="sign"),
    path("jurys/<uuid:pk>/proces-verbal.pdf", minutes.pdf, name="minutes"),
    path("jurys/<uuid:pk>/candidats/<uuid:enrolment>/decision/", deciding.decide, name="decide"),
    path("dossiers/<uuid:pk>/", dossiers.detail, name="dossier"),
    path("dossiers/<uuid:pk>/lu/", remarks.read, name="read"),
    path("dossiers/<uuid:pk>/dossier.pdf", dossiers.pdf, name="dossier_pdf"),
    path("dossiers/<uuid:pk>/livrables/<uuid:deliverable>/", dossiers.deliverable, name="dossier_deliverable"),
    path("dossiers/<uuid:enrolment>/nouvelle-revision/", dossiers.order, name="order_dossier"),
    path("parcours/<uuid:enrolment>/resultat/", results.result, name="result"),
]
