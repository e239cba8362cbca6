"""The évaluateur's day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import Request
from accounts.permissions import require
from assessments.queries.soutenances import day_of


@require_safe
@require("assessments.view_own_soutenances")
def mine(request: Request) -> HttpResponse:
    day = day_of(request.user, at=timezone.now())
    return render(request, "assessments/soutenances.html", {"day": day, "now": timezone.now()})
