"""Référentiels over HTTP, to read: the list, and one version with its whole tree."""

from typing import Any, cast

from rest_framework import serializers, viewsets

from accounts.models import User
from referentiel.content import equivalence_order
from referentiel.enums import ReferentielState
from referentiel.models import (
    Activite,
    Bloc,
    Certification,
    Competence,
    Critere,
    Equivalence,
    Publication,
    Referentiel,
    Registration,
    Reglement,
    Section,
)
from referentiel.models.version import ReferentielQuerySet
from referentiel.queries.certifications import counted
from referentiel.queries.tree import settings_said, with_tree


class CertificationSerializer(serializers.ModelSerializer[Certification]):
    class Meta:
        model = Certification
        fields = ["rncp_code", "title", "level", "certifier", "nsf"]


class RegistrationSerializer(serializers.ModelSerializer[Registration]):
    class Meta:
        model = Registration
        fields = ["decided_on", "ends_on", "delivery_limit_on"]


class PublicationSerializer(serializers.ModelSerializer[Publication]):
    class Meta:
        model = Publication
        fields = ["published_at", "retired_at", "fingerprint"]


class VersionSerializer(serializers.ModelSerializer[Referentiel]):
    """One version of a référentiel, without its tree."""

    certification = CertificationSerializer()
    state = serializers.ChoiceField(choices=ReferentielState.choices, read_only=True)
    registration = RegistrationSerializer(allow_null=True, default=None)
    publication = PublicationSerializer(allow_null=True, default=None)

    class Meta:
        model = Referentiel
        fields = ["id", "certification", "version", "predecessor", "state", "registration", "publication"]


class ReferentielSummarySerializer(VersionSerializer):
    blocs = serializers.IntegerField(source="bloc_count")
    competences = serializers.IntegerField(source="competence_count")
    criteres = serializers.IntegerField(source="critere_count")

    class Meta(VersionSerializer.Meta):
        fields = [*VersionSerializer.Meta.fields, "blocs", "competences", "criteres"]


class CritereSerializer(serializers.ModelSerializer[Critere]):
    sous_elements: Any = serializers.SlugRelatedField(slug_field="text", many=True, read_only=True)

    class Meta:
        model = Critere
        fields = [
            "id",
            "number",
            "rubrique",
            "text",
            "is_oral",
            "mandatory",
            "threshold",
            "sous_elements",
            "lineage",
        ]


class CompetenceSerializer(serializers.ModelSerializer[Competence]):
    criteres = CritereSerializer(many=True)

    class Meta:
        model = Competence
        fields = [
            "id",
            "code",
            "statement",
            "mise_en_situation",
            "travail_demande",
            "soutenance",
            "criteres",
            "lineage",
        ]


class ActiviteSerializer(serializers.ModelSerializer[Activite]):
    competences = CompetenceSerializer(many=True)

    class Meta:
        model = Activite
        fields = ["id", "code", "title", "competences", "lineage"]


class EquivalenceSerializer(serializers.ModelSerializer[Equivalence]):
    """A bloc of a version published before, recognised to whoever acquired it (R-CAN-1)."""

    rncp_code = serializers.CharField(source="earlier.referentiel.certification.rncp_code")
    version = serializers.IntegerField(source="earlier.referentiel.version")
    bloc = serializers.IntegerField(source="earlier.number")

    class Meta:
        model = Equivalence
        fields = ["rncp_code", "version", "bloc"]


class BlocSerializer(serializers.ModelSerializer[Bloc]):
    """``equivalences`` is absent when none is declared, as in the canonical content."""

    activites = ActiviteSerializer(many=True)
    equivalences = EquivalenceSerializer(many=True, required=False)

    class Meta:
        model = Bloc
        fields = ["id", "number", "title", "activites", "equivalences", "lineage"]

    def to_representation(self, instance: Bloc) -> dict[str, Any]:
        told = super().to_representation(instance)
        declared = sorted(told.pop("equivalences"), key=equivalence_order)
        return {**told, "equivalences": declared} if declared else told


class SectionSerializer(serializers.ModelSerializer[Section]):
    class Meta:
        model = Section
        fields = ["title", "text"]


class PhaseSerializer(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField()
    minutes = serializers.IntegerField()


class ReglementSerializer(serializers.ModelSerializer[Reglement]):
    phases = PhaseSerializer(many=True)

    class Meta:
        model = Reglement
        exclude = ["id", "referentiel"]

    def to_representation(self, instance: Reglement) -> dict[str, Any]:
        """As in the canonical content: a setting it is silent about is not said."""
        settings = super().to_representation(instance)
        said = settings_said(instance)
        return {name: value for name, value in settings.items() if name in said}


class ReferentielSerializer(VersionSerializer):
    """One version with every row of its tree, in the order of the document."""

    sections = SectionSerializer(many=True)
    reglement = ReglementSerializer(allow_null=True, default=None)
    blocs = BlocSerializer(many=True)

    class Meta(VersionSerializer.Meta):
        fields = [*VersionSerializer.Meta.fields, "sections", "reglement", "blocs"]


class ReferentielViewSet(viewsets.ReadOnlyModelViewSet[Referentiel]):
    """What the caller may read: everything published, and drafts for those who prepare or audit them."""

    queryset = Referentiel.objects.none()
    lookup_value_converter = "int"

    def get_queryset(self) -> ReferentielQuerySet:
        visible = Referentiel.objects.visible_to(cast("User", self.request.user))
        if self.action == "retrieve":
            return with_tree(visible)
        head = counted(visible).select_related("certification", "registration", "publication")
        return head.order_by("certification__title", "certification", "-version")

    def get_serializer_class(self) -> type[VersionSerializer]:
        return ReferentielSerializer if self.action == "retrieve" else ReferentielSummarySerializer
