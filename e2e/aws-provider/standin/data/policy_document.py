"""aws_iam_policy_document: statements -> the policy's JSON, in the real provider's own spelling.

Its habits: keys in a fixed order, two blanks of indentation, a list of one as a plain string, longer
lists in descending order (a condition's values as written), `<`, `>` and `&` escaped as Go does it,
`&{...}` for IAM's own variables. Left out: override_policy_documents and the deprecated *_json pair.
"""

import json
import zlib

VERSIONS = ("2008-10-17", "2012-10-17")


def read(_aws, config):
    """The rendered document."""
    for name in ("override_policy_documents", "override_json", "source_json"):
        if config.get(name):
            raise NotImplementedError(f"aws_iam_policy_document: `{name}` is not rendered by this stand-in")
    version = config.get("version") or "2012-10-17"
    if version not in VERSIONS:
        raise NotImplementedError(f'expected version to be one of {VERSIONS}, got "{version}"')
    document = {"Version": version}
    if config.get("policy_id"):
        document["Id"] = config["policy_id"]
    statements = []
    for source in config.get("source_policy_documents") or []:
        statements += json.loads(source).get("Statement", [])
    statements += [_statement(s, version) for s in config.get("statement") or []]
    _refuse_same_sid(statements)
    if statements:
        document["Statement"] = statements
    text = _go_json(document, indent=2)
    return {
        "json": text,
        "minified_json": _go_json(document, indent=None),
        "id": str(zlib.crc32(text.encode())),
        "version": version,
        "statement": [{**s, "effect": s.get("effect") or "Allow"} for s in config.get("statement") or []],
    }


def _refuse_same_sid(statements):
    sids = [s["Sid"] for s in statements if s.get("Sid")]
    for sid in sids:
        if sids.count(sid) > 1:
            raise NotImplementedError(f"duplicate Sid ({sid}). Remove the Sid or ensure the Sid is unique.")


def _statement(config, version):
    statement = {}
    if config.get("sid"):
        statement["Sid"] = config["sid"]
    statement["Effect"] = config.get("effect") or "Allow"
    for name, key in (("actions", "Action"), ("not_actions", "NotAction")):
        if config.get(name):
            statement[key] = _strings(config[name])
    for name, key in (("resources", "Resource"), ("not_resources", "NotResource")):
        if config.get(name):
            statement[key] = _strings([_variables(v, version) for v in config[name]])
    for name, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if config.get(name):
            statement[key] = _principals(config[name], version)
    if config.get("condition"):
        statement["Condition"] = _conditions(config["condition"], version)
    return statement


def _strings(values):
    values = sorted(values, reverse=True)
    return values[0] if len(values) == 1 else values


def _principals(blocks, version):
    merged = {}
    for block in blocks:
        merged.setdefault(block["type"], []).extend(_variables(v, version) for v in block["identifiers"])
    if merged == {"*": ["*"]}:
        return "*"
    return {kind: _strings(values) for kind, values in sorted(merged.items())}


def _conditions(blocks, version):
    merged = {}
    for block in blocks:
        values = [_variables(v, version) for v in block["values"]]
        merged.setdefault(block["test"], {}).setdefault(block["variable"], []).extend(values)
    return {
        test: {variable: values[0] if len(values) == 1 else values for variable, values in sorted(variables.items())}
        for test, variables in sorted(merged.items())
    }


def _variables(value, version):
    if "&{" in value and version == "2008-10-17":
        raise NotImplementedError(f'"{value}": policy variables need version 2012-10-17')
    return value.replace("&{", "${")


def _go_json(document, indent):
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(document, indent=indent, separators=separators, ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
