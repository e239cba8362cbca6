"""A form sent once the session is over: the page it came from is found again, and what was lost is said."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.middleware import UNSENT
from juries.models import Decision
from tests import scenes
from tests.accounts.factories import PASSWORD
from tests.juries.deliberating import an_open_session

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html"}
TOLD = "ce que vous aviez envoyé n’a pas été enregistré"
SAID = "n’est pas enregistré"


@pytest.fixture
def session():
    return an_open_session(scenes.a_certifiable_enrolment())


def sent_from(page: str, address: str, client: Client, **headers: str):
    """What a browser sends from ``page``, whose session is over."""
    return client.post(address, {}, headers={"Referer": f"http://testserver{page}", **headers})


def log_in(client: Client, answer, user):
    """Follow to the log-in page, log in there, and follow to where it leads."""
    assert answer.status_code == 302
    client.get(answer.headers["Location"])
    login = {"login": user.email, "password": PASSWORD, "next": next_of(answer)}
    return client.post(reverse("account_login"), login, headers=HTML, follow=True)


def next_of(answer) -> str:
    return QueryDict(answer.headers["Location"].partition("?")[2])["next"]


def test_a_page_that_only_receives_forms_leads_back_to_the_page_left(session, client: Client) -> None:
    room, act = (reverse(f"juries:{name}", args=[session.pk]) for name in ("room", "close"))
    answer = sent_from(room, act, client)
    assert next_of(answer) == room
    login = client.get(answer.headers["Location"]).content.decode()
    assert SAID in login
    landed = log_in(client, answer, scenes.president_of(session))
    assert (landed.status_code, landed.request["PATH_INFO"]) == (200, room)
    assert TOLD in landed.content.decode()
    again = client.get(room).content.decode()
    assert TOLD not in again
    assert UNSENT not in {name for name, cookie in client.cookies.items() if cookie.value}


def test_a_page_shown_by_such_an_address_leads_to_the_page_above(session, client: Client) -> None:
    """A form refused is shown again at the address it was sent to."""
    enrolment = session.candidacies.get().enrolment
    act = reverse("juries:decide", args=[session.pk, enrolment.pk])
    landed = log_in(client, sent_from(act, act, client), scenes.president_of(session))
    assert (landed.status_code, landed.request["PATH_INFO"]) == (200, reverse("juries:session", args=[session.pk]))
    assert TOLD in landed.content.decode()
    assert not Decision.objects.taken().exists()


@pytest.mark.parametrize(
    "told", ["https://ailleurs.exemple/page/", "http://testserver/nulle-part/", "javascript:alert(1)", ""]
)
def test_a_page_that_is_not_ours_leads_home(client: Client, session, told: str) -> None:
    act = reverse("juries:close", args=[session.pk])
    answer = client.post(act, {}, headers={"Referer": told})
    assert next_of(answer) == reverse("home")
    assert log_in(client, answer, scenes.president_of(session)).status_code == 200


def test_a_page_with_a_query_is_found_again_with_it(client: Client, session) -> None:
    page = reverse("juries:appeals") + "?tous"
    assert next_of(sent_from(page, reverse("juries:close", args=[session.pk]), client)) == page


def test_what_a_page_sends_by_itself_it_keeps_and_nothing_is_said(client: Client, session) -> None:
    """Autosaved: kept in the tab, and sent again (R-SCO-3)."""
    room = reverse("juries:room", args=[session.pk])
    act = reverse("juries:remark", args=[session.pk, session.candidacies.get().enrolment_id])
    answer = sent_from(room, act, client, **{"HX-Request": "true"})
    assert next_of(answer) == room
    assert answer.status_code == 401
    assert UNSENT not in client.cookies


def test_a_part_of_a_page_leads_to_the_whole_page(client: Client, session) -> None:
    """401: a redirection would put the log-in page in the place of that part."""
    page = reverse("juries:session", args=[session.pk])
    part = reverse("juries:session_certificates", args=[session.pk])
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    answer = client.get(part, headers=headers)
    assert (answer.status_code, next_of(answer)) == (401, page)


def test_a_page_asked_for_leads_to_itself_and_nothing_was_lost(client: Client, session) -> None:
    page = reverse("juries:session", args=[session.pk])
    answer = client.get(page, headers={"Referer": "http://testserver/jurys/"})
    assert next_of(answer) == page
    assert UNSENT not in client.cookies
    assert SAID not in client.get(answer.headers["Location"]).content.decode()


class TestAnAddressThatOnlyReceivesForms:
    def test_leads_a_person_to_the_page_above(self, client: Client, session) -> None:
        client.force_login(scenes.president_of(session), backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(reverse("juries:vote", args=[session.pk, session.pk]), headers=HTML, follow=True)
        assert answer.status_code == 200
        assert answer.request["PATH_INFO"] == reverse("juries:session", args=[session.pk])

    def test_tells_a_program_so(self, client: Client, session) -> None:
        client.force_login(scenes.president_of(session), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(reverse("juries:close", args=[session.pk])).status_code == 405
