"""Writes a dataset of one table: ``python table.py ROWS DATASETS``.

A row's values follow from its number, so that a consumer can prove that it has the right ones: `id` counts
from 1, `amount` is a quarter of it, and `name` has a comma or a letter that is not ASCII in some rows.
"""

import json
import pathlib
import sys

rows, datasets = int(sys.argv[1]), pathlib.Path(sys.argv[2])
package = datasets / "big"
package.mkdir(parents=True)
fields = [("id", "integer"), ("name", "string"), ("amount", "number")]
(package / "datapackage.json").write_text(json.dumps({
    "name": "big",
    "resources": [{
        "name": "big",
        "path": "big.csv",
        "schema": {"primaryKey": "id", "fields": [{"name": name, "type": kind} for name, kind in fields]},
    }],
}))


def name(number):
    return {0: '"row, %d"', 1: "Straße %d"}.get(number % 7, "row %d") % number


def amount(number):
    return f"{number / 4:.2f}".rstrip("0").rstrip(".")


lines = (f"{number},{name(number)},{amount(number)}" for number in range(1, rows + 1))
# As the reader writes it, so that downloads can be compared byte by byte: no line end behind the last row.
(package / "big.csv").write_text("id,name,amount\n" + "\n".join(lines), encoding="utf-8")
