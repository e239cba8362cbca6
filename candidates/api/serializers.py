"""Shapes of the candidates' API; nothing about health is in it (R-CAN-2)."""

from rest_framework import serializers

from candidates.models import Enrolment
from referentiel.models import Bloc


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    """An enrolment: who, on which version, for which blocs."""

    candidate = serializers.CharField(source="candidate.full_name")
    referentiel = serializers.IntegerField(source="referentiel_id")
    certification = serializers.CharField(source="referentiel.certification.title")
    blocs: serializers.SlugRelatedField[Bloc] = serializers.SlugRelatedField(
        slug_field="number", many=True, read_only=True
    )

    class Meta:
        model = Enrolment
        fields = ["id", "number", "candidate", "referentiel", "certification", "voie_acces", "enrolled_on", "blocs"]
