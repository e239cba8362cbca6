"""How the API reads what it is sent."""

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

TOO_DEEP = "Le corps de cette demande est trop imbriqué pour être lu."
DEEPEST = 64


class JSONBody(JSONParser):
    """What every route reads: JSON, to a depth that whatever reads it next goes down without harm."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """The body sent; raises ParseError, in words, for lists in lists without end."""
        try:
            sent = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(TOO_DEEP) from error
        if is_deeper_than(DEEPEST, sent):
            raise ParseError(TOO_DEEP)
        return sent


def is_deeper_than(limit: int, sent: Any) -> bool:
    """Whether lists and objects hold each other on more than ``limit`` levels; level by level, never by recursion."""
    level = [sent]
    for _ in range(limit):
        level = [inside for one in level for inside in _within(one)]
        if not level:
            return False
    return any(isinstance(one, dict | list) for one in level)


def _within(one: Any) -> list[Any]:
    if isinstance(one, dict):
        return list(one.values())
    return one if isinstance(one, list) else []
