"""Shapes of the jury's API."""

from rest_framework import serializers

from juries.enums import APPEAL_ENDS
from juries.models import Appeal, Decision, Dossier


class DossierSerializer(serializers.ModelSerializer[Dossier]):
    """A dossier; ``content`` is the frozen JSON whose SHA-256 is ``fingerprint``."""

    enrolment = serializers.UUIDField(source="enrolment_id")
    content = serializers.JSONField()
    pdf_sha256 = serializers.CharField(source="pdf_id")

    class Meta:
        model = Dossier
        fields = ["id", "enrolment", "revision", "fingerprint", "generated_at", "stale_since", "pdf_sha256", "content"]


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """A decision, proposed by the software or taken by a jury."""

    enrolment = serializers.UUIDField(source="enrolment_id")
    dossier = serializers.UUIDField(source="dossier_id")
    session = serializers.UUIDField(source="session_id", allow_null=True)
    blocs = serializers.ListField(child=serializers.IntegerField())
    reasons = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Decision
        fields = [
            "id",
            "enrolment",
            "dossier",
            "stage",
            "outcome",
            "blocs",
            "reasons",
            "session",
            "motive",
            "decided_at",
        ]


class AppealSerializer(serializers.ModelSerializer[Appeal]):
    """An appeal; its ``answer`` is empty until it is concluded."""

    decision = serializers.UUIDField(source="decision_id")
    owner = serializers.UUIDField(source="owner_id", allow_null=True)
    answer = serializers.SerializerMethodField()

    class Meta:
        model = Appeal
        fields = [
            "id",
            "decision",
            "kind",
            "statement",
            "state",
            "filed_at",
            "due_on",
            "owner",
            "answer",
            "concluded_at",
        ]

    def get_answer(self, appeal: Appeal) -> str:
        return appeal.answer if appeal.state in APPEAL_ENDS else ""
