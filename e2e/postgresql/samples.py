"""A table of ten column types, as a Data Package and as SQL: values where rules of comparison differ, and texts
to search in.

    samples.py DIRECTORY    writes the Data Package
"""

import csv
import json
import random
import sys
from pathlib import Path

ROWS = 240
MISSING = "\\N"

# Column, type of Table Schema, type of PostgreSQL.
COLUMNS = [
    ("id", "integer", "bigint"),
    ("text", "string", "text"),
    ("price", "number", "double precision"),
    ("amount", "integer", "bigint"),
    ("flag", "boolean", "boolean"),
    ("day", "date", "date"),
    ("clock", "time", "time"),
    ("at", "datetime", "timestamptz"),
    ("year", "year", "bigint"),
    ("tags", "list", "text[]"),
    ("data", "object", "jsonb"),
    ("talk", "string", "text"),
]
SEARCHED = "talk"

# Words whose stems are the same in SQLite and in PostgreSQL, and stop words of both.
WORDS = """run running runs runner city cities plain plains rocket rockets rocketed love loved loves walk walked walking house
    houses theorem theorems theme statue liberty cans 7 42 ocean theory""".split()
STOP_WORDS = "the of a is and in to not my own Them don t The".split()


def talks():
    """Texts of such words."""
    chance = random.Random("talks")
    for length in [*range(12)] * 5:
        words = [chance.choice(WORDS if chance.random() < 0.6 else STOP_WORDS) for _ in range(length)]
        yield "".join(word + chance.choice([" ", " ", ", ", ". ", " - ", "; "]) for word in words).strip()


# As in a cell.
VALUES = {
    "text": [
        "", "a", "A", "b", "ab", "a b", " a", "B", "é", "É", "e\u0301", "ß", "ẞ", "ss", "i", "I", "İ", "ı", "s", "S",
        "ſ", "k", "\u212a", "σ", "ς", "Σ", "ΣΑΣ", "ﬁ", "日本", "𝒳", "٣", "²", "ª", "_", "x_y", "50%", "5%0", "a*b", "*",
        "a,b", "(p)", "{q}", 'say "x"', "back\\slash", "\\", "line\nend", "tab\tx", "1", "10", "9", "true", "null", "NULL",
        "'", "it's", "-", ".", "a.b", "\u00a0", "\u2028",
    ],
    "price": [
        "0", "1", "1.5", "-2.25", "0.1", "0.2", "0.3", "2.5", "3.5", "-0.5", "1e100", "1e50", "1e-100", "3", "10",
        "123456.789", "INF", "-INF", "NaN", "100",
    ],
    "amount": [
        "0", "1", "-1", "2", "3", "10", "42", "100", "-7", "9007199254740993", "9223372036854775807",
        "-9223372036854775808",
    ],
    "flag": ["true", "false"],
    "day": ["2024-01-01", "2024-01-02", "2024-02-29", "1999-12-31", "1970-01-01", "0001-01-01", "9999-12-31"],
    "clock": ["00:00:00", "23:59:59", "12:30:00", "12:30:01", "09:05:07"],
    "at": [
        "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00", "2023-12-31T19:00:00-05:00",
        "2024-01-01T00:00:00.5Z", "2024-01-01T00:00:00.500Z", "2024-01-01T00:00:00.000001Z", "2024-06-01T12:30:00+05:30",
        "2024-06-01T07:00:00Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
    ],
    "year": ["2024", "1999", "0001", "1970", "9999"],
    "tags": ["a", "a,b", "b", "b,a", "a,a", "é", "10", "9", "a b", "A", "a,b,c"],
    "data": [
        {}, {"a": 1}, {"a": 1.0}, {"a": 10}, {"a": 9}, {"a": "1"}, {"a": None}, {"a": [1, 2]}, {"a": [2]}, {"a": {"b": True}},
        {"b": 2, "a": 1}, {"a": 1, "b": 2}, {"k": "é"}, {"a": True}, {"a": False}, {"a": "x"}, {"a": "y", "b": "x"},
        {"a": []}, {"a": {}}, {"long key": 1},
    ],
}
VALUES["talk"] = sorted(set(talks()))


def cell(column, value):
    """A value as it is in a file."""
    return json.dumps(value, ensure_ascii=False) if column == "data" else value


def rows(seed):
    """Rows of cells; None has no value."""
    chance = random.Random(f"rows {seed}")
    pick = lambda column: None if chance.random() < 0.12 else cell(column, chance.choice(VALUES[column]))
    return [[str(number)] + [pick(name) for name, _, _ in COLUMNS[1:]] for number in range(1, ROWS + 1)]


def package(directory, seed):
    """Writes the Data Package."""
    home = Path(directory) / "samples"
    home.mkdir(parents=True)
    fields = [{"name": name, "type": of} | ({"searchable": "english"} if name == SEARCHED else {}) for name, of, _ in COLUMNS]
    schema = {"fields": fields, "primaryKey": "id", "missingValues": [MISSING]}
    resource = {"name": "samples", "type": "table", "path": "samples.csv", "schema": schema}
    (home / "datapackage.json").write_text(json.dumps({"name": "samples", "resources": [resource]}))
    with open(home / "samples.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([name for name, _, _ in COLUMNS])
        writer.writerows([MISSING if cell is None else cell for cell in row] for row in rows(seed))


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def sql(seed):
    """The statements that make the same table in PostgreSQL."""
    def value(name, cell):
        if cell is None:
            return "NULL"
        if name == "tags":
            return f"string_to_array({literal(cell)}, ',')"
        return literal({"INF": "Infinity", "-INF": "-Infinity"}.get(cell, cell) if name == "price" else cell)

    columns = ", ".join(f"{name} {of}" for name, _, of in COLUMNS)
    yield f"CREATE TABLE samples ({columns}, PRIMARY KEY (id))"
    for row in rows(seed):
        yield f"INSERT INTO samples VALUES ({', '.join(value(name, cell) for (name, _, _), cell in zip(COLUMNS, row))})"


if __name__ == "__main__":
    package(sys.argv[1], int(sys.argv[2]))
