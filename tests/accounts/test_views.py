"""Home, « Mon compte », « Accessibilité », and the way in."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.context_processors import NAVIGATION
from accounts.enums import Role
from accounts.models import User
from accounts.services import set_shortcuts
from core.models import JournalEntry
from tests.accounts.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at:UserWarning")]


def log_in(client: Client, **person: object) -> User:
    user: User = UserFactory(**person)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


# --- Home -----------------------------------------------------------------------------------------------------------


def test_home_is_a_choice_for_who_has_several_places(client: Client) -> None:
    log_in(client, roles=[Role.ADMINISTRATEUR, Role.AUDITEUR])

    page = client.get("/").content.decode()

    assert 'href="/travaux/"' in page
    assert 'href="/journal/"' in page
    assert "Qui a fait quoi, quand et pourquoi" in page


def test_home_is_the_only_place_a_person_has_of_their_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    only = tuple(entry for entry in NAVIGATION if entry.url_name in {"core:jobs", "referentiel:list"})
    monkeypatch.setattr("accounts.context_processors.NAVIGATION", only)
    log_in(client, roles=[Role.GESTIONNAIRE])

    answer = client.get("/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/travaux/")


def test_home_teaches_who_has_no_role_yet(client: Client) -> None:
    log_in(client)

    assert "Aucun espace ne vous est encore ouvert" in client.get("/").content.decode()


def test_the_navigation_marks_where_one_is(client: Client) -> None:
    log_in(client, roles=[Role.AUDITEUR])

    assert '<a href="/journal/" aria-current="page">Journal</a>' in client.get("/journal/").content.decode()


# --- Mon compte -----------------------------------------------------------------------------------------------------


def test_the_account_page_says_who_one_is(client: Client) -> None:
    log_in(client, email="ines@exemple.fr", first_name="Inès", last_name="Roux", roles=[Role.JURY])

    page = client.get(reverse("accounts:profile")).content.decode()

    for told in ("Inès Roux", "ines@exemple.fr", "Membre de jury", reverse("account_change_password")):
        assert told in page


def test_shortcuts_are_switched_off_and_journaled_once(client: Client) -> None:
    user = log_in(client)

    for _ in range(2):
        page = client.post(reverse("accounts:profile"), {}, follow=True)

    user.refresh_from_db()
    assert not user.shortcuts_enabled
    assert "préférence est enregistrée" in page.content.decode()
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.actor, entry.data) == ("account.shortcuts_set", user, {"enabled": False})


def test_shortcuts_are_switched_on_again(client: Client) -> None:
    user = log_in(client, shortcuts_enabled=False)

    client.post(reverse("accounts:profile"), {"enabled": "on"})

    user.refresh_from_db()
    assert user.shortcuts_enabled


def test_the_person_in_hand_knows_what_was_set() -> None:
    user = UserFactory()

    set_shortcuts(user, enabled=False)

    assert not user.shortcuts_enabled


# --- Accessibilité --------------------------------------------------------------------------------------------------


def test_everyone_reads_the_accessibility_page(client: Client) -> None:
    page = client.get("/accessibilite/")

    assert page.status_code == 200
    assert "pas encore été audité par un tiers" in page.content.decode()


# --- The way in -----------------------------------------------------------------------------------------------------


def test_one_logs_in_with_an_e_mail_address_whatever_its_case(client: Client) -> None:
    user = UserFactory(email="ines@exemple.fr")

    answer = client.post("/compte/login/", {"login": "Ines@Exemple.fr", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_is_told_without_saying_which_part_is_wrong(client: Client) -> None:
    UserFactory(email="ines@exemple.fr")

    wrong = client.post("/compte/login/", {"login": "ines@exemple.fr", "password": "autre chose"}).content.decode()
    unknown = client.post("/compte/login/", {"login": "qui@exemple.fr", "password": "autre chose"}).content.decode()

    for page in (wrong, unknown):
        assert "À corriger avant de continuer" in page
        assert "adresse e-mail ou le mot de passe" in page


def test_a_closed_account_does_not_log_in(client: Client) -> None:
    UserFactory(email="ines@exemple.fr", is_active=False)

    page = client.post("/compte/login/", {"login": "ines@exemple.fr", "password": PASSWORD}, follow=True)

    assert "_auth_user_id" not in client.session
    assert page.status_code == 200


def test_nobody_signs_up_alone(client: Client) -> None:
    form = {"email": "qui@exemple.fr", "password1": PASSWORD, "password2": PASSWORD}

    page = client.post("/compte/signup/", form, follow=True).content.decode()

    assert "Les comptes ne s’ouvrent pas ici" in page
    assert not User.objects.exists()


def test_login_leads_where_one_was_going(client: Client) -> None:
    UserFactory(email="ines@exemple.fr")
    form = {"login": "ines@exemple.fr", "password": PASSWORD, "next": "/mon-compte/"}

    assert client.post("/compte/login/", form).headers["Location"] == "/mon-compte/"


@pytest.mark.parametrize("elsewhere", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_login_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    UserFactory(email="ines@exemple.fr")
    form = {"login": "ines@exemple.fr", "password": PASSWORD, "next": elsewhere}

    assert client.post("/compte/login/", form).headers["Location"] == "/"


def test_logging_out_needs_a_post(client: Client) -> None:
    log_in(client)

    page = client.get("/compte/logout/")
    assert "_auth_user_id" in client.session
    assert "Se déconnecter" in page.content.decode()

    client.post("/compte/logout/")
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_chosen_again_through_the_mailbox(client: Client) -> None:
    user = UserFactory(email="ines@exemple.fr")

    client.post("/compte/password/reset/", {"email": "ines@exemple.fr"})
    (message,) = mail.outbox
    link = next(line for line in message.body.splitlines() if "/password/reset/key/" in line).strip()
    form = client.get(link, follow=True)
    new = "une autre phrase de passe"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)

    user.refresh_from_db()
    assert message.subject == "[Parchemin] Choisir un nouveau mot de passe"
    assert "example.com" not in message.body
    assert "Mot de passe changé" in done.content.decode()
    assert user.check_password(new)


def test_an_unknown_address_is_answered_like_a_known_one(client: Client) -> None:
    page = client.post("/compte/password/reset/", {"email": "qui@exemple.fr"}, follow=True).content.decode()

    assert "Si un compte existe à cette adresse" in page
    assert "aucun compte" in mail.outbox[0].body
