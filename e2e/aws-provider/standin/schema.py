"""The provider's schema: from the form of `terraform providers schema -json` to the wire.

Deliberately left out: nested attribute types (the AWS provider speaks protocol 5, which has none).
"""

import json

from tf.gen import tfplugin_pb2 as pb

ADDRESS = "registry.terraform.io/hashicorp/aws"

_NESTING = {
    "single": pb.Schema.NestedBlock.SINGLE,
    "list": pb.Schema.NestedBlock.LIST,
    "set": pb.Schema.NestedBlock.SET,
    "map": pb.Schema.NestedBlock.MAP,
    "group": pb.Schema.NestedBlock.GROUP,
}


def load(path):
    """The provider's part of the schema file: provider, resource_schemas, data_source_schemas."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)["provider_schemas"][ADDRESS]


def to_wire(schema):
    """One schema (version and block) as the protocol's message."""
    return pb.Schema(version=schema.get("version", 0), block=_block(schema.get("block", {})))


def _block(block):
    return pb.Schema.Block(
        attributes=[_attribute(name, a) for name, a in sorted(block.get("attributes", {}).items())],
        block_types=[_nested(name, b) for name, b in sorted(block.get("block_types", {}).items())],
        deprecated=block.get("deprecated", False),
    )


def _attribute(name, attribute):
    if "type" not in attribute:
        raise ValueError(f"attribute `{name}` has a nested type, which this stand-in does not serve")
    flags = {k: attribute.get(k, False) for k in ("required", "optional", "computed", "sensitive", "deprecated")}
    return pb.Schema.Attribute(name=name, type=json.dumps(attribute["type"]).encode(), **flags)


def _nested(name, nested):
    return pb.Schema.NestedBlock(
        type_name=name,
        block=_block(nested["block"]),
        nesting=_NESTING[nested["nesting_mode"]],
        min_items=nested.get("min_items", 0),
        max_items=nested.get("max_items", 0),
    )
