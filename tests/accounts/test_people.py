"""Personnes et rôles: an administrateur decides who comes in and as what; the journal keeps why (R-ALL-1)."""

from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import RoleGrant, User
from accounts.people import change_roles, open_account, set_active
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from tests.accounts.factories import UserFactory
from tests.racing import at_once, refusals_in, simultaneous

BACKEND = "django.contrib.auth.backends.ModelBackend"
PEOPLE_QUERIES = 6  # session, person, roles, length of the list, its page, the roles of those it shows
WHY = "Décision du 3 mars."


@pytest.fixture
def admin(db: None) -> User:
    user: User = UserFactory(email="admin@exemple.fr", roles=[Role.ADMINISTRATEUR])
    return user


@pytest.fixture
def browser(admin: User) -> Client:
    return client_of(admin)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def roles_of(user: User) -> set[str]:
    return set(RoleGrant.objects.filter(user=user).values_list("role", flat=True))


class TestTheList:
    def test_it_is_searched_by_name_address_and_role(self, browser: Client) -> None:
        UserFactory(first_name="Inès", last_name="Roux", email="ines@exemple.fr", roles=[Role.JURY])
        UserFactory(first_name="Paul", last_name="Roux", email="paul@exemple.fr", roles=[Role.EVALUATEUR])
        for wanted in ({"q": "inès roux"}, {"q": "ines@"}, {"q": "roux", "role": "jury"}):
            page = browser.get(reverse("accounts:people"), wanted).content.decode()
            assert "ines@exemple.fr" in page
            assert "paul@exemple.fr" not in page

    def test_it_is_read_page_after_page(self, browser: Client) -> None:
        UserFactory.create_batch(60)
        page = browser.get(reverse("accounts:people"), {"page": 2}).content.decode()
        assert "51 à 61 sur 61 personnes" in page

    @pytest.mark.parametrize("how_many", [1, 3])
    def test_it_costs_the_same_whatever_it_shows(
        self, browser: Client, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
    ) -> None:
        for _ in range(how_many):
            UserFactory(roles=[Role.JURY, Role.EVALUATEUR])
        with django_assert_num_queries(PEOPLE_QUERIES):
            browser.get(reverse("accounts:people"))

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATEUR])
    def test_it_does_not_exist_for_the_others(self, db: None, role: Role) -> None:
        """Nor does the technical administration."""
        client = client_of(UserFactory(roles=[role]))
        assert client.get(reverse("accounts:people")).status_code == 404
        assert client.get("/administration/", follow=True).status_code == 404


class TestOpening:
    def typed(self, **changes: object) -> dict[str, object]:
        return {
            "operation": uuid4(),
            "first_name": "Inès",
            "last_name": "Roux",
            "email": "ines@exemple.fr",
            "roles": ["jury", "evaluateur"],
            "reason": WHY,
            **changes,
        }

    def test_a_form_sent_twenty_times_opens_one_account_without_password(self, browser: Client, admin: User) -> None:
        typed = self.typed()
        addresses = {browser.post(reverse("accounts:person_open"), typed).headers["Location"] for _ in range(20)}
        person = User.objects.get(email="ines@exemple.fr")
        assert addresses == {reverse("accounts:person", args=[person.pk])}
        assert (roles_of(person), person.has_usable_password()) == ({"jury", "evaluateur"}, False)
        entry = JournalEntry.objects.get()
        assert (entry.verb, entry.actor, entry.reason) == ("account.opened", admin, WHY)
        assert entry.data == {"roles": ["evaluateur", "jury"]}

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"email": "ADMIN@exemple.fr"}, "Un compte existe déjà"),
            ({"reason": " "}, "obligatoire"),
            ({"roles": ["candidate"]}, "choix"),
            ({"operation": ""}, "obligatoire"),
        ],
    )
    def test_what_is_refused_is_said_and_opens_nothing(
        self, browser: Client, changes: dict[str, object], said: str
    ) -> None:
        answer = browser.post(reverse("accounts:person_open"), self.typed(**changes))
        assert said in answer.content.decode()
        assert User.objects.count() == 1
        assert not JournalEntry.objects.exists()


class TestRoles:
    def test_they_change_with_a_reason_and_at_once(self, browser: Client, admin: User) -> None:
        """What was open a moment ago is no longer there at the very next page."""
        person = UserFactory(roles=[Role.GESTIONNAIRE, Role.EVALUATEUR])
        theirs = client_of(person)
        assert theirs.get(reverse("candidates:list")).status_code == 200

        browser.post(reverse("accounts:person", args=[person.pk]), {"roles": ["evaluateur", "jury"], "reason": WHY})

        assert roles_of(person) == {"evaluateur", "jury"}
        assert theirs.get(reverse("candidates:list")).status_code == 404
        assert theirs.get(reverse("juries:sessions")).status_code == 200
        entry = JournalEntry.objects.get()
        assert (entry.verb, entry.actor, entry.subject_id) == ("account.roles_changed", admin, str(person.pk))
        assert (entry.reason, entry.data) == (WHY, {"given": ["jury"], "taken": ["gestionnaire"]})

    def test_the_same_twenty_times_is_written_once(self, browser: Client) -> None:
        person = UserFactory()
        for _ in range(20):
            browser.post(reverse("accounts:person", args=[person.pk]), {"roles": ["jury"], "reason": WHY})
        assert JournalEntry.objects.count() == 1

    def test_without_a_reason_nothing_changes(self, browser: Client) -> None:
        person = UserFactory(roles=[Role.JURY])
        page = browser.post(reverse("accounts:person", args=[person.pk]), {"roles": [], "reason": " "})
        assert "obligatoire" in page.content.decode()
        assert roles_of(person) == {"jury"}

    def test_a_candidate_stays_one(self, admin: User) -> None:
        person = UserFactory(roles=[Role.CANDIDATE])
        change_roles(person, roles=["jury"], reason=WHY, by=admin)
        change_roles(person, roles=[], reason=WHY, by=admin)
        assert roles_of(person) == {"candidate"}
        with pytest.raises(InvalidInput, match="ne se donne pas ici"):
            change_roles(person, roles=["candidate"], reason=WHY, by=admin)

    def test_nobody_takes_the_role_of_administrateur_from_themselves(self, browser: Client, admin: User) -> None:
        UserFactory(roles=[Role.ADMINISTRATEUR])
        page = browser.post(reverse("accounts:person", args=[admin.pk]), {"roles": ["jury"], "reason": WHY})
        assert "Personne ne se retire le rôle" in page.content.decode()
        assert roles_of(admin) == {"administrateur"}
        assert not JournalEntry.objects.exists()

    def test_the_last_administrateur_stays_one(self, admin: User) -> None:
        """Whoever asks, and even if another one has the role but a closed account."""
        UserFactory(roles=[Role.ADMINISTRATEUR], is_active=False)
        other = UserFactory()
        with pytest.raises(Refusal, match="dernier administrateur"):
            change_roles(admin, roles=[], reason=WHY, by=other)
        with pytest.raises(Refusal, match="dernier administrateur"):
            set_active(admin, active=False, reason=WHY, by=other)
        assert roles_of(admin) == {"administrateur"}

    def test_what_the_role_opened_besides_goes_with_it(self, admin: User) -> None:
        person = User.objects.create_superuser("chef@exemple.fr", first_name="Chef", last_name="Roux")
        change_roles(person, roles=[], reason=WHY, by=admin)
        person.refresh_from_db()
        assert (person.is_staff, person.is_superuser) == (False, False)


class TestAccess:
    def test_a_closed_account_stops_at_once_and_may_be_opened_again(self, browser: Client) -> None:
        person = UserFactory(roles=[Role.GESTIONNAIRE])
        theirs, address = client_of(person), reverse("accounts:person_access", args=[person.pk])

        browser.post(address, {"reason": WHY})
        assert theirs.get(reverse("candidates:list")).status_code == 302

        for _ in range(20):
            browser.post(address, {"active": "True", "reason": WHY})
        assert User.objects.get(pk=person.pk).is_active
        told = JournalEntry.objects.order_by("sequence").values_list("verb", "reason")
        assert list(told) == [("account.closed", WHY), ("account.reopened", WHY)]

    def test_nobody_closes_their_own(self, browser: Client, admin: User) -> None:
        UserFactory(roles=[Role.ADMINISTRATEUR])
        page = browser.post(reverse("accounts:person_access", args=[admin.pk]), {"reason": WHY}).content.decode()
        assert "Personne ne ferme son propre compte" in page
        assert User.objects.get(pk=admin.pk).is_active


class TestTheTechnicalAdministration:
    def test_it_neither_changes_roles_nor_closes_accounts(self, admin: User) -> None:
        """There, no reason is asked and the last administrateur is not protected."""
        staff = UserFactory(is_staff=True, is_superuser=True)
        typed = {
            "email": admin.email,
            "first_name": "Autre",
            "last_name": "Nom",
            "role_grants-TOTAL_FORMS": 1,
            "role_grants-INITIAL_FORMS": 1,
            "role_grants-0-id": admin.role_grants.get().pk,
            "role_grants-0-user": admin.pk,
            "role_grants-0-role": "jury",
            "role_grants-0-DELETE": "on",
        }
        client_of(staff).post(reverse("admin:accounts_user_change", args=[admin.pk]), typed)
        admin.refresh_from_db()
        assert (admin.first_name, admin.is_active, roles_of(admin)) == ("Autre", True, {"administrateur"})


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_two_administrateurs_do_not_take_the_role_from_each_other(self) -> None:
        one, other = (UserFactory(roles=[Role.ADMINISTRATEUR]) for _ in range(2))
        outcomes = at_once(
            partial(change_roles, one, roles=[], reason=WHY, by=other),
            partial(change_roles, other, roles=[], reason=WHY, by=one),
        )
        assert len(refusals_in(outcomes)) == 1
        assert RoleGrant.objects.filter(role=Role.ADMINISTRATEUR).count() == 1

    def test_ten_identical_forms_open_one_account(self) -> None:
        admin, operation = UserFactory(roles=[Role.ADMINISTRATEUR]), uuid4()
        act = partial(
            open_account,
            email="ines@exemple.fr",
            first_name="Inès",
            last_name="Roux",
            roles=["jury"],
            reason=WHY,
            by=admin,
            operation=operation,
        )
        assert refusals_in(at_once(*[act] * 10)) == []
        assert User.objects.filter(email="ines@exemple.fr").count() == 1
