from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("travaux/", views.jobs, name="jobs"),
    path("travaux/<uuid:pk>/relancer/", views.run_job_again, name="run_job_again"),
    path("journal/", views.journal, name="journal"),
]
