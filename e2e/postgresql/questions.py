"""Random requests: rows, groups, and what Coldpress has beyond PostgREST. Each is a URL and SQL."""

import random
from dataclasses import dataclass
from urllib.parse import quote

from filters import COMPARED, TYPES, Filters, Test, quoted
from samples import literal

CASTS = {
    "amount": "text", "day": "text", "flag": "text", "price": "text", "year": "text", "at": "date", "text": "varchar",
    "id": "text", "clock": "text", "data": "json text",
}
# What can be asked of a group, by the type of the column.
AGGREGATES = {
    "amount": ["sum", "avg", "min", "max", "count"], "price": ["sum", "avg", "min", "max", "count"],
    "year": ["sum", "avg", "min", "max"], "text": ["min", "max", "count"], "day": ["min", "max", "count"],
    "clock": ["min", "max"], "at": ["min", "max", "count"], "tags": ["min", "max", "count"], "flag": ["count"],
    "data": ["count"],
}


@dataclass
class Question:
    parameters: dict
    sql: str
    # The type of each column of the answer.
    columns: dict
    # The listed differences that the answer may show.
    kinds: set

    @property
    def url(self):
        pairs = (f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.parameters.items())
        return "/samples?" + "&".join(pairs)


class Questions:
    def __init__(self, seed):
        self.chance = random.Random(f"questions {seed}")
        self.filters = Filters(self.chance)
        self.often = self.filters.often

    def direction(self):
        """The direction of an order, in a URL and in SQL."""
        way, nulls = self.chance.choice(["", "asc", "desc"]), self.chance.choice(["", "", "first", "last"])
        url = (f".{way}" if way else "") + (f".nulls{nulls}" if nulls else "")
        return url, f" {way}" + (f" NULLS {nulls}" if nulls else "")

    def page(self, parameters):
        """Adds `limit` and `offset`, and returns LIMIT and OFFSET."""
        if not self.often(0.3):
            return ""
        limit, offset = self.chance.randint(0, 30), self.chance.choice([0, 0, 5, 40])
        parameters["limit"] = str(limit)
        if offset:
            parameters["offset"] = str(offset)
        return f" LIMIT {limit} OFFSET {offset}"

    def shown(self, most, grouped=True):
        """Scalars under names of their own: (URL, SQL, type) by name."""
        items = {}
        for number in range(self.chance.randint(1, most)):
            name, sql, of = self.filters.scalar()
            alias = f"c{number}"
            # Of JSON, the text is another (kind `json-text`), and so would be its groups.
            if name in CASTS and self.often(0.2) and not (grouped and name == "data"):
                of = CASTS[name]
                if name == "price" and not grouped and self.often(0.3):
                    of = "rounded"
                cast = {"json text": "text", "rounded": "int8"}.get(of, of)
                items[alias] = (f"{alias}:{name}::{cast}", f"{sql}::{cast}", of, None)
            else:
                items[alias] = (f"{alias}:{name}", sql, of, name)
        return items

    def rows(self):
        parameters, where, kinds = self.filters.where()
        items = self.shown(4, grouped=False)
        items = {"id": ("id", "id", "bigint", "id")} | items
        parameters["select"] = ",".join(url for url, *_ in items.values())
        order = []
        if self.often(0.7):
            terms = {}
            for _ in range(self.chance.randint(1, 3)):
                name, sql, _ = self.filters.scalar()
                url, meant = self.direction()
                terms.setdefault(name, (name + url, sql + meant))
            parameters["order"] = ",".join(url for url, _ in terms.values())
            order = [sql for _, sql in terms.values()]
        columns = ", ".join(f"{sql} AS {alias}" for alias, (_, sql, *_) in items.items())
        sql = f"SELECT {columns} FROM samples{where} ORDER BY {', '.join(order + ['id'])}"
        # The cast of a row beside the page may fail, in either.
        if all(of != "rounded" for _, _, of, _ in items.values()):
            sql += self.page(parameters)
        return Question(parameters, sql, {alias: of for alias, (_, _, of, _) in items.items()}, kinds)

    def aggregates(self, distinct):
        """(URL, SQL, type) by name."""
        items = {}
        for number in range(self.chance.randint(1, 3)):
            alias = f"a{number}"
            if self.often(0.2):
                items[alias] = (f"{alias}:count()", "count(*)", "bigint")
                continue
            name = self.chance.choice(list(AGGREGATES))
            function = self.chance.choice(AGGREGATES[name])
            if distinct and self.often(0.4):
                items[alias] = (f"{alias}:{name}.count(distinct)", f"count(DISTINCT {name})", "bigint")
                continue
            of = {"count": "bigint", "sum": "numeric", "avg": "average"}.get(function, TYPES[name])
            if name == "price" and function in ("sum", "avg"):
                of = "double sum"
            items[alias] = (f"{alias}:{name}.{function}()", f"{function}({name})", of)
        return items

    def groups(self, extended=False):
        parameters, where, kinds = self.filters.where()
        groups = self.shown(2) if self.often(0.8) else {}
        aggregates = self.aggregates(extended)
        urls = [url for url, *_ in groups.values()] + [url for url, *_ in aggregates.values()]
        self.chance.shuffle(urls)
        parameters["select"] = ",".join(urls)
        columns = {alias: (sql, of) for alias, (_, sql, of, *_) in (groups | aggregates).items()}
        having = ""
        if extended and self.often(0.6):
            compared = {alias: of for alias, (_, _, of) in aggregates.items() if of in ("bigint", "numeric")}
            if compared:
                word, url, condition, _ = self.filters.tree(lambda: self.group_test(columns, compared))
                parameters["having"] = url if word == "and" else f"(or{url})"
                having = f" HAVING {condition}"
        # Without an order, groups come in the order of what they are grouped by, as in `select`.
        first = [alias for alias in (url.split(":")[0] for url in urls) if alias in groups]
        order = [columns[alias][0] for alias in first]
        if extended and self.often(0.5):
            alias = self.chance.choice(list(aggregates))
            if aggregates[alias][2] != "double sum":
                url, meant = self.direction()
                parameters["order"] = alias + url
                order.insert(0, columns[alias][0] + meant)
        grouped = f" GROUP BY {', '.join(columns[alias][0] for alias in groups)}" if groups else ""
        shown = ", ".join(f"{sql} AS {alias}" for alias, (sql, _) in columns.items())
        ordered = f" ORDER BY {', '.join(order)}" if order else ""
        sql = f"SELECT {shown} FROM samples{where}{grouped}{having}{ordered}{self.page(parameters)}"
        return Question(parameters, sql, {alias: of for alias, (_, of) in columns.items()}, kinds)

    def group_test(self, columns, compared):
        alias, operator = self.chance.choice(list(compared)), self.chance.choice(list(COMPARED))
        value = str(self.chance.choice([0, 1, 2, 5, 10, 100]))
        not_ = "not." if self.often(0.2) else ""
        sql = f"{columns[alias][0]} {COMPARED[operator]} {value}"
        return Test("", f"{alias}.{not_}{operator}.{quoted(value)}", f"NOT ({sql})" if not_ else sql)

    def distinct(self):
        parameters, where, kinds = self.filters.where()
        items = self.shown(3)
        parameters["select"] = ",".join(url for url, *_ in items.values())
        parameters["distinct"] = "true"
        order = [sql for _, sql, *_ in items.values()]
        plain = [(name, sql) for _, sql, _, name in items.values() if name]
        if plain and self.often(0.4):
            name, sql = self.chance.choice(plain)
            url, meant = self.direction()
            parameters["order"] = name + url
            order.insert(0, sql + meant)
        columns = ", ".join(f"{sql} AS {alias}" for alias, (_, sql, *_) in items.items())
        grouped = ", ".join(sql for _, sql, *_ in items.values())
        # DISTINCT, whose order may have NULLS FIRST.
        sql = f"SELECT {columns} FROM samples{where} GROUP BY {grouped} ORDER BY {', '.join(order)}{self.page(parameters)}"
        return Question(parameters, sql, {alias: of for alias, (_, _, of, _) in items.items()}, kinds)

    def ordinary(self):
        return self.rows() if self.often(0.7) else self.groups()

    def extended(self):
        return self.distinct() if self.often(0.4) else self.groups(extended=True)
