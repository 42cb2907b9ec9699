"""Holds the reader's descriptions against tools that know their standards.

    check.py URL    of a running reader

The OpenAPI document must be valid, every first page must fit its JSON Schema, frictionless must
find every table as its Data Package says, mlcroissant must load every record, and the DCAT catalog
must have what DCAT-AP 3 requires: by dcat-ap.ttl, and by the published shapes where DCAT_AP_SHAPES
names files of them. What answers the document promises is not for here: see
e2e/security/schemathesis.sh. Needs requirements.txt; run.sh brings both.
"""

import json
import os
import pathlib
import sys
import urllib.parse
import urllib.request

import jsonschema
import mlcroissant
import pyshacl
import rdflib
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
        croissant = mlcroissant.Dataset(jsonld=f"{base}/-/croissant/{name}.json")
        for table in release["tables"]:
            if table["dataset"] == dataset["name"]:
                records = sum(1 for _ in croissant.records(table["name"]))
                if records != table["rows"]:
                    sys.exit(f"{table['name']}: mlcroissant loads {records} of {table['rows']} records")
                print(f"{table['name']}: mlcroissant loads {records} records")
    catalog = rdflib.Graph().parse(f"{base}/-/dcat.jsonld", format="json-ld")
    own = pathlib.Path(__file__).with_name("dcat-ap.ttl")
    for shapes in [own, *os.environ.get("DCAT_AP_SHAPES", "").split()]:
        fits, _, text = pyshacl.validate(catalog, shacl_graph=rdflib.Graph().parse(shapes, format="turtle"))
        if not fits:
            sys.exit(text)
        print(f"DCAT: {len(catalog)} statements fit {pathlib.Path(shapes).name}")


if __name__ == "__main__":
    main(sys.argv[1])
