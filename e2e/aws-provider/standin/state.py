"""From what AWS answers to a state: after an apply, and when a state is refreshed."""

from copy import deepcopy

from . import rules
from .value import UNKNOWN, block_type, equal, same_json


class Inconsistent(Exception):
    """What AWS answers contradicts the plan: the resource's code or moto is wrong."""


def after_apply(type_name, block, config, planned, observed):
    """`planned` with its unknown parts filled from what was observed; a part that is neither is null.

    What the configuration leaves to AWS is as AWS reports it, even where a plan said the old value.
    """
    filled = _fill(block_type(block), planned, observed)
    named = rules.AS_REPORTED.get(type_name, ())
    reported = {
        name: observed[name]
        for name, attribute in block.get("attributes", {}).items()
        if name in observed and attribute.get("computed") and (config.get(name) is None or name in named)
    }
    return refreshed(type_name, block, filled, reported)


def _fill(type_, planned, observed):
    if planned is UNKNOWN:
        return deepcopy(observed)
    if not isinstance(planned, (dict, list)) or isinstance(type_, str):
        return planned
    kind, inner = type_
    if kind == "object":
        observed = observed or {}
        return {name: _fill(t, planned.get(name), observed.get(name)) for name, t in inner.items()}
    if kind == "map":
        observed = observed or {}
        return {k: _fill(inner, v, observed.get(k)) for k, v in planned.items()}
    observed = observed if isinstance(observed, list) else []
    filled = []
    for index, item in enumerate(planned):
        if kind == "set":
            seen = next((o for o in observed if _agrees(inner, item, o)), None)
        else:
            seen = observed[index] if index < len(observed) else None
        filled.append(_fill(inner, item, seen))
    return filled


def refreshed(type_name, block, prior, observed):
    """`prior` with everything that AWS reports otherwise; what is not reported stays, and so does
    what this release of the schema does not have."""
    state = deepcopy(prior)
    fields = block_type(block)[1]
    defaults = rules.DEFAULTS.get(type_name, {})
    for name, value in observed.items():
        if name not in fields:
            continue
        if name in rules.JSON.get(type_name, ()) and same_json(prior.get(name), value):
            continue
        state[name] = _overlay(fields[name], prior.get(name), value, defaults, name)
    return state


def _overlay(type_, prior, observed, defaults, path):
    if isinstance(type_, str) or observed is None:
        # Terraform keeps null apart from empty, false and 0; AWS and the real provider do not. What has a default is null only
        # until it is read for the first time, after an import: a null would be a change to that default.
        unread = prior is None and observed is not None and path in defaults
        return prior if not unread and _empty(prior) and _empty(observed) else observed
    kind, inner = type_
    if kind == "object":
        prior = prior or {}
        return {
            n: _overlay(t, prior.get(n), observed[n], defaults, f"{path}.{n}") if n in observed else prior.get(n)
            for n, t in inner.items()
        }
    if kind == "map" or isinstance(inner, str):
        same = equal(prior, observed, type_) or (_empty(prior) and _empty(observed))
        return prior if same else observed
    prior = prior or []
    merged = []
    for index, item in enumerate(observed):
        if kind == "set":
            before = next((p for p in prior if _agrees(inner, p, item)), None)
        else:
            before = prior[index] if index < len(prior) else None
        merged.append(_overlay(inner, before, item, defaults, path))
    return prior if equal(prior, merged, type_) else merged


def _agrees(type_, known, observed):
    """Whether an element of a set may be the observed one: all that both say is the same."""
    if known is UNKNOWN or known is None or observed is None:
        return True
    if isinstance(type_, str):
        return known == observed
    kind, inner = type_
    if kind == "object":
        return all(_agrees(t, known.get(n), observed[n]) for n, t in inner.items() if n in observed)
    if kind == "list":
        return len(known) == len(observed) and all(_agrees(inner, k, o) for k, o in zip(known, observed))
    return equal(known, observed, type_)


def _empty(value):
    return value is None or value in ("", 0, False, [], {})
