"""Whether the candidate called was heard, noted in the room (R-JUR-5)."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.http import Request
from core.exceptions import InvalidInput, Refusal
from juries.enums import Hearing
from juries.forms import HearingForm
from juries.services.hearings import note_hearing
from juries.views.places import chaired_or_404, to_room
from juries.views.room import room_page


@require_POST
def note(request: Request, pk: UUID, enrolment: UUID) -> HttpResponse:
    """Note it, and stay on the candidate; an hour refused comes back as it was typed."""
    session, candidacy = chaired_or_404(request, pk, enrolment)
    form = HearingForm(request.POST)
    if form.is_valid():
        found = Hearing(form.cleaned_data["found"])
        try:
            note_hearing(candidacy, found=found, at=form.cleaned_data["at"], by=request.user)
        except InvalidInput as refusal:
            form.add_error("at", str(refusal))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return to_room(pk)
        else:
            said = "entendu(e)" if found == Hearing.HEARD else "absent(e)"
            messages.success(request, f"{candidacy.enrolment.candidate} est noté(e) {said}.")
            return to_room(pk)
    answer = room_page(request, session, candidacy, hearing_form=form)
    answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return answer
