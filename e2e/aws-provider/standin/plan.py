"""What a plan says: defaults, unknowns, replacement. The mechanics; the facts stand in rules.py."""

from copy import deepcopy

from . import rules
from .value import UNKNOWN, block_type, equal, same_json


def plan(type_name, block, prior, proposed, provider):
    """The planned state and the attributes that force a replacement.

    `proposed` is Terraform's merge of configuration and prior state; it is None for a deletion.
    """
    if proposed is None:
        return None, []
    planned = deepcopy(proposed)
    _fill_defaults(type_name, block, planned, "")
    _fill_provider_values(block, planned, provider)
    rules.spelt(type_name, planned)
    if prior is None:
        _mark_unknown(block, planned)
        return planned, []

    for name in rules.JSON.get(type_name, ()):
        if same_json(prior.get(name), planned.get(name)):
            planned[name] = prior[name]
    changed = changes(block, prior, planned)
    if not changed:
        return prior, []
    for name, nested in block.get("block_types", {}).items():
        if name in changed:
            _each(nested, planned[name], lambda inner: _mark_unknown(nested["block"], inner))
    for name, triggers in rules.RECOMPUTED.get(type_name, {}).items():
        if changed & triggers:
            planned[name] = UNKNOWN
    return planned, sorted(changed & rules.REPLACED_BY.get(type_name, set()))


def changes(block, prior, planned):
    """The names of the top-level attributes and blocks that differ."""
    fields = block_type(block)[1]
    return {name for name, type_ in fields.items() if not equal(prior.get(name), planned.get(name), type_)}


def _fill_defaults(type_name, block, value, path):
    for name in block.get("attributes", {}):
        default = rules.DEFAULTS.get(type_name, {}).get(path + name)
        if value.get(name) is None and default is not None:
            value[name] = deepcopy(default)
    for name, nested in block.get("block_types", {}).items():
        _each(nested, value.get(name), lambda inner: _fill_defaults(type_name, nested["block"], inner, f"{path}{name}."))


def _fill_provider_values(block, planned, provider):
    """`region` and `tags_all` follow from the provider's block, so a plan knows them."""
    attributes = block.get("attributes", {})
    if "region" in attributes and attributes["region"].get("computed") and planned.get("region") is None:
        planned["region"] = provider.region
    if "tags_all" in attributes:
        tags = planned.get("tags")
        planned["tags_all"] = UNKNOWN if tags is UNKNOWN else {**provider.default_tags, **(tags or {})}


def _mark_unknown(block, value):
    for name, attribute in block.get("attributes", {}).items():
        if value.get(name) is None and attribute.get("computed"):
            value[name] = UNKNOWN
    for name, nested in block.get("block_types", {}).items():
        _each(nested, value.get(name), lambda inner: _mark_unknown(nested["block"], inner))


def _each(nested, value, action):
    if value is None or value is UNKNOWN:
        return
    if nested["nesting_mode"] in ("list", "set"):
        inner = value
    elif nested["nesting_mode"] == "map":
        inner = value.values()
    else:
        inner = [value]
    for item in inner:
        if item is not None and item is not UNKNOWN:
            action(item)
