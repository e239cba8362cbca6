"""Dossiers, decisions and appeals, each limited to what the caller may see (R-CAN-4, R-JUR-6)."""

from django.db.models import QuerySet
from rest_framework import viewsets

from accounts.models import User
from juries.api.serializers import AppealSerializer, DecisionSerializer, DossierSerializer
from juries.models import Appeal, Decision, Dossier


class DossierViewSet(viewsets.ReadOnlyModelViewSet[Dossier]):
    """The dossiers the caller may read; never a handicap mention (R-CAN-2)."""

    serializer_class = DossierSerializer
    queryset = Dossier.objects.none()

    def get_queryset(self) -> QuerySet[Dossier]:
        assert isinstance(self.request.user, User)
        return Dossier.objects.visible_to(self.request.user)


class DecisionViewSet(viewsets.ReadOnlyModelViewSet[Decision]):
    """The decisions the caller may know: a candidate's own once published, a member's sessions', or all."""

    serializer_class = DecisionSerializer
    queryset = Decision.objects.none()

    def get_queryset(self) -> QuerySet[Decision]:
        assert isinstance(self.request.user, User)
        return Decision.objects.visible_to(self.request.user)


class AppealViewSet(viewsets.ReadOnlyModelViewSet[Appeal]):
    """The appeals the caller may read: a candidate's own, those they instruct, or all (R-JUR-8)."""

    serializer_class = AppealSerializer
    queryset = Appeal.objects.none()

    def get_queryset(self) -> QuerySet[Appeal]:
        assert isinstance(self.request.user, User)
        return Appeal.objects.visible_to(self.request.user)
