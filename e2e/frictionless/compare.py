"""Our verdicts beside those of the Python library frictionless, which is not ours.

compare.py BUILDER [--write]

Runs both over the corpus (corpus.py), the datasets of the repository and, where it is there, the shared
data. Compared are the places of the errors: file, row and column of a cell, file and row of a row, line 1
of a header, "descriptor". What differs must stand in divergences.json with its reason, and both sides as
they are there; what stands there must differ. `--write` rewrites that file, keeping its reasons.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import corpus
from frictionless import system, validate

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DIVERGENCES = HERE / "divergences.json"

# The kinds of errors that concern a row or a header as a whole, on either side.
ROW = {"missing-cell", "extra-cell", "duplicate-key", "unknown-reference", "primary-key", "foreign-key",
       "unique-error", "blank-row", "row-error", "unclosed-quote", "row-too-long"}
HEADER = {"wrong-delimiter", "unknown-column", "missing-column", "duplicate-column", "column-order",
          "missing-label", "extra-label", "incorrect-label", "blank-label", "duplicate-label", "blank-header", "header-error"}
# Those that concern a file as a whole.
FILE = {"empty-file", "encoding-error", "source-error", "byte-count", "hash-count", "not-utf8", "wrong-bytes", "wrong-hash", "size-mismatch",
        "hash-mismatch", "unreadable-file"}


def place(file, code, row, column):
    if file is None or file.endswith("datapackage.json"):
        return "descriptor"
    if code in FILE or row is None and code not in HEADER:
        return file
    if code in HEADER:
        return f"{file}:header"
    if code in ROW or column is None:
        return f"{file}:{row}"
    return f"{file}:{row}:{column}"


def ours(builder, directory):
    ran = subprocess.run([builder, "check", "--format", "json", "-q", directory], capture_output=True, text=True)
    if ran.returncode not in (0, 1):
        sys.exit(f"{directory}: {ran.stderr}")
    found = [finding for finding in json.loads(ran.stdout) if finding["severity"] == "error"]
    return sorted({place(Path(f["path"]).name, f["code"], f["line"], f["column"]) for f in found})


def theirs(directory):
    try:
        with system.use_context(trusted=False):
            report = validate(str(directory / "datapackage.json"))
    except Exception as error:  # whatever it dies of
        return [f"{type(error).__name__}: {error}"]
    places = {"descriptor" for _ in report.errors}
    for task in report.tasks:
        file = Path(task.place or "").name
        for error in task.errors:
            row, column = getattr(error, "row_number", None), getattr(error, "field_number", None)
            about_descriptor = error.type in {"package-error", "resource-error", "schema-error", "field-error", "dialect-error"}
            places.add("descriptor" if about_descriptor else place(file, error.type, row, column))
    return sorted(places)


def shared():
    base = Path(os.environ.get("COLDPRESS_SHARED", ROOT.parent / "shared")) / "data/packages"
    if not base.is_dir():
        print(f"skipped: {base} is not there", file=sys.stderr)
        return []
    return sorted(path.parent for path in base.glob("*/datapackage.json"))


def main():
    builder, write = sys.argv[1], "--write" in sys.argv[2:]
    builder = str(Path(builder).resolve())
    home = ROOT / "target/frictionless"
    shutil.rmtree(home, ignore_errors=True)
    cases = [(package.name, package.write(home)) for package in corpus.packages()]
    for directory in sorted(path.parent for path in (ROOT / "datasets").glob("*/datapackage.json")) + shared():
        cases.append((f"real:{directory.name}", directory))
    listed = json.loads(DIVERGENCES.read_text()) if DIVERGENCES.exists() else {}
    agree, found, wrong = 0, {}, []
    for name, directory in cases:
        mine, other = ours(builder, directory), theirs(directory)
        if name.startswith("wrong-") and not mine:
            wrong.append(f"{name}: builder check finds nothing wrong")
        if mine == other:
            agree += 1
            continue
        reason = listed.get(name, {}).get("reason", "")
        found[name] = {"coldpress": mine, "frictionless": other, "reason": reason}
        if found[name] != listed.get(name) or not reason:
            wrong.append(f"{name}: coldpress {mine}, frictionless {other}, which divergences.json does not say")
    ran = {name for name, _ in cases}
    wrong += [f"{name}: agrees, but is in divergences.json" for name in listed if name in ran and name not in found]
    if write:
        kept = {name: entry for name, entry in listed.items() if name not in ran}
        DIVERGENCES.write_text(json.dumps(dict(sorted({**kept, **found}.items())), indent=2, ensure_ascii=False) + "\n")
    verdicts = sum(bool(entry["coldpress"]) != bool(entry["frictionless"]) for entry in found.values())
    print(f"{len(cases)} packages: {agree} alike, {len(found)} differ ({verdicts} of them in valid or invalid)")
    if wrong:
        print("\n".join(wrong))
        sys.exit(1)


main()
