"""Holds the reader's descriptions against tools that know their standards.

    check.py URL    of a running reader

The OpenAPI document must be valid, every first page must fit its JSON Schema, and frictionless must
find every table as its Data Package says. What answers the document promises is not for here: see
e2e/security/schemathesis.sh. Needs requirements.txt; run.sh brings both.
"""

import json
import sys
import urllib.parse
import urllib.request

import jsonschema
from frictionless import Package
from openapi_spec_validator import OpenAPIV31SpecValidator


def get(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def main(base):
    api = get(f"{base}/openapi.json")
    OpenAPIV31SpecValidator(api).validate()
    print(f"OpenAPI 3.1: valid, {len(api['paths'])} paths")
    release = get(f"{base}/")
    for table in release["tables"]:
        name = urllib.parse.quote(table["name"], safe="")
        schema = get(f"{base}/-/schema/{name}")
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        rows = get(f"{base}/{name}?limit=1000")
        for row in rows:
            validator.validate(row)
        print(f"{table['name']}: {len(rows)} rows fit their JSON Schema")
    for dataset in release["datasets"]:
        name = urllib.parse.quote(dataset["name"], safe="")
        report = Package(f"{base}/-/datapackage/{name}.json").validate()
        if not report.valid:
            sys.exit(f"{dataset['name']}: {report.to_summary()}")
        print(f"{dataset['name']}: frictionless finds {len(report.tasks)} tables as described")


if __name__ == "__main__":
    main(sys.argv[1])
