#!/usr/bin/env python3
"""Holds the reader's descriptions against tools that know their standards.

    reader/tests/openapi.py RELEASE [READER] [TOOLS]

Serves RELEASE (a directory that the builder wrote) on a free port. The OpenAPI document must be
valid, schemathesis must get from every operation what the document says, every first page must
fit its JSON Schema, and frictionless must find every table as its Data Package says.
The tools come from PyPI, by name, into TOOLS (default: target/tools/openapi), where they stay.
"""

import json
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import venv
from pathlib import Path

TOOLS = ["openapi-spec-validator==0.9.0", "jsonschema==4.26.0", "schemathesis==4.32.5", "frictionless==5.21.0"]


def installed(directory):
    """A Python with the tools; this script goes on in it."""
    python = directory / "bin" / "python"
    stamp = directory / "installed"
    if not stamp.exists() or stamp.read_text() != "\n".join(TOOLS):
        print(f"installing {', '.join(TOOLS)} from PyPI into {directory}", flush=True)
        venv.create(directory, with_pip=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *TOOLS], check=True)
        stamp.write_text("\n".join(TOOLS))
    return python


def get(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def check(base, tools):
    import jsonschema
    from frictionless import Package
    from openapi_spec_validator import OpenAPIV31SpecValidator

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
    # Data that fits the document may still be refused for what no schema says (a regular
    # expression that is none), and more is accepted than the document says (the grammar).
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    command = [tools.resolve() / "bin" / "schemathesis", "run", f"{base}/openapi.json", "--checks", checks]
    command += ["--mode", "positive", "--max-examples", "25", "--seed", "1", "--no-color"]
    # It writes into the working directory.
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(command, check=True, cwd=work)


def main():
    if sys.argv[1] == "--check":
        return check(sys.argv[2], Path(sys.argv[3]))
    defaults = ["target/release/reader", "target/tools/openapi"]
    release, reader, tools = sys.argv[1:] + defaults[len(sys.argv) - 2 :]
    python = installed(Path(tools))
    server = subprocess.Popen([reader, release, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        base = server.stdout.readline().rsplit(" ", 1)[1].strip()
        return subprocess.run([python, __file__, "--check", base, tools]).returncode
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
