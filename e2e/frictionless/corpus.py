"""Small packages, valid and invalid: every type, format, constraint, dialect property and kind of key.

Each is written to a directory of its own; the names say what is in it, `wrong-` what is wrong.
"""

import json
from pathlib import Path

SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"


class Package:
    """A package: its name, its descriptor, its files."""

    def __init__(self, name, resources, files, **more):
        self.name = name
        self.descriptor = {"$schema": SCHEMA, "name": name, **more, "resources": resources}
        self.files = files

    def write(self, directory: Path) -> Path:
        home = directory / self.name
        home.mkdir(parents=True)
        for name, content in self.files.items():
            (home / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        (home / "datapackage.json").write_text(json.dumps(self.descriptor, indent=2) + "\n")
        return home


def table(name, fields, csv, schema=None, **resource):
    """A package of one table, t.csv."""
    schema = {"fields": fields, **(schema or {})}
    return Package(name, [{"name": "t", "type": "table", "path": "t.csv", "schema": schema, **resource}], {"t.csv": csv})


def field(type, name="v", **more):
    return {"name": name, "type": type, **more}


def column(name, type, cells, **more):
    """A table of an id and one column, whose cells are quoted."""
    rows = "".join('{},"{}"\n'.format(n, cell.replace('"', '""')) for n, cell in enumerate(cells, 1))
    return table(name, [field("integer", "id"), field(type, **more)], "id,v\n" + rows)


def packages():
    yield from types()
    yield from constraints()
    yield from missing_values()
    yield from dialects()
    yield from headers()
    yield from rows()
    yield from keys()
    yield from descriptors()


def types():
    yield column("string", "string", ["a", "Été 世界", " b "])
    yield column("string-email", "string", ["a@example.org"], format="email")
    yield column("wrong-string-email", "string", ["a@example.org", "a", "@b"], format="email")
    yield column("string-uri", "string", ["https://example.org/a?b=c#d", "urn:isbn:1"], format="uri")
    yield column("wrong-string-uri", "string", ["https://example.org", "example"], format="uri")
    yield column("string-uuid", "string", ["95ecc380-afe9-11e4-9b6c-751b66dd541e"], format="uuid")
    yield column("wrong-string-uuid", "string", ["95ecc380", "x"], format="uuid")
    yield column("string-binary", "string", ["YWI="], format="binary")
    yield column("wrong-string-binary", "string", ["YWI=", "YW"], format="binary")
    yield column("number", "number", ["1", "-1.5", "1e3", ".5", "0"])
    yield column("wrong-number", "number", ["1", "x", "1,5", "1.2.3"])
    yield column("number-infinite", "number", ["INF", "-INF"])
    yield column("number-nan", "number", ["NaN"])
    yield column("number-chars", "number", ["1.234,5", "1,5"], decimalChar=",", groupChar=".")
    yield column("number-bare", "number", ["EUR 5.5", "95%"], bareNumber=False)
    yield column("wrong-number-bare", "number", ["EUR 5.5", "95%"])
    yield column("integer", "integer", ["1", "-2", "+3", "9223372036854775807"])
    yield column("wrong-integer", "integer", ["1.5", "x", "1e3", "1 000"])
    yield column("integer-beyond-64-bits", "integer", ["9223372036854775808"])
    yield column("integer-group", "integer", ["1,234"], groupChar=",")
    yield column("integer-bare", "integer", ["95%"], bareNumber=False)
    yield column("boolean", "boolean", ["true", "False", "1", "0"])
    yield column("wrong-boolean", "boolean", ["yes", "true", "2"])
    yield column("boolean-words", "boolean", ["yes", "no"], trueValues=["yes"], falseValues=["no"])
    yield column("wrong-boolean-words", "boolean", ["true", "no"], trueValues=["yes"], falseValues=["no"])
    yield column("object", "object", ['{"a": [1]}', "{}"])
    yield column("wrong-object", "object", ["[1]", "{a}", "x"])
    yield column("array", "array", ["[1, null]", "[]"])
    yield column("wrong-array", "array", ["{}", "[1,]"])
    yield column("list", "list", ["a,b", "a"])
    yield column("list-integer", "list", ["1;2"], delimiter=";", itemType="integer")
    yield column("wrong-list-integer", "list", ["1;2", "1;x"], delimiter=";", itemType="integer")
    yield column("datetime", "datetime", ["2024-01-26T15:00:00", "2024-01-26T15:00:00Z"])
    yield column("wrong-datetime", "datetime", ["2024-01-26", "2024-02-30T15:00:00", "x"])
    yield column("datetime-any", "datetime", ["2024-01-26 15:00"], format="any")
    yield column("datetime-pattern", "datetime", ["26/01/2024 15:00"], format="%d/%m/%Y %H:%M")
    yield column("wrong-datetime-pattern", "datetime", ["26/01/2024 25:00"], format="%d/%m/%Y %H:%M")
    yield column("date", "date", ["2024-01-26", "2024-02-29"])
    yield column("wrong-date", "date", ["2023-02-29", "26.01.2024", "2024-1-2"])
    yield column("date-any", "date", ["2024-01-26", "20240126"], format="any")
    yield column("date-pattern", "date", ["26/01/24"], format="%d/%m/%y")
    yield column("wrong-date-pattern", "date", ["26/01/24", "01/26/24"], format="%d/%m/%y")
    yield column("time", "time", ["15:00:00"])
    yield column("wrong-time", "time", ["25:00:00", "15:00", "x"])
    yield column("time-any", "time", ["15:00"], format="any")
    yield column("time-pattern", "time", ["03.15 PM"], format="%I.%M %p")
    yield column("year", "year", ["2024", "1999"])
    yield column("wrong-year", "year", ["24", "x", "20245"])
    yield column("yearmonth", "yearmonth", ["2024-01"])
    yield column("wrong-yearmonth", "yearmonth", ["2024-13", "2024"])
    yield column("duration", "duration", ["P1Y2M3DT10H30M", "PT5S", "P3W"])
    yield column("wrong-duration", "duration", ["1h", "P"])
    yield column("geopoint", "geopoint", ["90.50, 45.50", "0,0"])
    yield column("wrong-geopoint", "geopoint", ["190, 45", "45", "0, 91"])
    yield column("geopoint-array", "geopoint", ["[90.5, 45]"], format="array")
    yield column("wrong-geopoint-array", "geopoint", ["[90.5]", "90,45"], format="array")
    yield column("geopoint-object", "geopoint", ['{"lon": 90, "lat": 45}'], format="object")
    yield column("wrong-geopoint-object", "geopoint", ['{"lon": 90}'], format="object")
    yield column("geojson", "geojson", ['{"type": "Point", "coordinates": [1, 2]}'])
    yield column("wrong-geojson", "geojson", ['{"type": "Spot"}', "x"])
    topology = '{"type": "Topology", "objects": {}, "arcs": []}'
    yield column("geojson-topojson", "geojson", [topology], format="topojson")
    yield column("wrong-geojson-topojson", "geojson", ['{"type": "Point"}'], format="topojson")
    yield column("any", "any", ["1", "x"])


def constraints():
    def constrained(name, type, cells, **constraints):
        return column(name, type, cells, constraints=constraints)

    yield constrained("required", "string", ["a"], required=True)
    yield constrained("wrong-required", "string", ["a", ""], required=True)
    yield constrained("unique", "string", ["a", "b", "", ""], unique=True)
    yield constrained("wrong-unique", "string", ["a", "b", "a"], unique=True)
    yield constrained("min-length", "string", ["ab"], minLength=2)
    yield constrained("wrong-min-length", "string", ["ab", "é"], minLength=2)
    yield constrained("wrong-max-length", "string", ["ab", "abc"], maxLength=2)
    yield constrained("wrong-max-length-array", "array", ["[1]", "[1,2,3]"], maxLength=2)
    yield constrained("minimum", "integer", ["3"], minimum=3)
    yield constrained("wrong-minimum", "integer", ["3", "2"], minimum=3)
    yield constrained("wrong-maximum", "number", ["3", "3.5"], maximum=3)
    yield constrained("minimum-nan", "number", ["3", "NaN"], minimum=3)
    yield constrained("wrong-maximum-nan", "number", ["3", "NaN"], maximum=3)
    yield constrained("enum-nan", "number", ["NaN"], enum=["NaN", "3"])
    yield constrained("wrong-enum-nan", "number", ["3", "NaN"], enum=["3"])
    yield constrained("wrong-unique-nan", "number", ["NaN", "1", "NaN"], unique=True)
    yield constrained("wrong-exclusive-minimum", "integer", ["4", "3"], exclusiveMinimum=3)
    yield constrained("wrong-exclusive-maximum", "integer", ["2", "3"], exclusiveMaximum=3)
    yield constrained("wrong-minimum-date", "date", ["2024-01-01", "2023-12-31"], minimum="2024-01-01")
    yield constrained("wrong-maximum-year", "year", ["2024", "2025"], maximum="2024")
    yield constrained("wrong-minimum-datetime", "datetime", ["2024-01-01T00:00:00", "2023-12-31T00:00:00"],
                      minimum="2024-01-01T00:00:00")
    yield constrained("pattern", "string", ["ab12"], pattern="[a-z]+[0-9]+")
    yield constrained("wrong-pattern", "string", ["ab12", "12ab", "ab12x"], pattern="[a-z]+[0-9]+")
    yield constrained("enum", "string", ["a"], enum=["a", "b"])
    yield constrained("wrong-enum", "integer", ["1", "3"], enum=[1, 2])
    yield constrained("json-schema", "object", ['{"a": 1}'], jsonSchema={"required": ["a"]})
    yield constrained("wrong-json-schema", "object", ['{"a": 1}', "{}"], jsonSchema={"required": ["a"]})
    yield column("categories", "string", ["a", "b"], categories=["a", "b"])
    yield column("wrong-categories", "string", ["a", "c"], categories=["a", "b"])
    yield constrained("wrong-constraint-for-type", "boolean", ["true"], minLength=1)
    yield constrained("wrong-constraint-value", "integer", ["1"], minimum="low")


def missing_values():
    fields = [field("integer", "id"), field("integer")]
    yield table("missing-values", fields, "id,v\n1,-\n2,NA\n3,\n", {"missingValues": ["", "-", "NA"]})
    yield table("wrong-missing-values", fields, "id,v\n1,-\n2,\n", {"missingValues": ["-"]})
    labelled = [{"value": "-", "label": "none"}, {"value": "NA", "label": "not asked"}]
    yield table("missing-values-with-labels", fields, "id,v\n1,-\n2,NA\n", {"missingValues": labelled})
    own = [field("integer", "id"), field("integer", missingValues=["-"])]
    yield table("missing-values-of-a-field", own, "id,v\n1,-\n2,3\n")
    yield table("wrong-missing-values-of-a-field", own, "id,v\n1,-\n-,3\n")


def dialects():
    fields = [field("integer", "id"), field("string")]

    def dialect(name, csv, **properties):
        return table(name, fields, csv, dialect=properties)

    yield dialect("dialect-delimiter", "id;v\n1;a,b\n", delimiter=";")
    yield dialect("dialect-tab", "id\tv\n1\ta\n", delimiter="\t")
    yield dialect("wrong-dialect-delimiter", "id,v\n1,a\n", delimiter=";")
    yield dialect("dialect-quote-char", "id,v\n1,'a,b'\n2,'it''s'\n", quoteChar="'")
    yield dialect("dialect-double-quote", 'id,v\n1,"a ""b"""\n', doubleQuote=True)
    yield dialect("dialect-escape-char", 'id,v\n1,"a \\"b\\""\n', escapeChar="\\", doubleQuote=False)
    yield dialect("dialect-line-terminator", "id,v\r\n1,a\r\n", lineTerminator="\r\n")
    yield dialect("dialect-skip-initial-space", 'id, v\n1, "a,b"\n', skipInitialSpace=True)
    yield dialect("dialect-no-header", "1,a\n2,b\n", header=False)
    yield dialect("wrong-dialect-no-header", "id,v\n1,a\n", header=False)
    yield table("dialect-header-rows", [field("integer", "a id"), field("string", "b v")],
                "a,b\nid,v\n1,x\n", dialect={"headerRows": [1, 2]})
    yield table("dialect-header-join", [field("integer", "a-id"), field("string", "b-v")],
                "a,b\nid,v\n1,x\n", dialect={"headerRows": [1, 2], "headerJoin": "-"})
    yield dialect("dialect-comment-rows", "id,v\n1,a\nx,y\n2,b\n", commentRows=[3])
    yield dialect("dialect-comment-char", "# said\nid,v\n# x,y\n1,a\n", commentChar="#")
    yield dialect("wrong-after-comment-char", "id,v\n# x,y\n1,a\nx,b\n", commentChar="#")
    yield table("dialect-null-sequence", [field("integer", "id"), field("integer")], "id,v\n1,\\N\n2,3\n",
                dialect={"nullSequence": "\\N"})
    yield table("encoding", fields, "id,v\n1,é\n".encode("iso-8859-1"), encoding="iso-8859-1")
    yield table("wrong-encoding", fields, b"id,v\n1,\xe9\n")
    yield table("bom", fields, "\ufeffid,v\n1,a\n")


def headers():
    fields = [field("integer", "id"), field("string")]
    yield table("header-order", fields, "v,id\na,1\n", {"fieldsMatch": "equal"})
    yield table("wrong-header-order", fields, "v,id\na,1\n")
    yield table("wrong-header-name", fields, "id,w\n1,a\n")
    yield table("wrong-header-extra", fields, "id,v,w\n1,a,b\n")
    yield table("wrong-header-missing", fields, "id\n1\n")
    yield table("wrong-header-duplicate", fields, "id,id\n1,2\n")
    yield table("fields-match-subset", fields, "id,w,v\n1,b,a\n", {"fieldsMatch": "subset"})
    yield table("wrong-fields-match-subset", fields, "id,w\n1,b\n", {"fieldsMatch": "subset"})
    yield table("fields-match-superset", fields, "id\n1\n", {"fieldsMatch": "superset"})
    yield table("wrong-fields-match-superset", fields, "id,w\n1,b\n", {"fieldsMatch": "superset"})
    yield table("fields-match-partial", fields, "id,w\n1,b\n", {"fieldsMatch": "partial"})
    yield table("wrong-fields-match-partial", fields, "x,w\n1,b\n", {"fieldsMatch": "partial"})
    yield table("wrong-empty-file", fields, "")


def rows():
    fields = [field("integer", "id"), field("string")]
    yield table("no-rows", fields, "id,v\n")
    yield table("wrong-row-short", fields, "id,v\n1,a\n2\n3,c\n")
    yield table("wrong-row-long", fields, "id,v\n1,a\n2,b,c\n")
    yield table("wrong-rows-both", fields, "id,v\n1\nx,b\n2,b,c\n")
    yield table("blank-lines", fields, "id,v\n1,a\n\n2,b\n")
    yield table("wrong-after-blank-lines", fields, "id,v\n1,a\n\nx,b\n")
    yield table("quotes", fields, 'id,v\n1,"a ""b"", c"\n2,"two\nlines"\n3,""\n')
    yield table("wrong-after-a-quoted-line-end", fields, 'id,v\n1,"two\nlines"\nx,b\n')
    yield table("crlf", fields, "id,v\r\n1,a\r\n2,b\r\n")
    yield table("wrong-crlf", fields, "id,v\r\n1,a\r\nx,b\r\n")
    yield table("no-final-line-end", fields, "id,v\n1,a")
    yield table("wrong-quote-not-closed", fields, 'id,v\n1,"a\n2,b\n')


def keys():
    two = [field("integer", "id"), field("string")]
    yield table("primary-key", two, "id,v\n1,a\n2,a\n", {"primaryKey": ["id"]})
    yield table("wrong-primary-key", two, "id,v\n1,a\n2,a\n1,b\n", {"primaryKey": ["id"]})
    yield table("wrong-primary-key-missing", two, "id,v\n1,a\n,b\n", {"primaryKey": "id"})
    yield table("primary-key-composite", two, "id,v\n1,a\n1,b\n", {"primaryKey": ["id", "v"]})
    yield table("wrong-primary-key-composite", two, "id,v\n1,a\n1,b\n1,a\n", {"primaryKey": ["id", "v"]})
    yield table("wrong-primary-key-unknown-field", two, "id,v\n1,a\n", {"primaryKey": ["x"]})
    yield table("unique-keys", two, "id,v\n1,a\n1,b\n", {"uniqueKeys": [["id", "v"]]})
    yield table("wrong-unique-keys", two, "id,v\n1,a\n1,a\n", {"uniqueKeys": [["id", "v"]]})
    parent = {"name": "parents", "type": "table", "path": "parents.csv",
              "schema": {"fields": [field("integer", "id")], "primaryKey": ["id"]}}

    def child(name, children, resource="parents", field_name="id"):
        reference = {"fields": ["v"], "reference": {"resource": resource, "fields": [field_name]}}
        schema = {"fields": [field("integer", "id"), field("integer")], "foreignKeys": [reference]}
        resources = [parent, {"name": "t", "type": "table", "path": "t.csv", "schema": schema}]
        return Package(name, resources, {"parents.csv": "id\n1\n2\n", "t.csv": children})

    yield child("foreign-key", "id,v\n1,2\n2,\n")
    yield child("wrong-foreign-key", "id,v\n1,2\n2,3\n")
    yield child("wrong-foreign-key-unknown-resource", "id,v\n1,2\n", resource="x")
    yield child("wrong-foreign-key-unknown-field", "id,v\n1,2\n", field_name="x")
    own = [field("integer", "id"), field("integer", "up")]
    to_own = {"fields": ["up"], "reference": {"fields": ["id"]}}
    schema = {"primaryKey": ["id"], "foreignKeys": [to_own]}
    yield table("foreign-key-to-own-table", own, "id,up\n1,\n2,1\n", schema)
    yield table("wrong-foreign-key-to-own-table", own, "id,up\n1,\n2,3\n", schema)
    composite = {"fields": ["a", "b"], "reference": {"resource": "parents", "fields": ["x", "y"]}}
    resources = [
        {"name": "parents", "type": "table", "path": "parents.csv",
         "schema": {"fields": [field("string", "x"), field("string", "y")], "primaryKey": ["x", "y"]}},
        {"name": "t", "type": "table", "path": "t.csv",
         "schema": {"fields": [field("string", "a"), field("string", "b")], "foreignKeys": [composite]}},
    ]
    yield Package("wrong-foreign-key-composite", resources,
                  {"parents.csv": "x,y\n1,2\n2,1\n", "t.csv": "a,b\n1,2\n1,1\n"})


def descriptors():
    two = [field("integer", "id"), field("string")]
    several = {"name": "t", "type": "table", "path": ["a.csv", "b.csv"], "schema": {"fields": two}}
    yield Package("several-files", [several], {"a.csv": "id,v\n1,a\n", "b.csv": "id,v\n2,b\n"})
    yield table("wrong-type", [field("integr", "id"), field("string")], "id,v\n1,a\n")
    yield table("wrong-format", [field("integer", "id"), field("date", format="YYYY")], "id,v\n1,2024-01-01\n")
    yield table("wrong-duplicate-field", [field("integer", "id"), field("string", "id")], "id,id\n1,a\n")
    yield table("wrong-field-without-name", [field("integer", "id"), {"type": "string"}], "id,v\n1,a\n")
    yield table("wrong-bytes", two, "id,v\n1,a\n", bytes=7)
    yield table("bytes", two, "id,v\n1,a\n", bytes=9)
    yield table("hash", two, "id,v\n1,a\n", hash="md5:c4bb53c798f0512b655779661cb63b41")
    yield table("wrong-hash", two, "id,v\n1,a\n", hash="md5:00000000000000000000000000000000")
    missing = {"name": "t", "type": "table", "path": "none.csv", "schema": {"fields": two}}
    yield Package("wrong-missing-file", [missing], {})
    unsafe = {"name": "t", "type": "table", "path": "../t.csv", "schema": {"fields": two}}
    yield Package("wrong-unsafe-path", [unsafe], {})
