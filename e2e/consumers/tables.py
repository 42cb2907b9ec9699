"""Libraries that read a table from its URL: ``python tables.py URL ROWS``. Each must have all rows, with the
right sums, whichever way it reads."""

import datetime
import io
import json
import sys
import urllib.request

import duckdb
import fsspec
import pandas
import polars
import pyarrow.csv
import pyarrow.json
from fsspec.implementations.http import HTTPFileSystem
from postgrest import SyncPostgrestClient

url, rows = sys.argv[1], int(sys.argv[2])
csv, lines, array = (f"{url}/big.{form}" for form in ("csv", "ndjson", "json"))
ids = rows * (rows + 1) // 2
failures = 0


def check(name, read):
    """`read` gives the number of rows, the sum of `id` and the sum of `amount`."""
    global failures
    try:
        found = tuple(read())
    except Exception as error:  # whatever a library raises is its answer
        found = f"{type(error).__name__}: {error}"
    if found != (rows, ids, ids / 4):
        failures += 1
        print(f"FAILED {name}\n  found    {found}\n  expected {(rows, ids, ids / 4)}", file=sys.stderr)


def of_pandas(table):
    return len(table), int(table["id"].sum()), float(table["amount"].sum())


def of_polars(table):
    return table.height, table["id"].sum(), table["amount"].cast(polars.Float64).sum()


def of_arrow(table):
    return of_pandas(table.to_pandas())


def of_duckdb(source):
    return duckdb.sql(f"SELECT count(*), sum(id)::BIGINT, sum(amount)::DOUBLE FROM {source}").fetchall()[0]


def download(address):
    return io.BytesIO(urllib.request.urlopen(address).read())


def paged():
    """All pages of postgrest-py, a range at a time."""
    client, table = SyncPostgrestClient(url), []
    while True:
        page = client.table("big").select("*").range(len(table), len(table) + 999).execute().data
        table += page
        if len(page) < 1000:
            return len(table), sum(row["id"] for row in table), sum(row["amount"] for row in table)


check("pandas read_csv", lambda: of_pandas(pandas.read_csv(csv)))
check("pandas read_json of lines", lambda: of_pandas(pandas.read_json(lines, lines=True)))
check("pandas read_json", lambda: of_pandas(pandas.read_json(array)))
check("pandas read_csv in chunks",
      lambda: of_pandas(pandas.concat(pandas.read_csv(csv, chunksize=10_000))))
check("pandas read_csv with pyarrow", lambda: of_pandas(pandas.read_csv(csv, engine="pyarrow")))
check("polars read_csv", lambda: of_polars(polars.read_csv(csv)))
check("polars scan_csv", lambda: of_polars(polars.scan_csv(csv).collect()))
check("polars scan_csv of two columns", lambda: of_polars(polars.scan_csv(csv).select("id", "amount").collect()))
check("polars scan_ndjson", lambda: of_polars(polars.scan_ndjson(lines).collect()))
check("polars read_json", lambda: of_polars(polars.read_json(download(array))))
check("pyarrow csv", lambda: of_arrow(pyarrow.csv.read_csv(download(csv))))
check("pyarrow json", lambda: of_arrow(pyarrow.json.read_json(download(lines))))
check("pyarrow csv through fsspec", lambda: of_arrow(pyarrow.csv.read_csv(fsspec.open(csv).open())))


class Http(HTTPFileSystem):
    """fsspec's own, with what DuckDB asks of every file system."""

    def modified(self, path):
        return datetime.datetime.fromtimestamp(0, datetime.UTC)


# DuckDB's httpfs is a download of its own; its wheel reads ranges through fsspec.
duckdb.register_filesystem(Http())
check("duckdb read_csv", lambda: of_duckdb(f"read_csv('{csv}')"))
check("duckdb read_json", lambda: of_duckdb(f"read_json('{lines}', format = 'newline_delimited')"))
check("json of the standard library",
      lambda: of_pandas(pandas.DataFrame(json.load(urllib.request.urlopen(array)))))
check("postgrest-py by ranges", paged)

filtered = f"{csv}?id=gt.{rows // 2}&order=amount.desc"
half = rows - rows // 2
for name, read in [("pandas", lambda: len(pandas.read_csv(filtered))), ("polars", lambda: polars.scan_csv(filtered).collect().height)]:
    if (found := read()) != half:
        failures += 1
        print(f"FAILED {name}, filtered and ordered: {found} of {half} rows", file=sys.stderr)

print(f"consumers: {failures} libraries had other rows" if failures else f"consumers: every library has all {rows} rows")
sys.exit(failures > 0)
