from django.contrib import admin
from django.urls import include, path

from accounts.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("accounts.urls")),
    path("", include("core.urls")),
    path("", include("candidates.urls")),
    path("", include("assessments.urls")),
    path("", include("juries.urls")),
    path("referentiels/", include("referentiel.urls")),
    path("administration/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("compte/", include("allauth.urls")),
]
