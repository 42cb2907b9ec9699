"""What schemathesis is to find beside its own checks; SCHEMATHESIS_HOOKS names this file.

Its own `positive_data_acceptance` wants every request that fits the document accepted. That can't be
said of a grammar by patterns: a cursor is opaque, a regular expression may be none, a date may be in
no calendar. So a request that fits may be refused, but for such reasons alone.
"""

import schemathesis

# The code of an error, with what no pattern says.
UNSAID = {
    "2201B": "an invalid regular expression",
    "22003": "a number beyond 64 bits",
    "22007": "an invalid date",
    "22008": "a date that no calendar has",
    "22025": "a pattern that ends with its escape",
    "42601": "a search that `fts` can't read",
    "CP011": "a regular expression that is too large",
    "CP020": "a cursor that nobody was given",
}


@schemathesis.check
def refused_for_what_no_pattern_says(ctx, response, case):
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    error = response.json()
    if error["code"] == "PGRST100" and "failed to parse logic tree" in error["message"]:
        return  # `and` and `or` hold a grammar, of which the document says the parentheses
    if error["code"] == "CP022" and ("no such date" in (error["details"] or "") or "in the future" in error["message"]):
        return  # of times, the document says the form
    if error["code"] not in UNSAID:
        raise AssertionError(f"fits the document, and is refused: {error['code']}: {error['message']}")
