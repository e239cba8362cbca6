"""Shapes of the assessments' API."""

from typing import Any

from rest_framework import serializers

from assessments.enums import Verdict
from assessments.marks import COUNT_LIMIT
from assessments.models import Mark, Soutenance
from assessments.outcomes import wording_of
from assessments.services.marking import CHOICES
from referentiel.models import Competence


class TextField(serializers.CharField):
    """A text and nothing that could pass for one."""

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class ResolutionSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """The choice made before a conflict (R-SCO-4): whose value this is, and the version that was refused."""

    choice = serializers.ChoiceField(choices=CHOICES)
    version = serializers.IntegerField(min_value=0)


class ChangeSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """A change of one CE, whole: what is not sent is emptied."""

    verdict = TextField(allow_blank=True, default="", help_text="acquis, non_acquis ou vide")
    comment = TextField(allow_blank=True, default="", trim_whitespace=False)
    private_note = TextField(allow_blank=True, default="", trim_whitespace=False)
    questions = TextField(allow_blank=True, default="", trim_whitespace=False)
    ticks = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=COUNT_LIMIT), default=list, max_length=COUNT_LIMIT
    )
    counted = serializers.IntegerField(allow_null=True, default=None, min_value=0, max_value=COUNT_LIMIT)
    to_ask = serializers.BooleanField(default=False)
    resolves = ResolutionSerializer(default=None, allow_null=True)


class PendingKeySerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    id = serializers.CharField()
    key = serializers.CharField(help_text="256 bits, en base64")


class PendingKeysSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """What the person's browser seals waiting changes with; the first key seals, all of them open."""

    soutenance = serializers.UUIDField()
    grille = serializers.UUIDField()
    person = serializers.UUIDField()
    keys = PendingKeySerializer(many=True)


class PendingFileSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """The content of a file of waiting changes, found whole and authentic."""

    entries = serializers.ListField(child=serializers.DictField())


class AcknowledgementSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """The change is stored; the same operation sent again gets the same answer."""

    critere = serializers.IntegerField()
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    saved_by = serializers.CharField()


class StoredMarkSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """What the server holds for a CE; version 0 when nothing."""

    critere = serializers.IntegerField()
    verdict = serializers.CharField(source="value.verdict")
    comment = serializers.CharField(source="value.comment")
    private_note = serializers.CharField(source="value.private_note")
    questions = serializers.CharField(source="value.questions")
    ticks = serializers.ListField(child=serializers.IntegerField(), source="value.ticks")
    counted = serializers.IntegerField(source="value.counted", allow_null=True)
    to_ask = serializers.BooleanField(source="value.to_ask")
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField(allow_null=True)
    saved_by = serializers.CharField()


class StaleSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """Refused: the mark changed in between (R-SCO-4)."""

    detail = serializers.CharField()
    current = StoredMarkSerializer()


class RefusalSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    detail = serializers.CharField()


class MarkSerializer(serializers.ModelSerializer[Mark]):
    ticks = serializers.ListField(child=serializers.IntegerField())
    verdict = serializers.ChoiceField(choices=Verdict.choices, allow_blank=True)

    class Meta:
        model = Mark
        fields = [
            "critere",
            "verdict",
            "comment",
            "private_note",
            "questions",
            "ticks",
            "counted",
            "to_ask",
            "version",
            "changed_at",
        ]


class SoutenanceSerializer(serializers.ModelSerializer[Soutenance]):
    """A soutenance as those who take part in it see it."""

    enrolment = serializers.UUIDField(source="enrolment_id")
    candidate = serializers.CharField(source="enrolment.candidate.full_name")
    evaluateur = serializers.CharField(source="evaluateur.__str__")
    second_evaluateur: serializers.StringRelatedField[Any] = serializers.StringRelatedField(allow_null=True)
    outcome = serializers.SerializerMethodField(help_text="Ce que lit le candidat quand elle n’a pas pu se tenir")
    competences: serializers.SlugRelatedField[Competence] = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True
    )
    extra_time = serializers.CharField(help_text="Fraction ajoutée à chaque phase, par exemple 1/3")

    class Meta:
        model = Soutenance
        fields = [
            "id",
            "enrolment",
            "candidate",
            "evaluateur",
            "second_evaluateur",
            "title",
            "competences",
            "starts_at",
            "extra_time",
            "place",
            "state",
            "outcome",
            "replaces",
            "started_at",
        ]

    def get_outcome(self, soutenance: Soutenance) -> str | None:
        wording = wording_of(soutenance.state)
        return f"La soutenance {wording.fact} {wording.next_step}" if wording else None


class CompetenceProgressSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=["acquired", "recognised", "to_retake", "to_present"])
    acquired_at = serializers.DateTimeField(source="conclusion.acquired_at", allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField(), source="conclusion.reasons")


class RecognitionSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """What a bloc recognised at the enrolment comes from (R-CAN-1)."""

    origin = serializers.CharField()
    acquired_at = serializers.DateTimeField()
    recognised_at = serializers.DateTimeField()


class BlocProgressSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    number = serializers.IntegerField()
    title = serializers.CharField()
    acquired = serializers.BooleanField(source="conclusion.acquired")
    acquired_at = serializers.DateTimeField(source="conclusion.acquired_at", allow_null=True)
    recognised = RecognitionSerializer(source="conclusion.recognised", allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField(), source="conclusion.reasons")
    competences = CompetenceProgressSerializer(many=True)


class ProgressSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    enrolment = serializers.UUIDField(source="enrolment.pk")
    all_blocs_acquired = serializers.BooleanField(source="conclusion.acquired")
    blocs = BlocProgressSerializer(many=True)
