"""How templates name a node, point at it, and lead to its form."""

from functools import lru_cache

from django import template
from django.db.models import Model
from django.urls import reverse

from referentiel.nodes import anchor_of, kind_of, name_of, version_key_of

register = template.Library()
register.filter("anchor", anchor_of)
register.filter("node_name", name_of)


@register.filter
def kind_name(node: Model) -> str:
    return kind_of(node).name


@register.simple_tag
def node_url(node: Model, page: str = "node") -> str:
    """The address of a page of a node in the editor: node, node-remove or node-move."""
    return _address(page, version_key_of(node), kind_of(node).name).replace("/0/", f"/{node.pk}/")


@lru_cache(maxsize=512)
def _address(page: str, version: int, kind: str) -> str:
    """The same for the key 0, which no node has: a tree asks for hundreds of addresses that differ by their key."""
    return reverse(f"referentiel:{page}", args=[version, kind, 0])
