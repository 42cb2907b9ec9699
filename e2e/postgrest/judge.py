"""Holds what passed against what is said of it.

    judge.py REPORT [--write]    REPORT is that of run_cases.py

A case may fail if exceptions.txt lists it, and must then; docs/postgrest.md must have the table of
this run, which `--write` puts there. A case passes if its answer is PostgREST's (the report's
`norm`): less the schema's name in messages, `Content-Length`, the charset and the server's name.
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
    """The part of the page that a run decides, in Markdown."""
    total, passed = Counter(), Counter()
    for case in cases:
        total[case["spec_file"]] += 1
        passed[case["spec_file"]] += case["norm"]
    lines = ["| spec file | cases | as PostgREST | by purpose different |", "|---|---:|---:|---:|"]
    for name in sorted(total):
        shown = name.removeprefix("Feature/")
        lines.append(f"| {shown} | {total[name]} | {passed[name]} | {total[name] - passed[name] or ''} |")
    different = total.total() - passed.total()
    lines.append(f"| all | {total.total()} | {passed.total()} | {different} |")
    lines += ["", "| case | why it differs |", "|---|---|"]
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
            print(f"PASSED {case['id']}: take it off the list of exceptions")
    page = PAGE.read_text()
    before, rest = page.split("<!-- cases -->\n")
    _, after = rest.split("<!-- end -->\n")
    now = f"{before}<!-- cases -->\n{table(cases, known)}\n<!-- end -->\n{after}"
    if "--write" in options:
        PAGE.write_text(now)
    elif page != now:
        wrong += 1
        print(f"docs/postgrest.md has another table: {__file__} {report} --write")
    print(f"{len(cases)} cases, {len(known)} listed exceptions, {wrong} failures")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
