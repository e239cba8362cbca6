"""The technical administration: drafts can be repaired by hand, what is published can only be read (R-REF-1)."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core import journal
from referentiel.models import (
    Activite,
    Bloc,
    Certification,
    Competence,
    Critere,
    Equivalence,
    Publication,
    PublicationRequest,
    Referentiel,
    Registration,
    Reglement,
    Section,
    SousElement,
)
from referentiel.nodes import referentiel_of


class FrozenWithPublicationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # one for every model of the tree
    """Read-only once the version is published; no bulk action, so that each row is checked and journaled."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        data = {"row": f"{obj._meta.model_name}:{obj.pk}", "fields": form.changed_data}
        journal.record("referentiel.repaired", referentiel_of(obj), by=request.user, data=data)

    def delete_model(self, request: Any, obj: Any) -> None:
        data = {"row": f"{obj._meta.model_name}:{obj.pk}", "text": str(obj), "deleted": True}
        journal.record("referentiel.repaired", referentiel_of(obj), by=request.user, data=data)
        super().delete_model(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_draft(obj) and super().has_delete_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_view_permission(request, obj) or super().has_change_permission(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only drafts, and nodes of drafts, are offered as a place for a row."""
        path = {Referentiel: "publication", Critere: "referentiel__publication"}.get(
            db_field.related_model, "referentiel__publication"
        )
        if db_field.related_model in _TREE:
            kwargs["queryset"] = db_field.related_model._default_manager.filter(**{path: None})
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _is_draft(self, obj: Model | None) -> bool:
        return obj is None or referentiel_of(obj).is_draft


_TREE = (Referentiel, Bloc, Activite, Competence, Critere)


class NodeAdmin(FrozenWithPublicationAdmin):
    list_display = ("__str__", "referentiel")
    list_filter = ("referentiel",)
    list_select_related = ("referentiel__certification",)
    list_per_page = 50


@admin.register(Bloc)
class BlocAdmin(NodeAdmin):
    search_fields = ("title",)


@admin.register(Section)
class SectionAdmin(NodeAdmin):
    search_fields = ("title",)


@admin.register(Activite)
class ActiviteAdmin(NodeAdmin):
    search_fields = ("code", "title")


@admin.register(Competence)
class CompetenceAdmin(NodeAdmin):
    search_fields = ("code", "statement")


@admin.register(Critere)
class CritereAdmin(NodeAdmin):
    search_fields = ("text", "competence__code")
    raw_id_fields = ("competence",)


@admin.register(SousElement)
class SousElementAdmin(FrozenWithPublicationAdmin):
    raw_id_fields = ("critere",)
    list_select_related = ("critere",)


@admin.register(Reglement)
class ReglementAdmin(FrozenWithPublicationAdmin):
    list_display = ("__str__",)
    list_select_related = ("referentiel__certification",)


@admin.register(Referentiel)
class ReferentielAdmin(FrozenWithPublicationAdmin):
    list_display = ("__str__", "state", "created_at")
    list_select_related = ("certification", "publication")


@admin.register(Registration)
class RegistrationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """Dates live on after publication (R-REF-5); the pages of Parchemin journal them, so they are only read here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Publication)
class PublicationAdmin(RegistrationAdmin):
    """Publishing is a decision, taken on its own page."""


@admin.register(PublicationRequest)
class PublicationRequestAdmin(RegistrationAdmin):
    """Asked for and settled on the same page, by two people."""


@admin.register(Equivalence)
class EquivalenceAdmin(FrozenWithPublicationAdmin):
    """Declared on its own page, where what differs is read; it leaves a draft with its bloc."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True


@admin.register(Certification)
class CertificationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    list_display = ("rncp_code", "title", "level", "certifier")

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        journal.record("certification.repaired", obj, by=request.user, data={"fields": form.changed_data})

    def delete_model(self, request: Any, obj: Any) -> None:
        journal.record("certification.repaired", obj, by=request.user, data={"text": str(obj), "deleted": True})
        super().delete_model(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Certification | None = None) -> bool:
        return self._is_free(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Certification | None = None) -> bool:
        return self._is_free(obj) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def _is_free(self, obj: Certification | None) -> bool:
        return obj is None or not obj.referentiels.filter(publication__isnull=False).exists()
