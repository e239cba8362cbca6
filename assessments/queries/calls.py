"""Who was called to a soutenance, for those who follow it: what became of the last message to each."""

from dataclasses import dataclass

from assessments.calls import CONVOKED, called_in
from assessments.models import Soutenance
from core.enums import JobState
from core.models import Job


@dataclass(frozen=True)
class Call:
    """``has_account`` is False of somebody no message can reach; ``job`` is None when none was ordered."""

    who: str
    has_account: bool
    job: Job | None

    @property
    def is_sent(self) -> bool:
        return self.job is not None and "message_id" in self.job.result

    @property
    def is_awaited(self) -> bool:
        return self.job is not None and self.job.state in (JobState.DUE, JobState.RUNNING)

    @property
    def is_failed(self) -> bool:
        return self.job is not None and self.job.state == JobState.FAILED


def calls_of(soutenance: Soutenance) -> list[Call]:
    """The candidate, then the évaluateurs; one query."""
    ordered = Job.objects.filter(kind=CONVOKED, subject=str(soutenance.pk)).order_by("ordered_at")
    last = {called_in(job.evidence)[0]: job for job in ordered}
    candidate = soutenance.enrolment.candidate.user_id
    calls = [Call("Le candidat", candidate is not None, last.get(candidate) if candidate else None)]
    judging = [one for one in (soutenance.evaluateur, soutenance.second_evaluateur) if one]
    return calls + [Call(str(one), has_account=True, job=last.get(one.pk)) for one in judging]
