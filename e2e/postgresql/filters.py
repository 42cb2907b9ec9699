"""Random filters, each as it is in a URL and, independently of the reader, as the SQL that it means."""

import json
from dataclasses import dataclass, field

import searches
from samples import COLUMNS, SEARCHED, VALUES, literal

TYPES = {name: of for name, _, of in COLUMNS}
COMPARED = {"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "isdistinct": "IS DISTINCT FROM"}
PATTERNS = [
    "^a", "a$", "^.$", "^..$", ".b", "[a-c]", "[^a]", r"^\w$", r"^\w+$", r"\d", r"\D", r"\s", r"^\S+$", r"\W", "[[:alpha:]]",
    "^[[:upper:]]", "[[:lower:]]$", "[[:punct:]]", "[[:digit:]]", "^[^[:alpha:]]$", "a|é", "(a|b)+", "^(a b)?$", "x{1,2}",
    r"\\", "^$", r"\.", "é", "s", "k", "i", "σ", "ß", "[é-ü]", "e.d", "日.", "^[[:space:]]$",
]
LIKES = [
    "*", "a*", "*a", "*a*", "_", "__", "%", "5%", "5\\%*", "*\\_*", "é", "É", "i", "İ", "ss", "ß", "*\\**", "a b", "_\u0301",
    "σ*", "S",
]
# What is no value of the type.
WRONG = {
    "id": ["x", "1.5", "99999999999999999999", ""], "amount": ["9223372036854775808", "1e3", "0.0"], "price": ["abc", "1e999", "1,5"],
    "flag": ["maybe", "2", ""], "day": ["2024-02-30", "x", "2023-02-29", ""], "clock": ["25:00:00", "noon", "12:60:00"],
    "at": ["x", "2024-13-01T00:00:00Z", "2024-01-01T25:00:00Z"], "year": ["MMXXIV"], "tags": ["{a", "a"], "data": ['{"a":', "x", ""],
}
# Letters that Unicode's case folding makes the same as a third one.
FOLDED = set("skσςΣſSKß\u212a")


@dataclass
class Test:
    """A condition: `alone` behind `column=`, `nested` in a tree. `kinds` are the listed differences that it may show."""

    alone: str
    nested: str
    sql: str
    kinds: set = field(default_factory=set)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def array(elements):
    """An array as PostgreSQL writes it."""
    return "{" + ",".join("NULL" if element is None else quoted(element) for element in elements) + "}"


class Filters:
    """`chance` is a random.Random."""

    def __init__(self, chance):
        self.chance = chance

    def often(self, share):
        return self.chance.random() < share

    def scalar(self):
        """A column, or a part of one: in a URL, in SQL, and its type there."""
        name = self.chance.choice(list(TYPES))
        if name == "data" and self.often(0.6):
            key = self.chance.choice(["a", "b", "k", "none"])
            if self.often(0.5):
                return f"data->>{key}", f"(data->>{literal(key)})", "text"
            return f"data->{key}", f"(data->{literal(key)})", "jsonb"
        return name, name, TYPES[name]

    def operand(self, name):
        """A text that may be a value of the scalar."""
        if name in WRONG and self.often(0.01):
            return self.chance.choice(WRONG[name])
        if "->>" in name:
            return self.chance.choice(["1", "x", "true", "é", '{"b": true}', "10", ""])
        if "->" in name:
            return self.chance.choice(["1", '"x"', "true", "[1, 2]", "{}", "null", "9", '{"b": true}'])
        if name == "id":
            return str(self.chance.randint(-1, 250))
        value = self.chance.choice(VALUES[name])
        if name == "tags":
            return array(value.split(",") if self.often(0.9) else [])
        if name == "data":
            return json.dumps(value, ensure_ascii=False)
        return {"INF": "Infinity", "-INF": "-Infinity"}.get(value, value) if name == "price" else value

    def test(self):
        """A column, and a test of it."""
        name, sql, of = self.scalar()
        families = [self.compare] * 4 + [self.truth, self.listed]
        if of == "text":
            families += [self.like, self.likes, self.match]
        if of not in ("text[]", "jsonb"):
            families.append(self.quantified)
        if name in ("tags", "data"):
            families += [self.contain] * 2
        if name == SEARCHED:
            families = [self.search] * 9 + [self.truth]
        test = self.chance.choice(families)(name, sql, of)
        if self.often(0.2):
            test = Test(f"not.{test.alone}", f"not.{test.nested}", f"NOT ({test.sql})", test.kinds)
        return name, Test(test.alone, f"{name}.{test.nested}", test.sql, test.kinds)

    def compare(self, name, sql, of):
        operator, value = self.chance.choice(list(COMPARED)), self.operand(name)
        nested = value if of == "text[]" else quoted(value)
        kinds = {"json-text"} if "->>" in name and value[:1] == "{" else set()
        sql = f"{sql} {COMPARED[operator]} {literal(value)}::{of}"
        return Test(f"{operator}.{value}", f"{operator}.{nested}", sql, kinds)

    def truth(self, _, sql, of):
        word = self.chance.choice(["null", "not_null"] + ["true", "false", "unknown"] * (of == "boolean"))
        return Test(f"is.{word}", f"is.{word}", f"{sql} IS {word.replace('_', ' ')}")

    def listed(self, name, sql, of):
        values = [self.operand(name) for _ in range(self.chance.randint(1, 4))]
        url = "in.(" + ",".join(map(quoted, values)) + ")"
        meant = ", ".join(f"{literal(value)}::{of}" for value in values)
        kinds = {"json-text"} if "->>" in name and '{"b": true}' in values else set()
        # `("")` is the empty list, as in PostgREST.
        return Test(url, url, "false" if values == [""] else f"{sql} IN ({meant})", kinds)

    def quantified(self, name, sql, of):
        operator = self.chance.choice(["eq", "gt", "gte", "lt", "lte"])
        word = self.chance.choice(["any", "all"])
        values = [None if self.often(0.05) else self.operand(name) for _ in range(self.chance.randint(1, 3))]
        # Braces end an array in a tree.
        values = [value for value in values if value is None or not set("{}") & set(value)]
        url = f"{operator}({word}).{array(values)}"
        return Test(url, url, f"{sql} {COMPARED[operator]} {word} ({literal(array(values))}::{of}[])")

    def like(self, _, sql, of):
        operator, pattern = self.chance.choice(["like", "ilike"]), self.chance.choice(LIKES)
        meant = literal(pattern.replace("*", "%"))
        return Test(f"{operator}.{pattern}", f"{operator}.{quoted(pattern)}", f"{sql} {operator} {meant}")

    def likes(self, _, sql, of):
        operator, word = self.chance.choice(["like", "ilike"]), self.chance.choice(["any", "all"])
        patterns = self.chance.sample(LIKES, self.chance.randint(1, 3))
        url = f"{operator}({word}).{array(patterns)}"
        meant = literal(array([pattern.replace("*", "%") for pattern in patterns]))
        return Test(url, url, f"{sql} {operator} {word} ({meant}::text[])")

    def match(self, _, sql, of):
        operator, pattern = self.chance.choice(["match", "imatch"]), self.chance.choice(PATTERNS)
        kinds = {"case-folding"} if operator == "imatch" and FOLDED & set(pattern) else set()
        # Its text has spaces in PostgreSQL.
        kinds |= {"json-text"} if sql != "text" else set()
        meant = f"{sql} {'~' if operator == 'match' else '~*'} {literal(pattern)}"
        return Test(f"{operator}.{pattern}", f"{operator}.{quoted(pattern)}", meant, kinds)

    def contain(self, name, sql, of):
        operators = {"cs": "@>", "cd": "<@"} | ({"ov": "&&"} if of == "text[]" else {})
        operator, value = self.chance.choice(list(operators)), self.operand(name)
        nested = value if of == "text[]" else quoted(value)
        return Test(f"{operator}.{value}", f"{operator}.{nested}", f"{sql} {operators[operator]} {literal(value)}::{of}")

    def search(self, _, sql, __):
        operator = self.chance.choice(list(searches.FUNCTIONS))
        text, kinds = searches.operand(self.chance, operator)
        meant = f"to_tsvector('english', {sql}) @@ {searches.FUNCTIONS[operator]}('english', {literal(text)})"
        operator += self.chance.choice(["", "(english)"])
        return Test(f"{operator}.{text}", f"{operator}.{quoted(text)}", meant, kinds)

    def tree(self, branch, depth=0):
        """Branches of `and` or `or`, made by `branch`: the word, the URL's and SQL's spelling, the kinds."""
        word = self.chance.choice(["and", "or"])
        urls, sqls, kinds = [], [], set()
        for _ in range(self.chance.randint(1, 3)):
            if depth < 2 and self.often(0.25):
                inner, url, sql, more = self.tree(branch, depth + 1)
                negated = self.often(0.3)
                urls.append(("not." if negated else "") + inner + url)
                sqls.append(f"NOT ({sql})" if negated else f"({sql})")
            else:
                test = branch()
                urls.append(test.nested)
                sqls.append(f"({test.sql})")
                more = test.kinds
            kinds |= more
        return word, "(" + ",".join(urls) + ")", f" {word} ".join(sqls), kinds

    def where(self):
        """The parameters of some filters, WHERE, and the kinds."""
        parameters, conditions, kinds = {}, [], set()
        for _ in range(self.chance.choice([0, 1, 1, 1, 2])):
            name, test = self.test()
            if name not in parameters:
                parameters[name] = test.alone
                conditions.append(f"({test.sql})")
                kinds |= test.kinds
        if self.often(0.35):
            word, url, sql, more = self.tree(lambda: self.test()[1])
            parameters[word] = url
            conditions.append(f"({sql})")
            kinds |= more
        return parameters, f" WHERE {' AND '.join(conditions)}" if conditions else "", kinds
