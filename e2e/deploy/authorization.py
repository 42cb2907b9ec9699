"""What AWS authorises each action on: authorization.csv, a row for each form of a resource.

`action` and `type` are the Service Authorization Reference's names; no type: the action is on `*` alone. `resource` is the
ARN that AWS compares with a policy's, `keys` the action's condition keys. `source` says where that stands: first a page of
the reference, then, where AWS was seen to compare another form than that page's, the text or the thread that says so.
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
# Names that may hold a slash, of all that stand in an ARN.
SLASHED = {"LogGroupName", "LogStreamName", "ObjectName", "RoleNameWithPath"}


class Row(NamedTuple):
    action: str
    type: str
    resource: str
    keys: frozenset
    sources: tuple

    @property
    def names(self):
        """The placeholders of the resource."""
        return set(PLACEHOLDER.findall(self.resource))

    def fill(self, names):
        """The resource with these names in the placeholders, or None where one is not given."""
        if not self.names <= names.keys():
            return None
        return PLACEHOLDER.sub(lambda found: names[found[1]], self.resource)

    def matches(self, resource):
        """Whether a resource has this row's form."""
        parts = PLACEHOLDER.split(self.resource)
        patterns = [re.escape(part) if number % 2 == 0 else "[^:]+" if part in SLASHED else "[^:/]+" for number, part in enumerate(parts)]
        return re.fullmatch("".join(patterns), resource) is not None


def read():
    """The table, as {action: [rows]}."""
    table = {}
    with open(Path(__file__).with_name("authorization.csv"), encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            row = Row(line["action"], line["type"], line["resource"], frozenset(line["keys"].split()), tuple(line["source"].split()))
            table.setdefault(row.action, []).append(row)
    return table


TABLE = read()
