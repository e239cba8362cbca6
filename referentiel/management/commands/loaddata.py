"""``loaddata`` that names the place of what it refuses, and refuses a publication that lies about its content."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError
from django.db.models import Model

from referentiel.management.examination import FixtureError, examine, parse, place_of
from referentiel.models import Publication
from referentiel.queries.tree import fingerprint_for


class Command(loaddata.Command):
    """Django's own, in one transaction as before. Every failure is a French sentence that says where to look."""

    def loaddata(self, fixture_labels: Sequence[str]) -> None:
        self.file = ""
        self.number = 1
        self.records: list[Any] = []
        self.places: dict[tuple[type[Model], Any], str] = {}
        self.publications: list[tuple[Publication, str]] = []
        try:
            super().loaddata(fixture_labels)
            self._check_fingerprints()
        except CommandError:
            raise
        except FixtureError as error:
            raise CommandError(f"{self.file} : {error} Rien n’a été chargé.") from error
        except Exception as error:
            sentence = _sentence(error, self._model())
            raise CommandError(f"{self.file} : {self._place()} : {sentence} Rien n’a été chargé.") from error

    def find_fixtures(self, fixture_label: str) -> Any:
        try:
            return super().find_fixtures(fixture_label)
        except CommandError as error:
            raise CommandError(
                f"Aucun fichier de données ne répond au nom « {fixture_label} », ou plusieurs y répondent."
            ) from error

    def load_label(self, fixture_label: str) -> None:
        for file, _, _ in self.find_fixtures(fixture_label):
            self.file, self.number, self.records = file, 1, []
            if file != loaddata.READ_STDIN:
                self._examine(file)
        super().load_label(fixture_label)

    def save_obj(self, obj: DeserializedObject) -> bool:
        if obj.object._meta.app_label == "referentiel":
            self._refuse_unknown_parent(obj)
            self._validate(obj.object)
        self._refuse_second_writing(obj.object)
        saved: bool = super().save_obj(obj)
        self.places[type(obj.object), obj.object.pk] = self._place()
        if isinstance(obj.object, Publication):
            self.publications.append((obj.object, self._place()))
        self.number += 1
        return saved

    def _examine(self, file: str) -> None:
        _, serialization, compression = self.parse_name(file)
        if serialization != "json":
            return
        formats: Any = self.compression_formats
        opener, mode = formats[compression]
        with opener(file, mode) as content:
            try:
                self.records = parse(content.read().decode())
            except UnicodeDecodeError as error:
                raise FixtureError(f"octet {error.start} : le fichier n’est pas en UTF-8.") from error
        examine(self.records, ignore_unknown=self.ignore)

    def _place(self) -> str:
        return place_of(self.number, self._record())

    def _record(self) -> Any:
        return self.records[self.number - 1] if self.number <= len(self.records) else None

    def _model(self) -> type[Model] | None:
        record = self._record()
        return apps.get_model(record["model"]) if record else None

    def _refuse_unknown_parent(self, obj: DeserializedObject) -> None:
        for field, key in (obj.deferred_fields or {}).items():
            raise FixtureError(
                f"{self._place()} : champ « {field.name} » : « {_key(key)} » n’existe pas, ou vient plus loin."
            )

    def _validate(self, row: Model) -> None:
        relations = {field.name for field in row._meta.fields if field.remote_field}
        try:
            row.clean_fields(exclude=relations)
        except ValidationError as error:
            field = next(iter(error.message_dict))
            message = error.message_dict[field][0]
            raise FixtureError(f"{self._place()} : champ « {field} » : {message}") from error

    def _refuse_second_writing(self, row: Model) -> None:
        earlier = self.places.get((type(row), row.pk)) if row.pk else None
        if earlier:
            raise FixtureError(f"{self._place()} : ce code ou ce numéro est déjà celui de l’{earlier}.")

    def _check_fingerprints(self) -> None:
        for publication, place in self.publications:
            found = fingerprint_for(publication.referentiel)
            if publication.fingerprint != found:
                raise FixtureError(
                    f"{place} : champ « fingerprint » : l’empreinte n’est pas celle du contenu, qui est {found}."
                )


def _sentence(error: Exception, model: type[Model] | None) -> str:
    """The cause told in French; the database's own words where they are ours already."""
    cause = error.__cause__ or error
    if isinstance(cause, ObjectDoesNotExist):
        return f"champ « {_missing(cause)} » : l’objet que nomme sa clé n’existe pas, ou vient plus loin."
    if isinstance(cause, ValidationError):
        return " ".join(cause.messages)
    if isinstance(error, DatabaseError):
        return _constraint_sentence(str(cause), model)
    if isinstance(error, DeserializationError):
        return f"l’objet ne peut pas être lu ({cause})."
    return f"{error}"


def _missing(error: ObjectDoesNotExist) -> str:
    """The field Django names last: « Bloc has no referentiel. »"""
    return str(error).rstrip(".").rsplit(" ", 1)[-1]


def _constraint_sentence(words: str, model: type[Model] | None) -> str:
    constraints = model._meta.constraints if model else []
    known = next((c.get_violation_error_message() for c in constraints if c.name in words), None)
    return str(known) if known else f"la base de données refuse cette ligne ({words.strip().splitlines()[0]})."


def _key(value: object) -> str:
    return " / ".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)
