"""What the schema does not say: rules.csv, a row for each rule. Where each type's rules stand in the provider is in sources.csv.

| rule | of the argument |
|---|---|
| `default` | the value, as JSON, where the configuration gives none; arguments of a block are named by a dot |
| `replaces` | a change makes a new object in place of the old one |
| `unknown` | a plan does not know it when one of the arguments or groups in `value` changes; other computed values keep theirs |
| `code`, `configuration` | groups: a change publishes a new version of a function |
| `reported` | AWS works it out, so the result may differ from the plan |
| `json` | text that is compared by its meaning |
| `spelling` | how the state spells it |
| `legal`, `range` | what is refused while the configuration is validated |
| `made before` | the object has its id before that request, and is tainted where it fails |
"""

import csv
import json
from collections import defaultdict
from pathlib import Path

FILE = Path(__file__).parent.parent / "rules.csv"
SOURCES = FILE.with_name("sources.csv")


def rows(path):
    """The rows of one of the two files, as dicts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _by_type(rule, value=None):
    """{type: {argument: value}}, or {type: {argument}} without a function for the value."""
    found = defaultdict(dict)
    for row in rows(FILE):
        if row["rule"] == rule:
            found[row["type"]][row["argument"]] = value(row["value"]) if value else None
    return {type_: arguments if value else set(arguments) for type_, arguments in found.items()}


JSON = _by_type("json")
DEFAULTS = _by_type("default", json.loads)
REPLACED_BY = _by_type("replaces")
AS_REPORTED = _by_type("reported")
LAMBDA_CODE = _by_type("code")["aws_lambda_function"]
LAMBDA_CONFIGURATION = _by_type("configuration")["aws_lambda_function"]
LEGAL = _by_type("legal", json.loads)
RANGES = _by_type("range", lambda text: [*map(int, text.split()), None][:2])
SPELLING = _by_type("spelling", str)


def _triggers(text):
    groups = {"code": LAMBDA_CODE, "configuration": LAMBDA_CONFIGURATION}
    return set().union(*(groups.get(word, {word}) for word in text.split()))


RECOMPUTED = _by_type("unknown", _triggers)


def spelt(type_name, values):
    """`values` as the state spells them."""
    for argument in SPELLING.get(type_name, ()):
        if isinstance(values.get(argument), str):
            values[argument] = values[argument].removesuffix(".").lower()


def refusals(type_name, block, config):
    """The values of `config` that the provider would refuse, as (attribute, sentence)."""
    found = [
        (name, f'Can\'t configure a value for "{name}": its value will be decided automatically')
        for name, attribute in block.get("attributes", {}).items()
        if config.get(name) is not None and not attribute.get("optional") and not attribute.get("required")
    ]
    for name, legal in LEGAL.get(type_name, {}).items():
        value = config.get(name)
        if isinstance(value, (str, int, float)) and value not in legal:
            expected = ", ".join(str(v) for v in sorted(legal))
            found.append((name, f"expected {name} to be one of [{expected}], got {value}"))
    for name, (low, high) in RANGES.get(type_name, {}).items():
        value = config.get(name)
        if isinstance(value, (int, float)) and (value < low or (high is not None and value > high)):
            limit = f"in the range ({low} - {high})" if high is not None else f"at least {low}"
            found.append((name, f"expected {name} to be {limit}, got {value}"))
    return found
