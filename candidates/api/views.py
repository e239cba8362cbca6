"""Enrolments, each limited to what the caller may see (R-CAN-4)."""

from django.db.models import QuerySet
from rest_framework import viewsets

from accounts.models import User
from candidates.api.serializers import EnrolmentSerializer
from candidates.models import Enrolment


class EnrolmentViewSet(viewsets.ReadOnlyModelViewSet[Enrolment]):
    """A candidate's own enrolments, or all of them for those who manage candidates."""

    serializer_class = EnrolmentSerializer
    queryset = Enrolment.objects.none()

    def get_queryset(self) -> QuerySet[Enrolment]:
        assert isinstance(self.request.user, User)
        return (
            Enrolment.objects.visible_to(self.request.user)
            .select_related("candidate", "referentiel__certification")
            .prefetch_related("blocs")
        )
