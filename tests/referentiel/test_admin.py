"""R-REF-1: the technical administration repairs drafts, and only reads what is published."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import RoleGrant, User
from core.models import JournalEntry
from referentiel.models import Certification, Equivalence, Publication, PublicationRequest, Referentiel, Registration
from tests.accounts.factories import UserFactory
from tests.referentiel.frozen_rows import BY_HAND, CHANGES, FROZEN, draft, frozen, row_of

pytestmark = pytest.mark.django_db
every_model = pytest.mark.parametrize("model", FROZEN, ids=lambda model: model.__name__)
every_node = pytest.mark.parametrize("model", BY_HAND, ids=lambda model: model.__name__)


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True, roles=[Role.ADMINISTRATEUR]))
    return client


def address(row: Any, page: str = "change") -> str:
    return reverse(f"admin:referentiel_{row._meta.model_name}_{page}", args=[row.pk])


def form_of(client: Client, row: Any) -> dict[str, Any]:
    """What the change form would send back as it is."""
    form = client.get(address(row)).context["adminform"].form
    return {
        name: "" if (value := form.get_initial_for_field(field, name)) is None else value
        for name, field in form.fields.items()
    }


@every_model
def test_a_published_row_is_read_and_neither_changed_nor_deleted(staff: Client, model: Any) -> None:
    row = row_of(model, frozen())
    before = model.objects.filter(pk=row.pk).values().get()

    assert staff.get(address(row)).status_code == 200
    assert "deletelink" not in staff.get(address(row)).content.decode()
    changed = {name: value or "" for name, value in CHANGES[model].items()}
    assert staff.post(address(row), changed).status_code == 403
    assert staff.get(address(row, "delete")).status_code == 403
    assert staff.post(address(row, "delete"), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before


@every_model
def test_no_bulk_action_is_offered(staff: Client, model: Any) -> None:
    row = row_of(model, frozen())
    url = reverse(f"admin:referentiel_{model._meta.model_name}_changelist")

    staff.post(url, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})

    assert staff.get(url).status_code == 200
    assert model.objects.filter(pk=row.pk).exists()


@every_node
def test_a_draft_row_is_changed_and_deleted(staff: Client, model: Any) -> None:
    row = row_of(model, draft())
    ((name, value),) = CHANGES[model].items()

    response = staff.post(address(row), {**form_of(staff, row), name: value})
    assert response.status_code == 302
    row.refresh_from_db()
    assert getattr(row, name) == value

    assert staff.post(address(row, "delete"), {"post": "yes"}).status_code == 302
    assert not model.objects.filter(pk=row.pk).exists()
    changed, deleted = JournalEntry.objects.filter(verb="referentiel.repaired")
    assert changed.data["fields"] == [name]
    assert deleted.data["deleted"]


@every_node
def test_a_new_row_is_offered_drafts_only(staff: Client, model: Any) -> None:
    published = row_of(model, frozen())
    url = reverse(f"admin:referentiel_{model._meta.model_name}_add")
    values = {f.name: getattr(published, f.attname) for f in model._meta.concrete_fields if f.name != "id"}
    values = {name: "" if value is None else value for name, value in values.items()}

    response = staff.post(url, {**values, "number": 99, "position": 99, "code": "Z9"})

    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert model.objects.count() == model.objects.filter(pk__lte=published.pk + 10).count()


def test_an_unpublished_certification_is_changed(staff: Client) -> None:
    certification = draft().certification

    staff.post(address(certification), {**form_of(staff, certification), "title": "Autre"})

    assert Certification.objects.get(pk=certification.pk).title == "Autre"


def test_publications_and_registrations_are_only_read(staff: Client) -> None:
    frozen()

    for model in (Equivalence, Publication, PublicationRequest, Registration):
        assert staff.get(reverse(f"admin:referentiel_{model._meta.model_name}_add")).status_code == 403


@pytest.mark.parametrize("role", Role)
def test_the_administration_is_for_staff_only(role: Role) -> None:
    client = Client()
    client.force_login(UserFactory(roles=[role]))

    assert client.get(reverse("admin:index"), follow=True).status_code == 404


def test_the_administration_has_the_same_door_as_the_rest(client: Client) -> None:
    """allauth's: its limits and its second factor hold here too."""
    response = client.get(reverse("admin:login"), follow=True)

    assert reverse("account_login") in response.redirect_chain[-1][0]


def test_accounts_are_listed_with_their_roles_and_no_password(staff: Client) -> None:
    user = UserFactory(roles=[Role.EVALUATEUR])

    listed = staff.get(reverse("admin:accounts_user_changelist")).content.decode()
    shown = staff.get(reverse("admin:accounts_user_change", args=[user.pk])).content.decode()

    assert user.email in listed
    assert "Évaluateur" in shown
    assert user.password not in shown
    assert 'name="password"' not in shown


def test_an_account_opened_there_has_no_usable_password(staff: Client) -> None:
    typed = {
        "email": "nouvelle@exemple.fr",
        "first_name": "Ada",
        "last_name": "Martin",
        "is_active": "on",
        "role_grants-TOTAL_FORMS": 1,
        "role_grants-INITIAL_FORMS": 0,
        "role_grants-0-role": Role.JURY,
    }

    response = staff.post(reverse("admin:accounts_user_add"), typed)

    user = User.objects.get(email="nouvelle@exemple.fr")
    assert response.status_code == 302
    assert not user.has_usable_password()
    assert RoleGrant.objects.get(user=user).role == Role.JURY
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.subject_id, entry.data["roles"]) == ("account.opened", str(user.pk), ["jury"])


def test_every_model_of_the_tree_is_registered() -> None:
    assert set(FROZEN) <= set(admin.site._registry)
    assert Referentiel in admin.site._registry


def test_tokens_and_second_factors_are_not_in_the_administration(staff: Client) -> None:
    """R-ALL-4."""
    shown = staff.get(reverse("admin:index")).content.decode()

    assert "authtoken" not in shown
    assert "authenticator" not in shown
