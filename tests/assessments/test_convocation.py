"""The convocation to a soutenance: what a candidate, a porter and an employer read, and what it keeps to itself."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import page
import pypdf
import pytest
import time_machine
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import User
from assessments.convocation_document import ConvocationPage, Presented, convocation_pdf
from assessments.enums import SoutenanceState
from assessments.models import Soutenance
from assessments.queries.convocation import convocation_of
from candidates.services.accommodating import grant_tiers_temps
from core.templatetags.fr import date_fr
from referentiel.models import Competence
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.printed import extents_of, pages_of, words_of
from tests.referentiel.factories import build_certification, build_referentiel

pytestmark = pytest.mark.django_db

SESSION_AND_USER, ROLES, RIGHTS_OF_DJANGO = 2, 1, 2
STARTS_AT = datetime(2027, 6, 2, 12, 0, tzinfo=UTC)
PLACE = "12 rue de Rivoli, Paris"
A4_WIDTH, MARGIN = 595.3, 70.9  # points: 210 mm, 25 mm


def address(soutenance: Soutenance) -> str:
    return reverse("assessments:convocation", args=[soutenance.pk])


def asked_by(user: User, soutenance: Soutenance) -> HttpResponse:
    return client_of(user).get(address(soutenance))


def plain(pdf: bytes) -> str:
    """The whole text with ordinary spaces; poppler takes the narrow ones for none."""
    return words_of(pdf).replace("\u00a0", " ").replace("\u202f", " ")


def read(soutenance: Soutenance) -> str:
    answer = asked_by(soutenance.enrolment.candidate.user, soutenance)
    assert answer.status_code == 200
    return plain(answer.content)


def failures(pdf: bytes) -> list[str]:
    return [failure.message for failure in page.validate_pdf_bytes(pdf, profile="ua1").failures]


def inside_the_margins(pdf: bytes) -> bool:
    """Whether no word begins before the left margin or ends after the right one."""
    return all(left >= MARGIN - 1 and right <= A4_WIDTH - MARGIN + 1 for left, right in extents_of(pdf))


def planned(competences: int = 2, *, tiers_temps: bool = False, **fields: object) -> Soutenance:
    """A soutenance of 2 June 2027 at 14 h in Paris, in a named room."""
    certification = build_certification(title="Expert en essais", certifier="Institut d’essai")
    enrolment = scenes.an_enrolment(build_referentiel(certification=certification, competences=competences))
    if tiers_temps:
        referent = UserFactory(roles=[Role.REFERENT_HANDICAP])
        grant_tiers_temps(enrolment, granted_on=date(2026, 1, 12), by=referent)
    evaluateur = scenes.an_evaluateur(first_name="Ada", last_name="Lovelace")
    soutenance = scenes.a_soutenance(enrolment, evaluateur=evaluateur, **{"starts_at": STARTS_AT, **fields})
    Soutenance.objects.filter(pk=soutenance.pk).update(title="Vision par ordinateur", place=PLACE)
    soutenance.refresh_from_db()
    return soutenance


def sample(**fields: object) -> ConvocationPage:
    return replace(convocation_of(planned()), **fields)


def presented(count: int) -> tuple[Presented, ...]:
    statement = "Définir la stratégie de collecte des données afin de les exploiter pour l’élaboration d’un modèle. "
    return tuple(Presented(f"C1.{rank}", statement * 2) for rank in range(1, count + 1))


class TestSays:
    def test_who_calls_whom_when_where_and_before_whom(self) -> None:
        soutenance = planned()
        text = read(soutenance)
        for said in (
            "Convocation à une soutenance",
            "Institut d’essai",
            f"Expert en essais · {soutenance.enrolment.referentiel.certification.rncp_code} · niveau 7",
            "Candidat Léa GARNIER",
            f"Inscription {soutenance.enrolment.number}",
            "Mercredi 2 juin 2027",
            "de 14 h 00 à 14 h 30, heure de Paris",
            f"Lieu {PLACE}",
            "Présentation : 20 minutes Questions : 10 minutes",
            "Évaluateur Ada Lovelace",
        ):
            assert said in text

    def test_what_is_presented_in_the_words_of_the_referentiel(self) -> None:
        """R-REF-3."""
        soutenance = planned()
        text = read(soutenance)
        assert "Ce qui est présenté Vision par ordinateur C1.1.1 Énoncé" in text
        for competence in soutenance.competences.all():
            assert f"{competence.code} {competence.statement}" in text

    def test_only_what_this_soutenance_presents(self) -> None:
        enrolment = scenes.an_enrolment(build_referentiel(competences=2))
        soutenance = scenes.a_soutenance(enrolment, competences=Competence.objects.filter(code="C1.1.2"))
        assert "C1.1.1" not in read(soutenance)

    def test_what_to_do_that_day_and_when_prevented(self) -> None:
        """R-SCO-1: an absence is not a failure by itself."""
        text = read(planned())
        for said in (
            "pièce d’identité",
            "dix minutes avant l’heure",
            "Écrivez à votre certificateur dès que vous le savez",
            "Une absence n’est pas un échec par elle-même",
        ):
            assert said in text

    def test_both_evaluateurs_as_mon_parcours_does(self) -> None:
        second = scenes.an_evaluateur(first_name="Alan", last_name="Turing")
        assert "Évaluateurs Ada Lovelace et Alan Turing" in read(planned(second_evaluateur=second))

    def test_that_a_place_is_not_chosen_yet(self) -> None:
        assert "Lieu Pas encore fixé" in plain(convocation_pdf(sample(place="")))

    def test_nothing_where_no_projet_is_named(self) -> None:
        assert "Ce qui est présenté C1.1.1" in plain(convocation_pdf(sample(title="")))

    def test_the_day_of_an_end_after_midnight(self) -> None:
        soutenance = planned(starts_at=datetime(2027, 6, 2, 21, 45, tzinfo=UTC))
        assert "de 23 h 45 à 0 h 15 le jeudi 3 juin 2027, heure de Paris" in read(soutenance)

    def test_winter_hours_as_they_are_in_paris(self) -> None:
        assert "de 13 h 00 à 13 h 30" in read(planned(starts_at=datetime(2027, 1, 6, 12, 0, tzinfo=UTC)))

    def test_what_is_planned_now_and_not_what_was(self) -> None:
        soutenance = planned()
        read(soutenance)
        moved = STARTS_AT + timedelta(days=7)
        Soutenance.objects.filter(pk=soutenance.pk).update(starts_at=moved)
        assert date_fr(moved).replace("\u00a0", " ") in read(soutenance)


class TestKeeps:
    def test_a_tiers_temps_is_in_every_duration_and_named_nowhere(self) -> None:
        """R-CAN-3: an employer reads this paper, and not even that there is a measure."""
        soutenance = planned(tiers_temps=True)
        pdf = asked_by(scenes.a_manager(), soutenance).content
        text = plain(pdf)
        assert "Présentation : 27 minutes Questions : 14 minutes" in text
        assert "de 14 h 00 à 14 h 41" in text
        told = (text + str(pypdf.PdfReader(io.BytesIO(pdf)).metadata)).lower()
        for word in ("tiers", "aménage", "ménagement", "mesure", "handicap", "majoré", "ajouté", "compris"):
            assert word not in told

    def test_with_a_tiers_temps_or_without_the_words_are_the_same(self) -> None:
        """R-CAN-3: nothing but the durations and the end tells one paper from the other."""
        ordinary = convocation_of(planned())
        lengthened = convocation_of(planned(tiers_temps=True))
        assert lengthened.ends_at > ordinary.ends_at
        as_ordinary = replace(
            lengthened,
            **{name: getattr(ordinary, name) for name in ("rncp_code", "number", "phases", "ends_at")},
        )
        assert as_ordinary == ordinary

    def test_what_was_judged_before_is_not_told(self) -> None:
        """R-CAN-4."""
        enrolment = scenes.an_enrolment()
        scenes.fail_soutenance(enrolment)
        text = read(scenes.a_soutenance(enrolment)).lower()
        for word in ("acquis", "à reprendre", "représenter", "résultat", "démarche manque"):
            assert word not in text


class TestPrinted:
    @pytest.mark.parametrize(("count", "sheets"), [(1, 1), (5, 1), (10, 2), (33, 2)])
    def test_on_one_page_or_two_when_the_competences_are_many(self, count: int, sheets: int) -> None:
        pdf = convocation_pdf(sample(competences=presented(count)))
        assert failures(pdf) == []
        pages = pages_of(pdf)
        assert len(pages) == sheets
        assert all(f"Page {rank} / {sheets}" in text for rank, text in enumerate(pages, start=1))
        assert all(f"C1.{rank} " in plain(pdf) for rank in range(1, count + 1))

    def test_long_names_and_a_long_place_are_printed_whole(self) -> None:
        name = "Marie-Charlotte Éléonore Wilhelmine DE LA ROCHEFOUCAULD-MONTMORENCY (usage : VAN DER WESTHUYZEN)"
        place = "Bâtiment des sciences et des techniques, escalier B, troisième étage, salle des conférences " * 3
        certifier = "Institut national supérieur de l’ingénierie des données et de la statistique appliquée"
        pdf = convocation_pdf(sample(candidate=name, place=place.strip(), certifier=certifier))
        assert failures(pdf) == []
        for said in (name, place.strip(), certifier):
            assert said in plain(pdf)
        assert inside_the_margins(pdf)

    def test_a_link_of_250_characters_is_cut_at_the_margin_and_printed_whole(self) -> None:
        link = ("https://visio.exemple.fr/" + "aB3" * 75)[:250]
        pdf = convocation_pdf(sample(place=link))
        assert link in words_of(pdf).replace(" ", "")
        assert inside_the_margins(pdf)
        assert failures(pdf) == []
        assert not any("/Annots" in sheet for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages)

    def test_invisible_characters_are_left_out_and_other_scripts_printed(self) -> None:
        told = {
            "candidate": "Zo\u202eé СИДОРОВ نص\x08",
            "place": "Salle\u2066 Étoile ❤\ufe0f",
            "title": "\uf0b7 Vision 🤖",
        }
        pdf = convocation_pdf(sample(**told))
        text = words_of(pdf)
        assert "Zoé СИДОРОВ" in text
        assert "Salle Étoile [symbole]" in text
        assert "• Vision [symbole]" in text
        assert failures(pdf) == []

    def test_markup_in_what_was_typed_is_text(self) -> None:
        pdf = convocation_pdf(sample(place="<b>Salle</b> & <!-- rien -->"))
        assert "Lieu <b>Salle</b> & <!-- rien -->" in plain(pdf)

    def test_the_same_rows_are_the_same_bytes_whoever_asks_and_whenever(self) -> None:
        soutenance = planned()
        first = asked_by(soutenance.enrolment.candidate.user, soutenance).content
        with time_machine.travel(timezone.now() + timedelta(days=9)):
            assert asked_by(scenes.a_manager(), soutenance).content == first

    def test_its_title_and_language_are_those_of_the_paper(self) -> None:
        reader = pypdf.PdfReader(io.BytesIO(convocation_pdf(sample())))
        assert reader.root_object["/Lang"] == "fr"
        assert reader.metadata.title == "Convocation à une soutenance – Léa GARNIER – Expert en essais"


class TestAsked:
    def test_by_the_candidate_and_those_who_plan_and_nobody_else(self) -> None:
        """R-CAN-4: to the others it does not exist."""
        soutenance = planned()
        for user in (soutenance.enrolment.candidate.user, scenes.a_manager()):
            assert asked_by(user, soutenance).status_code == 200
        strangers = [scenes.an_enrolment().candidate.user, soutenance.evaluateur, scenes.an_evaluateur()]
        roles = (Role.AUDITEUR, Role.JURY, Role.ADMINISTRATEUR, Role.REFERENT_HANDICAP)
        for user in (*strangers, *(UserFactory(roles=[role]) for role in roles)):
            assert asked_by(user, soutenance).status_code == 404
        absent = reverse("assessments:convocation", args=[uuid4()])
        assert client_of(scenes.a_manager()).get(absent).status_code == 404

    @pytest.mark.parametrize("state", [state for state in SoutenanceState if state != SoutenanceState.PLANNED])
    def test_for_no_soutenance_that_is_no_longer_planned(self, state: SoutenanceState) -> None:
        """R-SCO-1."""
        soutenance = planned()
        ran = state in (SoutenanceState.RUNNING, SoutenanceState.SUBMITTED, SoutenanceState.INTERRUPTED)
        Soutenance.objects.filter(pk=soutenance.pk).update(state=state, started_at=STARTS_AT if ran else None)
        for user in (soutenance.enrolment.candidate.user, scenes.a_manager()):
            assert asked_by(user, soutenance).status_code == 404

    def test_it_is_only_read_and_kept_nowhere(self) -> None:
        soutenance = planned()
        answer = asked_by(scenes.a_manager(), soutenance)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "no-store"
        assert f"convocation-{soutenance.enrolment.number}-2027-06-02.pdf" in answer["Content-Disposition"]
        assert client_of(scenes.a_manager()).post(address(soutenance)).status_code == 405

    @pytest.mark.parametrize("competences", [1, 3])
    def test_it_costs_as_much_for_one_competence_as_for_three(
        self, competences: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        soutenance = planned(competences, second_evaluateur=scenes.an_evaluateur())
        client = client_of(soutenance.enrolment.candidate.user)
        with django_assert_num_queries(SESSION_AND_USER + ROLES + RIGHTS_OF_DJANGO + 2):
            client.get(address(soutenance))


class TestOffered:
    def test_on_mon_parcours_to_the_candidate_and_those_who_plan(self) -> None:
        soutenance = scenes.a_soutenance(starts_at=timezone.now() + timedelta(days=3))
        where = reverse("assessments:enrolment_progress", args=[soutenance.enrolment_id])
        readers = (soutenance.enrolment.candidate.user, scenes.a_manager(), UserFactory(roles=[Role.AUDITEUR]))
        offered = [address(soutenance) in client_of(user).get(where).content.decode() for user in readers]
        assert offered == [True, True, False]

    def test_on_the_page_of_the_soutenance_to_those_who_plan(self) -> None:
        soutenance = planned()
        where = reverse("assessments:soutenance", args=[soutenance.pk])
        readers = (scenes.a_manager(), UserFactory(roles=[Role.AUDITEUR]))
        offered = [address(soutenance) in client_of(user).get(where).content.decode() for user in readers]
        assert offered == [True, False]

    def test_no_more_once_it_has_begun(self) -> None:
        soutenance = scenes.a_soutenance(starts_at=timezone.now() + timedelta(minutes=3))
        Soutenance.objects.filter(pk=soutenance.pk).update(state=SoutenanceState.RUNNING, started_at=timezone.now())
        for name, pk in (("enrolment_progress", soutenance.enrolment_id), ("soutenance", soutenance.pk)):
            page_ = client_of(scenes.a_manager()).get(reverse(f"assessments:{name}", args=[pk])).content.decode()
            assert address(soutenance) not in page_
