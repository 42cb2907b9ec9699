"""rules.csv and sources.csv: each rule is of an argument that the schema has, and each type says where its rules stand."""

import json
import re

import pytest
from standin import rules
from standin.resources import RESOURCES
from test_protocol import _from_npm, _schema_file

ROWS = rules.rows(rules.FILE)
SOURCES = {row["type"]: row for row in rules.rows(rules.SOURCES)}
NAMES = {"default", "replaces", "unknown", "code", "configuration", "reported", "json", "spelling", "legal", "range", "made before"}


@pytest.fixture(scope="module")
def schemas():
    schemas = json.loads(_schema_file().read_text())["provider_schemas"]["registry.terraform.io/hashicorp/aws"]
    return {type_: schemas["resource_schemas"][type_]["block"] for type_ in RESOURCES}


def attribute(block, path):
    """What the schema says of an argument; a block's is {}."""
    *blocks, name = path.split(".")
    for outer in blocks:
        block = block["block_types"][outer]["block"]
    return {} if name in block.get("block_types", {}) else block["attributes"].get(name)


def test_every_type_names_its_source():
    assert SOURCES.keys() == RESOURCES.keys() and {row["type"] for row in ROWS} <= SOURCES.keys()
    for row in SOURCES.values():
        assert re.fullmatch(r"internal/service/[a-z0-9]+/[a-z0-9_]+\.go", row["file"]), row
        assert re.fullmatch(r"[0-9a-f]{40}", row["commit"]) and row["functions"], row


def test_every_rule_is_of_an_argument(schemas):
    older = _from_npm()
    assert len(ROWS) == len({(row["type"], row["rule"], row["argument"]) for row in ROWS}) > 150
    for row in ROWS:
        assert row["rule"] in NAMES, row
        if row["rule"] == "made before":
            continue
        found = attribute(schemas[row["type"]], row["argument"])
        assert found is not None or older, row
        if row["rule"] in ("default", "replaces", "code", "configuration", "legal", "range", "json") and found:
            assert found.get("optional") or found.get("required"), row
        if row["rule"] == "unknown" and found:
            assert found["computed"], row


def test_files_are_sorted():
    for path, keys in ((rules.FILE, ("type", "rule", "argument", "value")), (rules.SOURCES, ("type",))):
        rows = [tuple(row[key] for key in keys) for row in rules.rows(path)]
        assert rows == sorted(rows)
