"""Values as Terraform sends them: msgpack with an extension for "unknown"; and when two are equal."""

import json

import msgpack
from tf.gen import tfplugin_pb2 as pb


class _Unknown:
    """Known after apply."""

    def __repr__(self):
        return "(known after apply)"

    def __deepcopy__(self, _memo):
        return self


UNKNOWN = _Unknown()


def decode(value):
    """A DynamicValue as dicts, lists, strings, numbers, booleans, None and UNKNOWN."""
    if value.json:
        return json.loads(value.json)
    if not value.msgpack:
        return None
    # An unknown may carry refinements; they say nothing that the stand-in needs.
    return msgpack.unpackb(value.msgpack, ext_hook=lambda _code, _data: UNKNOWN, strict_map_key=False)


def encode(value):
    """The reverse of `decode`."""
    return pb.DynamicValue(msgpack=msgpack.packb(value, default=_unknown))


def _unknown(value):
    if value is UNKNOWN:
        return msgpack.ExtType(0, b"\0")
    raise TypeError(f"{value!r} has no place in a Terraform value")


def has_unknown(value):
    """Whether any part of `value` is known only after apply."""
    if isinstance(value, dict):
        return any(has_unknown(v) for v in value.values())
    if isinstance(value, list):
        return any(has_unknown(v) for v in value)
    return value is UNKNOWN


def equal(left, right, type_):
    """Whether two values of a Terraform type are the same: sets have no order."""
    return _canonical(left, type_) == _canonical(right, type_)


def _canonical(value, type_):
    if value is None or value is UNKNOWN or isinstance(type_, str):
        return value
    kind, inner = type_[0], type_[1]
    if kind == "list":
        return [_canonical(v, inner) for v in value]
    if kind == "set":
        return sorted((_canonical(v, inner) for v in value), key=repr)
    if kind == "map":
        return {k: _canonical(v, inner) for k, v in value.items()}
    if kind == "object":
        return {k: _canonical(value.get(k), t) for k, t in inner.items()}
    raise ValueError(f"type {type_!r} is not known")


def block_type(block):
    """The type of a block's value."""
    fields = {name: a["type"] for name, a in block.get("attributes", {}).items()}
    for name, nested in block.get("block_types", {}).items():
        inner = block_type(nested["block"])
        mode = nested["nesting_mode"]
        fields[name] = inner if mode in ("single", "group") else [mode, inner]
    return ["object", fields]


def same_json(left, right):
    """Whether two JSON texts mean the same to IAM and CloudWatch: order in lists of strings and "x" for ["x"] are nothing."""
    try:
        return _json(json.loads(left)) == _json(json.loads(right))
    except (TypeError, ValueError):
        return left == right


def _json(value):
    if isinstance(value, dict):
        return {k: _json(v) for k, v in value.items()}
    if isinstance(value, list):
        inner = [_json(v) for v in value]
        if all(isinstance(v, str) for v in inner):
            return sorted(inner) if len(inner) != 1 else inner[0]
        return inner
    return value
