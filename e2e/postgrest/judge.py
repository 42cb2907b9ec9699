"""Compares the cases that passed with docs/postgrest.md and the list of exceptions.

    judge.py REPORT [--write]    REPORT is that of run_cases.py

The cases in exceptions.txt must fail, all others must pass. docs/postgrest.md must contain the table of
this run; `--write` writes it. A case passes if its response equals PostgREST's (the report's `norm`),
except for the schema's name in messages, `Content-Length`, the charset and the server's name.
"""

import json
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs/postgrest.md"


def exceptions():
    lines = (HERE / "exceptions.txt").read_text().splitlines()
    return dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))


def table(cases, known):
    """The generated part of the page, in Markdown."""
    total, passed = Counter(), Counter()
    for case in cases:
        total[case["spec_file"]] += 1
        passed[case["spec_file"]] += case["norm"]
    lines = ["| spec file | cases | equal | deliberately different |", "|---|---:|---:|---:|"]
    for name in sorted(total):
        shown = name.removeprefix("Feature/")
        lines.append(f"| {shown} | {total[name]} | {passed[name]} | {total[name] - passed[name] or ''} |")
    different = total.total() - passed.total()
    lines.append(f"| all | {total.total()} | {passed.total()} | {different} |")
    lines += ["", "| case | reason |", "|---|---|"]
    lines += [f"| {name} | {reason} |" for name, reason in known.items()]
    return "\n".join(lines)


def main(report, *options):
    cases, known = json.loads(Path(report).read_text())["cases"], exceptions()
    wrong = 0
    for case in cases:
        if not case["norm"] and case["id"] not in known:
            wrong += 1
            print(f"FAILED {case['id']} {case['request']}\n  {case.get('why_norm') or case.get('why_lenient')}")
        if case["norm"] and case["id"] in known:
            wrong += 1
            print(f"PASSED {case['id']}: remove it from the list of exceptions")
    page = PAGE.read_text()
    before, rest = page.split("<!-- cases -->\n")
    _, after = rest.split("<!-- end -->\n")
    now = f"{before}<!-- cases -->\n{table(cases, known)}\n<!-- end -->\n{after}"
    if "--write" in options:
        PAGE.write_text(now)
    elif page != now:
        wrong += 1
        print(f"docs/postgrest.md is out of date: {__file__} {report} --write")
    print(f"{len(cases)} cases, {len(known)} listed exceptions, {wrong} failures")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
