"""A bloc declared equivalent to one of a version published before (R-CAN-1)."""

from django.db import models

from referentiel.models.tree import Bloc


class EquivalenceManager(models.Manager["Equivalence"]):
    def get_by_natural_key(self, rncp_code: str, version: int, number: int, *earlier: str | int) -> "Equivalence":
        return self.get(
            bloc=Bloc.objects.get_by_natural_key(rncp_code, version, number),
            earlier=Bloc.objects.get_by_natural_key(*earlier),  # type: ignore[arg-type]  # the same three parts
        )


class Equivalence(models.Model):
    """Whoever acquired ``earlier`` has it recognised as ``bloc`` when they enrol on its version; frozen with it."""

    bloc = models.ForeignKey(Bloc, models.CASCADE, related_name="equivalences")
    earlier = models.ForeignKey(Bloc, models.PROTECT, related_name="later_equivalences", verbose_name="bloc équivalent")

    objects = EquivalenceManager()

    class Meta:
        verbose_name = "équivalence"
        constraints = [
            models.UniqueConstraint(
                fields=["bloc", "earlier"],
                name="one_equivalence_per_pair",
                violation_error_message="Cette équivalence est déjà déclarée.",
            ),
            models.CheckConstraint(
                name="equivalence_between_two_blocs",
                condition=~models.Q(bloc=models.F("earlier")),
                violation_error_message="Un bloc n’est pas équivalent à lui-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bloc} ≡ {self.earlier}"

    def natural_key(self) -> tuple[object, ...]:
        return (*self.bloc.natural_key(), *self.earlier.natural_key())

    natural_key.dependencies = ["referentiel.bloc"]  # type: ignore[attr-defined]  # Django's own protocol
