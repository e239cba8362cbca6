"""R-ALL-4: an error report says what broke, never what was typed."""

import sys

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter

from core.exceptions import Refusal
from core.middleware import RefusalMiddleware

TYPED = "7f3a".join(["dyslexie-", str(12)])  # a report quotes the source: it must not hold the value whole


def crash_while_holding(typed: str) -> Exception:
    try:
        int(typed)
    except ValueError:
        return SuspiciousOperation().with_traceback(sys.exc_info()[2])
    raise AssertionError


def test_a_report_holds_neither_posted_values_nor_local_variables() -> None:
    request = RequestFactory().post("/", {"mention": TYPED})
    error = crash_while_holding(TYPED)
    report = ExceptionReporter(request, type(error), error, error.__traceback__)
    told = report.get_traceback_text() + report.get_traceback_html()
    assert TYPED not in told
    assert "mention" in told


@pytest.mark.django_db
def test_a_refusal_no_view_expected_is_told_in_its_own_words(client: Client) -> None:
    request = client.get("/accessibilite/").wsgi_request

    def unused(_: HttpRequest) -> HttpResponse:
        raise AssertionError

    answer = RefusalMiddleware(unused).process_exception(request, Refusal("La clé manque : prévenez l’exploitation."))
    assert answer is not None
    assert answer.status_code == 409
    assert "La clé manque" in answer.content.decode()
    assert RefusalMiddleware(unused).process_exception(request, ValueError()) is None
