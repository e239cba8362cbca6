"""Every page of login, passwords and second factor, and every error page, renders in our frame and in French."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views import defaults
from django.views.csrf import csrf_failure
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.accounts.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at:UserWarning")]

ANONYMOUS = {
    "account_login": "Connexion",
    "account_signup": "Les comptes ne s’ouvrent pas ici",
    "account_inactive": "Ce compte est fermé",
    "account_email_verification_sent": "Consultez votre messagerie",
    "account_reset_password": "Mot de passe oublié",
    "account_reset_password_done": "Consultez votre messagerie",
    "account_reset_password_from_key_done": "Mot de passe changé",
}
LOGGED_IN = {
    "account_logout": "Se déconnecter",
    "account_email": "Adresses électroniques",
    "account_change_password": "Changer de mot de passe",
    "account_reauthenticate": "Confirmez que c’est bien vous",
    "mfa_index": "Double authentification",
    "mfa_activate_totp": "Activer la double authentification",
}
WITH_SECOND_FACTOR = {
    "mfa_index": "Codes de secours",
    "mfa_deactivate_totp": "Désactiver la double authentification",
    "mfa_view_recovery_codes": "Codes de secours",
    "mfa_generate_recovery_codes": "De nouveaux codes de secours",
    "mfa_reauthenticate": "Confirmez que c’est bien vous",
}
PROVED_APART = {
    "account_set_password",
    "account_confirm_email",
    "account_reset_password_from_key",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_download_recovery_codes",
}
ENGLISH = re.compile(r"\b(Sign In|Sign Out|Password|Email|Confirm|Forgot|Menu:|Messages:|your|the|please)\b")


def page_of(response: Any) -> str:
    assert response.status_code == 200, response
    return str(response.content.decode())


def check_frame(page: str, title: str) -> None:
    assert '<html lang="fr">' in page
    assert title in re.sub(r"[\u00a0\u202f]", " ", page)
    assert len(re.findall(r"<h1\b", page)) == 1
    assert len(re.findall(r"<main\b", page)) == 1
    text = re.sub(r"<(script|style|head).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert not ENGLISH.search(text), ENGLISH.search(text)


def log_in(client: Client, **person: Any) -> User:
    user: User = UserFactory(**person)
    client.post("/compte/login/", {"login": user.email, "password": PASSWORD})
    return user


def confirmed(client: Client) -> User:
    """Log in, then give the password again as what touches security asks."""
    user = log_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return user


def activate_second_factor(user: User) -> None:
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)


def names(resolver: URLResolver | Any) -> set[str]:
    found: set[str] = set()
    for entry in resolver.url_patterns:
        found |= {str(entry.name)} if isinstance(entry, URLPattern) else names(entry)
    return {name for name in found if name.startswith(("account_", "mfa_"))}


def test_every_page_of_the_library_is_proved_here() -> None:
    assert names(get_resolver("allauth.urls")) == {*ANONYMOUS, *LOGGED_IN, *WITH_SECOND_FACTOR, *PROVED_APART}


@pytest.mark.parametrize(("name", "title"), ANONYMOUS.items())
def test_a_page_for_visitors_renders(client: Client, name: str, title: str) -> None:
    check_frame(page_of(client.get(reverse(name))), title)


@pytest.mark.parametrize(("name", "title"), LOGGED_IN.items())
def test_a_page_about_ones_account_renders(client: Client, name: str, title: str) -> None:
    confirmed(client)

    check_frame(page_of(client.get(reverse(name))), title)


@pytest.mark.parametrize(("name", "title"), WITH_SECOND_FACTOR.items())
def test_a_page_about_the_second_factor_renders(client: Client, name: str, title: str) -> None:
    activate_second_factor(confirmed(client))

    check_frame(page_of(client.get(reverse(name))), title)


def test_the_second_factor_is_asked_after_the_password(client: Client) -> None:
    user = UserFactory()
    activate_second_factor(user)

    page = client.post("/compte/login/", {"login": user.email, "password": PASSWORD}, follow=True)

    assert page.redirect_chain[-1][0] == reverse("mfa_authenticate")
    check_frame(page_of(page), "Un code pour finir")


def test_a_recovery_code_lets_its_owner_in(client: Client) -> None:
    user = UserFactory()
    activate_second_factor(user)
    code = RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes()[0]
    client.post("/compte/login/", {"login": user.email, "password": PASSWORD})

    client.post(reverse("mfa_authenticate"), {"code": code})

    assert client.session["_auth_user_id"] == str(user.pk)


def test_recovery_codes_are_downloaded_as_text(client: Client) -> None:
    activate_second_factor(confirmed(client))

    assert client.get(reverse("mfa_download_recovery_codes")).headers["Content-Type"].startswith("text/plain")


@pytest.mark.django_db(transaction=True)
def test_the_second_factor_is_activated_with_a_code_of_the_application(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    user = confirmed(client)
    page = page_of(client.get(reverse("mfa_activate_totp")))
    secret = re.search(r"<code>(\w+)</code>", page)
    assert secret

    form = {"code": format_hotp_value(hotp_value(secret[1], next(yield_hotp_counters_from_time())))}
    answer = client.post(reverse("mfa_activate_totp"), form, follow=True)

    assert Authenticator.objects.filter(user=user, type="totp").exists()
    assert "La double authentification est active" in page_of(answer)
    assert [message.subject for message in mail.outbox] == [
        "[Parchemin] Double authentification activée",
    ]
    assert "Si ce n’est pas vous" in mail.outbox[0].body


def test_a_person_without_a_password_chooses_one(client: Client) -> None:
    user = UserFactory(password=None)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    check_frame(page_of(client.get(reverse("account_set_password"))), "Choisir un mot de passe")


@pytest.mark.parametrize("name", ["account_reset_password_from_key"])
def test_an_old_link_explains_itself(client: Client, name: str) -> None:
    link = reverse(name, kwargs={"uidb36": "1", "key": "trop-vieux"})

    check_frame(page_of(client.get(link)), "Ce lien ne fonctionne plus")


def test_an_old_confirmation_link_explains_itself(client: Client) -> None:
    link = reverse("account_confirm_email", kwargs={"key": "trop-vieux"})

    check_frame(page_of(client.get(link)), "Ce lien ne fonctionne plus")


def test_what_is_wrong_in_a_form_is_said_on_top_and_beside_the_field(client: Client) -> None:
    log_in(client)
    form = {"oldpassword": PASSWORD, "password1": "court", "password2": "court"}

    page = page_of(client.post(reverse("account_change_password"), form))

    assert 'href="#id_password1"' in page
    assert 'id="id_password1_error"' in page
    assert re.search(r'<input type="password"[^>]*aria-describedby="[^"]*id_password1_error"', page)
    assert "(obligatoire)" in page


# --- Errors ---------------------------------------------------------------------------------------------------------


def test_an_unknown_address_says_what_to_do(client: Client) -> None:
    answer = client.get("/nulle-part/")

    assert answer.status_code == 404
    assert "n’existe pas, ou n’est pas pour vous" in answer.content.decode()


def test_a_refusal_says_what_to_do(rf: RequestFactory) -> None:
    request = rf.get("/")

    page = defaults.permission_denied(request, PermissionDenied()).content.decode()

    assert "Cette action ne vous est pas ouverte" in page


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda request: defaults.bad_request(request, ValueError()), "pas pu être lue"),
        (defaults.server_error, "de notre côté"),
        (csrf_failure, "Cette page a expiré"),
    ],
)
def test_an_error_page_stands_without_any_context(
    rf: RequestFactory, answer: Callable[[HttpRequest], HttpResponse], words: str
) -> None:
    page = answer(rf.get("/")).content.decode()

    assert words in page
    assert '<html lang="fr">' in page


def test_the_page_of_a_broken_server_needs_nothing() -> None:
    assert "Erreur 500" in render_to_string("500.html")
