from django.urls import path

from juries.views import certificates, deciding, delivery, dossiers, minutes, results, revoking, sessions, verification

app_name = "juries"
urlpatterns = [
    path("jurys/", sessions.index, name="sessions"),
    path("jurys/nouvelle/", sessions.prepare, name="prepare"),
    path("jurys/<uuid:pk>/", sessions.detail, name="session"),
    path("jurys/<uuid:pk>/membres/", sessions.seat, name="seat"),
    path("jurys/<uuid:pk>/membres/<int:member>/retirer/", sessions.unseat, name="unseat"),
    path("jurys/<uuid:pk>/candidats/", sessions.present, name="present"),
    path("jurys/<uuid:pk>/candidats/<uuid:enrolment>/retirer/", sessions.withdraw, name="withdraw"),
    path("jurys/<uuid:pk>/ouvrir/", sessions.open_, name="open"),
    path("jurys/<uuid:pk>/clore/", sessions.close, name="close"),
    path("jurys/<uuid:pk>/publier/", sessions.publish, name="publish"),
    path("jurys/<uuid:pk>/proces-verbal.pdf", minutes.pdf, name="minutes"),
    path("jurys/<uuid:pk>/certificats/", certificates.of_session, name="session_certificates"),
    path("jurys/<uuid:pk>/certificats/delivrer/", certificates.issue, name="issue"),
    path("jurys/<uuid:pk>/candidats/<uuid:enrolment>/decision/", deciding.decide, name="decide"),
    path("certificats/", certificates.index, name="certificates"),
    path("certificats/certificats.csv", certificates.export, name="certificates_export"),
    path("certificats/<uuid:pk>/", certificates.detail, name="certificate"),
    path("certificats/<uuid:pk>/certificat.pdf", certificates.pdf, name="certificate_pdf"),
    path("certificats/<uuid:pk>/duplicata/", revoking.copy, name="copy"),
    path("certificats/<uuid:pk>/duplicata/<int:rank>.pdf", certificates.copy_pdf, name="copy_pdf"),
    path("certificats/<uuid:pk>/revoquer/", revoking.revoke, name="revoke"),
    path("delivrance/", delivery.index, name="deliveries"),
    path("delivrance/<int:pk>/", delivery.delivery, name="delivery"),
    path("dossiers/<uuid:pk>/", dossiers.detail, name="dossier"),
    path("dossiers/<uuid:pk>/dossier.pdf", dossiers.pdf, name="dossier_pdf"),
    path("dossiers/<uuid:pk>/livrables/<uuid:deliverable>/", dossiers.deliverable, name="dossier_deliverable"),
    path("dossiers/<uuid:enrolment>/nouvelle-revision/", dossiers.order, name="order_dossier"),
    path("verifier/", verification.verify, name="verify"),
    path("verifier/<str:token>/", verification.verify_token, name="verify_token"),
    path("parcours/<uuid:enrolment>/resultat/", results.result, name="result"),
    path("parcours/<uuid:enrolment>/certificats/", certificates.of_enrolment, name="enrolment_certificates"),
]
