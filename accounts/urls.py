from django.urls import path

from accounts import people_views, views

app_name = "accounts"
urlpatterns = [
    path("mon-compte/", views.profile, name="profile"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("personnes/", people_views.index, name="people"),
    path("personnes/nouvelle/", people_views.open_, name="person_open"),
    path("personnes/<uuid:pk>/", people_views.person, name="person"),
    path("personnes/<uuid:pk>/acces/", people_views.access, name="person_access"),
]
