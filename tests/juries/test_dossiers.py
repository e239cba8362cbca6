"""The dossier: frozen evidence, once per evidence, stale when it has since changed (R-JUR-3, R-VAL-4)."""

import io
import json
import threading
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from assessments.services.submission import submit
from candidates.civil_status import CivilStatus
from candidates.services.accommodating import end_accommodation, grant_measure, grant_tiers_temps
from candidates.services.filing import correct_civil_status
from core import files, jobs
from core.enums import JobState
from core.fingerprints import canonical_json, sha256_hex
from core.journal import first_broken_link
from core.models import Job, JournalEntry, StoredFile
from juries.models import Decision, Dossier
from juries.queries.evidence import evidence_of
from juries.services.dossiers import order_dossier
from juries.tasks.dossiers import EvidenceChangedError, produce_dossier
from tests import scenes
from tests.assessments.http import client_of
from tests.printed import words_of
from tests.racing import at_once, simultaneous
from tests.referentiel.factories import build_referentiel


@pytest.fixture
def enrolment():
    return scenes.a_certifiable_enrolment()


def order(enrolment) -> Job:
    return order_dossier(enrolment, by=scenes.a_manager())


def correct(candidate, **changes):
    fields = {
        "family_name": candidate.family_name,
        "given_names": candidate.given_names,
        "birth_date": candidate.birth_date,
        "birth_place": candidate.birth_place,
        "usage_name": candidate.usage_name,
        **changes,
    }
    return correct_civil_status(candidate, status=CivilStatus(**fields), by=scenes.a_manager())


def tiers_temps(enrolment):
    return grant_tiers_temps(enrolment, granted_on=enrolment.enrolled_on, by=scenes.a_manager())


@pytest.mark.django_db
class TestItsContent:
    def test_it_is_the_canonical_json_of_its_fingerprint(self, enrolment):
        dossier = enrolment.dossiers.get()
        assert dossier.content_json == canonical_json(json.loads(dossier.content_json))
        assert sha256_hex(dossier.content_json) == dossier.fingerprint

    def test_it_names_the_text_and_the_evidence_it_rests_on(self, enrolment):
        """CE text → verdict → compétence → bloc → proposal, in one document."""
        content = enrolment.dossiers.get().content
        assert content["referentiel"]["fingerprint"] == enrolment.referentiel.publication.fingerprint
        (competence,) = content["blocs"][0]["activites"][0]["competences"]
        assert competence["evidence"]["grille"] == str(enrolment.soutenances.get().grilles.get().pk)
        texts = enrolment.referentiel.criteres.order_by("position").values_list("text", flat=True)
        assert [(one["text"], one["verdict"]) for one in competence["criteres"]] == [(text, "acquis") for text in texts]
        assert content["proposal"]["outcome"] == Decision.objects.get().outcome == "certified"

    def test_an_earlier_failure_is_told_beside_the_success(self):
        enrolment = scenes.an_enrolment()
        scenes.fail_soutenance(enrolment)
        scenes.pass_soutenance(enrolment)
        jobs.run_due()
        (competence,) = enrolment.dossiers.get().content["blocs"][0]["activites"][0]["competences"]
        (earlier,) = competence["earlier_attempts"]
        assert "C1.1.1 CE1 non acquis" in earlier["reasons"][0]

    def test_the_days_it_gives_are_those_of_paris(self):
        """Half past midnight in Paris in summer is still the day before in UTC."""
        enrolment = scenes.an_enrolment()
        grille = scenes.grille_of(scenes.a_soutenance(enrolment, starts_at=datetime(2027, 7, 13, 22, 15, tzinfo=UTC)))
        with time_machine.travel(datetime(2027, 7, 13, 22, 30, tzinfo=UTC), tick=False):
            scenes.mark_all(grille)
            submit(grille, by=grille.evaluateur)
            jobs.run_due()
        (bloc,) = enrolment.dossiers.get().content["blocs"]
        assert bloc["acquired_on"] == "2027-07-14"
        assert bloc["reasons"] == [f"Bloc 1 acquis le 14/07/2027 (soutenance du 14/07/2027, {grille.evaluateur})"]

    def test_it_tells_measures_and_never_a_reason(self):
        """R-CAN-3."""
        enrolment = scenes.an_enrolment()
        tiers_temps(enrolment)
        grant_measure(enrolment, measure="Interprète en LSF", granted_on=enrolment.enrolled_on, by=scenes.a_manager())
        scenes.pass_soutenance(enrolment)
        jobs.run_due()
        told = [one["label"] for one in enrolment.dossiers.get().content["accommodations"]]
        assert told == [measure.label for measure in enrolment.accommodations.all()]
        assert "1/3" in told[0]
        assert told[1] == "Interprète en LSF"

    def test_it_is_never_older_than_what_it_tells(self):
        """The job ordered first may make the dossier of evidence that came later."""
        enrolment = scenes.an_enrolment(build_referentiel(blocs=2))
        with time_machine.travel(timezone.now() - timedelta(hours=2)):
            order(enrolment)
        grille = scenes.pass_soutenance(enrolment)
        grille.refresh_from_db()
        jobs.run_due()
        assert enrolment.dossiers.get().generated_at >= grille.submitted_at


@pytest.mark.django_db
class TestItsPdf:
    def test_it_is_stored_readable_and_carries_the_content(self, enrolment):
        dossier = enrolment.dossiers.get()
        content = files.read(dossier.pdf)
        assert (sha256_hex(content), len(content)) == (dossier.pdf_id, dossier.pdf.size)
        pdf = PdfReader(io.BytesIO(content))
        (attached,) = pdf.attachments["dossier.json"]
        assert attached.decode() == dossier.content_json
        assert enrolment.candidate.family_name.upper() in words_of(content)

    @pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"%PDF-autre")])
    def test_missing_or_altered_it_is_said_in_words_and_logged(self, enrolment, damage, caplog):
        dossier = enrolment.dossiers.get()
        damage(files.path_of(dossier.pdf_id))

        answer = client_of(scenes.a_manager()).get(reverse("juries:dossier_pdf", args=[dossier.pk]))

        assert answer.status_code == 503
        assert "Ce document ne peut pas être montré" in answer.content.decode()
        assert "établir ce document à nouveau" in answer.content.decode()
        assert dossier.pdf_id not in answer.content.decode()
        assert "ERROR" in [one.levelname for one in caplog.records if dossier.pdf_id in one.message]

    @pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"%PDF-autre")])
    def test_a_manager_has_it_printed_again_to_the_same_bytes(self, enrolment, damage):
        """R-JUR-3: the frozen content gives the stored PDF again; the journal says who asked, and why (R-ALL-2)."""
        dossier = enrolment.dossiers.get()
        damage(files.path_of(dossier.pdf_id))
        manager, asked = client_of(scenes.a_manager()), reverse("juries:order_dossier", args=[enrolment.pk])
        address = reverse("juries:dossier", args=[dossier.pk])
        assert "Établir ce PDF à nouveau" in manager.get(address).content.decode()

        manager.post(asked)
        jobs.run_due()

        assert sha256_hex(files.read(dossier.pdf)) == dossier.pdf_id
        assert Dossier.objects.count() == 1
        assert dossier.pdf_id in JournalEntry.objects.get(verb="job.run_again").data["error"]
        assert "Établir ce PDF à nouveau" not in manager.get(address).content.decode()

    def test_printed_otherwise_by_a_later_version_it_is_not_replaced(self, enrolment, monkeypatch):
        dossier = enrolment.dossiers.get()
        files.path_of(dossier.pdf_id).unlink()
        monkeypatch.setattr("juries.tasks.dossiers.dossier_pdf", lambda *_, **__: b"%PDF-other")
        order(enrolment)
        jobs.run_due()
        job = Job.objects.get()
        assert (job.state, "PrintsDifferentlyError" in job.last_error) == (JobState.DUE, True)
        assert not files.is_whole(dossier.pdf)

    def test_a_manager_reads_it_and_no_browser_keeps_it(self, enrolment):
        answer = client_of(scenes.a_manager()).get(reverse("juries:dossier_pdf", args=[enrolment.dossiers.get().pk]))
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "no-store"
        assert answer.content.startswith(b"%PDF-")


@pytest.mark.django_db
class TestOncePerEvidence:
    """R-VAL-4: exactly once per evidence, whatever happens in between."""

    def test_the_same_evidence_orders_and_makes_nothing_twice(self, enrolment):
        first = Job.objects.get()
        assert order(enrolment) == first
        assert jobs.run_due() == 0
        assert (Dossier.objects.count(), Decision.objects.count()) == (1, 1)

    def test_a_job_delivered_three_times_makes_one_dossier(self):
        enrolment = scenes.an_enrolment()
        scenes.pass_soutenance(enrolment)
        job = Job.objects.get()
        assert [jobs.run(job.pk) for _ in range(3)] == [JobState.DONE, None, None]
        assert (Dossier.objects.count(), Decision.objects.count(), StoredFile.objects.count()) == (1, 1, 1)

    def test_two_jobs_that_meet_the_same_evidence_make_one_dossier(self):
        enrolment = scenes.an_enrolment(build_referentiel(blocs=2))
        order(enrolment)
        scenes.pass_soutenance(enrolment)
        jobs.run_due()
        assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
        assert {job.result["dossier"] for job in Job.objects.all()} == {str(Dossier.objects.get().pk)}

    def test_the_database_refuses_a_second_dossier_of_the_same_evidence(self, enrolment):
        dossier = enrolment.dossiers.get()
        dossier.pk, dossier._state.adding, dossier.revision = None, True, 2
        with pytest.raises(IntegrityError), transaction.atomic():
            dossier.save(force_insert=True)

    def test_new_evidence_makes_a_new_revision(self, enrolment):
        scenes.fail_soutenance(enrolment)
        order(enrolment)
        jobs.run_due()
        assert list(enrolment.dossiers.values_list("revision", flat=True)) == [2, 1]
        assert [one.is_stale for one in enrolment.dossiers.all()] == [False, True]

    def test_each_of_civil_status_measures_and_grilles_is_evidence(self, enrolment):
        seen = {evidence_of(enrolment)}
        measure = tiers_temps(enrolment)
        seen.add(evidence_of(enrolment))
        end_accommodation(measure, ended_on=timezone.localdate(), by=scenes.a_manager())
        correct(enrolment.candidate, family_name="Garnier-Roux")
        enrolment.candidate.refresh_from_db()
        seen.add(evidence_of(enrolment))
        correct(enrolment.candidate, birth_date=date(1991, 1, 1))
        enrolment.candidate.refresh_from_db()
        seen.add(evidence_of(enrolment))
        scenes.fail_soutenance(enrolment)
        seen.add(evidence_of(enrolment))
        assert len(seen) == 5

    def test_planning_or_marking_is_no_evidence(self, enrolment):
        """Only what was submitted is."""
        before = evidence_of(enrolment)
        scenes.mark_all(scenes.grille_of(scenes.a_soutenance(enrolment)))
        assert evidence_of(enrolment) == before
        assert not enrolment.dossiers.get().is_stale


@pytest.mark.django_db
class TestStale:
    """R-JUR-3: stale when the evidence has since changed."""

    @pytest.mark.parametrize(
        "change",
        [
            scenes.fail_soutenance,
            tiers_temps,
            lambda enrolment: correct(enrolment.candidate, birth_place="Brest"),
        ],
        ids=["a grille submitted later", "a measure granted", "a civil status corrected"],
    )
    def test_it_becomes_stale_when_its_evidence_changes(self, enrolment, change):
        change(enrolment)
        assert enrolment.dossiers.get().is_stale

    def test_it_says_so_on_its_page_and_offers_a_new_revision_to_managers(self, enrolment):
        scenes.fail_soutenance(enrolment)
        session = scenes.a_session(enrolment)
        dossier = enrolment.dossiers.get(revision=1)
        order_again = reverse("juries:order_dossier", args=[enrolment.pk])
        address = reverse("juries:dossier", args=[dossier.pk])
        assert order_again in client_of(scenes.a_manager()).get(address).content.decode()
        assert order_again not in client_of(scenes.president_of(session)).get(address).content.decode()

    def test_a_measure_ended_makes_the_first_dossier_true_again(self, enrolment):
        measure = tiers_temps(enrolment)
        end_accommodation(measure, ended_on=timezone.localdate(), by=scenes.a_manager())
        assert not enrolment.dossiers.get().is_stale

    def test_being_stale_changes_nothing_else(self, enrolment):
        before = Dossier.objects.values().get()
        tiers_temps(enrolment)
        after = Dossier.objects.values().get()
        assert {name for name in before if before[name] != after[name]} == {"stale_since"}

    @pytest.mark.parametrize(
        "change", [{"content_json": "{}"}, {"fingerprint": "0" * 64}, {"revision": 7}, {"evidence": "autre"}]
    )
    def test_the_database_refuses_to_change_a_dossier(self, enrolment, change):
        for attack in (partial(Dossier.objects.update, **change), Dossier.objects.all().delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                attack()


@pytest.mark.django_db
class TestOrderedByHand:
    def test_a_manager_orders_a_new_revision(self, enrolment):
        scenes.fail_soutenance(enrolment)
        answer = client_of(scenes.a_manager()).post(reverse("juries:order_dossier", args=[enrolment.pk]), follow=True)
        assert "Dossier commandé" in answer.content.decode()
        jobs.run_due()
        assert enrolment.dossiers.latest("revision").revision == 2
        assert JournalEntry.objects.filter(verb="dossier.ordered").latest("sequence").actor is not None

    def test_a_job_that_failed_is_ordered_again(self):
        """R-ALL-2: an order means that it be done."""
        enrolment = scenes.an_enrolment()
        scenes.pass_soutenance(enrolment)
        Job.objects.update(state=JobState.FAILED, attempts=5, last_error="DiskFullError")

        order(enrolment)

        assert jobs.run_due() == 1
        assert enrolment.dossiers.count() == 1

    def test_it_is_the_managers_to_order(self, enrolment):
        session = scenes.a_session(enrolment)
        for user in (scenes.president_of(session), enrolment.candidate.user, scenes.an_evaluateur()):
            assert client_of(user).post(reverse("juries:order_dossier", args=[enrolment.pk])).status_code == 404

    def test_evidence_that_changes_while_the_dossier_is_rendered_makes_no_false_dossier(self):
        """The effect refuses; the job is tried again and makes the dossier of what stands."""
        enrolment = scenes.an_enrolment(build_referentiel(blocs=2))
        job = order(enrolment)
        effect = produce_dossier(job)
        scenes.pass_soutenance(enrolment)
        with pytest.raises(EvidenceChangedError), transaction.atomic():
            effect()
        assert not Dossier.objects.exists()
        jobs.run_due()
        assert Dossier.objects.get().evidence == evidence_of(enrolment)


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_two_runners_make_one_dossier(self):
        enrolment = scenes.an_enrolment()
        scenes.pass_soutenance(enrolment)
        job = Job.objects.get()
        outcomes = at_once(*[partial(jobs.run, job.pk)] * 4)
        assert outcomes.count(JobState.DONE) == 1
        assert (Dossier.objects.count(), Decision.objects.count()) == (1, 1)

    def test_a_civil_status_corrected_while_the_dossier_is_written_makes_it_stale(self):
        """R-JUR-3: the correction waits for the dossier that was checked without it, and finds it."""
        enrolment = scenes.an_enrolment()
        scenes.pass_soutenance(enrolment)
        effect = produce_dossier(jobs.claim(Job.objects.get().pk))
        writing = threading.Thread(target=_alone, args=[effect])
        correcting = threading.Thread(target=_alone, args=[partial(correct, enrolment.candidate, birth_place="Brest")])

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE core_storedfile IN EXCLUSIVE MODE")  # stops the writer after its check
            writing.start()
            writing.join(timeout=1)
            correcting.start()
            correcting.join(timeout=2)
        writing.join(timeout=30)
        correcting.join(timeout=30)

        enrolment.candidate.refresh_from_db()
        assert enrolment.candidate.birth_place == "Brest"
        assert enrolment.dossiers.get().is_stale
        assert first_broken_link() is None


def _alone(action) -> None:
    """In a transaction and on a connection of its own."""
    try:
        with transaction.atomic():
            action()
    finally:
        connections.close_all()
