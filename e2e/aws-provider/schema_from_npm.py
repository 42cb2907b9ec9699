"""Makes a schema of the AWS provider from the npm package `@cdktf/provider-aws`.

    python schema_from_npm.py FILE [GIVEN]

For where no schema is given, or GIVEN lacks types: those come from the package, and the others from GIVEN. Prints the path of
the schema to serve, which is GIVEN where it lacks nothing. The package's code, generated from provider 6.25, names every argument with its type,
and whether it is required or computed; it does not say which optional ones are computed too: those stand in
`OPTIONAL_COMPUTED`. Read are the types that the stand-in carries out; the result is younger than none and older than 6.47.
"""

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from standin import data
from standin.resources import RESOURCES
from standin.schema import ADDRESS, load

PACKAGE = "@cdktf/provider-aws@21.22.1"

EVERYWHERE = {"id", "region", "tags_all"}
# By type; blocks of one kind are named by a dot.
OPTIONAL_COMPUTED = {
    "aws_acm_certificate": {"domain_name", "key_algorithm", "subject_alternative_names", "validation_method", "options.export"},
    "aws_apigatewayv2_api": {"ip_address_type"},
    "aws_apigatewayv2_domain_name": {
        "routing_mode",
        "domain_name_configuration.ip_address_type",
        "domain_name_configuration.ownership_verification_certificate_arn",
    },
    "aws_apigatewayv2_integration": {"timeout_milliseconds"},
    "aws_apigatewayv2_stage": {"deployment_id", "default_route_settings.logging_level", "route_settings.logging_level"},
    "aws_cloudfront_distribution": {
        "continuous_deployment_policy_id",
        "default_cache_behavior.default_ttl",
        "default_cache_behavior.forwarded_values.cookies.whitelisted_names",
        "default_cache_behavior.forwarded_values.headers",
        "default_cache_behavior.forwarded_values.query_string_cache_keys",
        "default_cache_behavior.grpc_config.enabled",
        "default_cache_behavior.max_ttl",
        "default_cache_behavior.trusted_key_groups",
        "default_cache_behavior.trusted_signers",
        "ordered_cache_behavior.default_ttl",
        "ordered_cache_behavior.forwarded_values.headers",
        "ordered_cache_behavior.forwarded_values.query_string_cache_keys",
        "ordered_cache_behavior.grpc_config.enabled",
        "ordered_cache_behavior.max_ttl",
        "origin.response_completion_timeout",
        "restrictions.geo_restriction.locations",
    },
    "aws_budgets_budget": {"account_id", "limit_amount", "limit_unit", "name", "name_prefix", "time_period_start"},
    "aws_cloudwatch_log_metric_filter": {"apply_on_transformed_logs"},
    "aws_cloudwatch_log_group": {"deletion_protection_enabled", "log_group_class", "name", "name_prefix"},
    "aws_cloudwatch_metric_alarm": {"evaluate_low_sample_count_percentiles"},
    "aws_iam_openid_connect_provider": {"thumbprint_list"},
    "aws_iam_policy": {"name", "name_prefix"},
    "aws_iam_role": {"managed_policy_arns", "name", "name_prefix"},
    "aws_iam_role_policy": {"name", "name_prefix"},
    "aws_lambda_function": {
        "architectures", "code_sha256", *(
            f"capacity_provider_config.lambda_managed_instances_capacity_provider_config.{name}"
            for name in ("execution_environment_memory_gib_per_vcpu", "per_execution_environment_max_concurrency")
        ), "source_code_hash", "ephemeral_storage.size", "logging_config.log_group",
    },
    "aws_lambda_permission": {"statement_id", "statement_id_prefix"},
    "aws_route53_record": {"allow_overwrite"},
    "aws_s3_bucket": {
        "acceleration_status", "acl", "bucket", "bucket_namespace", "bucket_prefix", "object_lock_enabled", "policy",
        "request_payer", "lifecycle_rule.id",
    },
    "aws_s3_bucket_lifecycle_configuration": {
        "expected_bucket_owner", "transition_default_minimum_object_size", "rule.prefix", "rule.expiration.days",
        "rule.expiration.expired_object_delete_marker", "rule.filter.object_size_greater_than",
        "rule.filter.object_size_less_than", "rule.filter.prefix", "rule.filter.and.object_size_greater_than",
        "rule.filter.and.object_size_less_than", "rule.filter.and.prefix", "rule.transition.days",
    },
    "aws_s3_object": {
        "acl", "bucket_key_enabled", "content_type", "etag", "kms_key_id", "server_side_encryption", "storage_class",
    },
    "aws_s3_bucket_server_side_encryption_configuration": {
        "rule.blocked_encryption_types", "rule.bucket_key_enabled",
        "rule.apply_server_side_encryption_by_default.kms_master_key_id",
    },
    "aws_s3_bucket_versioning": {"versioning_configuration.mfa_delete"},
    "aws_sns_topic": {"fifo_throughput_scope", "name", "name_prefix", "policy", "signature_version", "tracing_config"},
    "aws_sns_topic_subscription": {"filter_policy_scope"},
}

_SIMPLE = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
_GETTERS = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getListAttribute": ["list", "string"],
    "getNumberListAttribute": ["list", "number"],
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
}


class Source:
    """One type's generated code: index.js and index.d.ts."""

    def __init__(self, code, declarations, type_name):
        self.optional_computed = OPTIONAL_COMPUTED.get(type_name, set())
        self.everywhere = set() if type_name == "provider" else EVERYWHERE
        # Pieces by name: what is written (functions), what is read (classes), what is required (interfaces).
        self.written = dict(re.findall(r"^function (\w+)ToHclTerraform\(struct\) \{(.*?)^\}", code, re.M | re.S))
        self.classes = dict(re.findall(r"^class (\w+) extends [\w.]+ \{(.*?)^\}", code, re.M | re.S))
        self.interfaces = dict(
            re.findall(r"^export interface (\w+)(?: extends [\w.]+)? \{(.*?)^\}", declarations, re.M | re.S)
        )
        (self.root,) = re.findall(r"^class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider) ", code, re.M)

    def schema(self):
        body = self.classes[self.root]
        # `...ConfigA` where a block of the type already has the plain name.
        config = next(self.interfaces[n] for n in (self.root + "ConfigA", self.root + "Config") if n in self.interfaces)
        return {"version": 0, "block": self._block(body, body, config, "")}

    def _block(self, written, read, required, path):
        """`written`: what can be configured; `read`: the class; `required`: the interface."""
        attributes, blocks = {}, {}
        for name, value, is_block, kind, storage in re.findall(
            r"^ +(\w+): \{\s+value: (.*?),\s+isBlock: (\w+),\s+type: \"(\w+)\",\s+storageClassType: \"(\w+)\"", written, re.M | re.S
        ):
            if name == "alias" and not path and not self.everywhere:
                continue  # Terraform's own word in a provider block, not the provider's
            needed = not self._is_optional(required, name)
            if is_block == "true":
                blocks[name] = self._nested(value, kind, needed, f"{path}{name}.")
                continue
            flags = {"required": True} if needed else {"optional": True}
            if not needed and (path + name in self.optional_computed or (not path and name in self.everywhere)):
                flags["computed"] = True
            attributes[name] = {"type": self._type(kind, storage), **flags}
        for name, type_ in self._computed(read):
            # What a provider newer than the package takes as an argument too (`code_sha256`).
            flags = {"optional": True} if path + name in self.optional_computed else {}
            attributes[name] = {"type": type_, "computed": True, **flags}
        return {"attributes": attributes, "block_types": blocks}

    def _nested(self, value, kind, needed, path):
        struct = re.search(r"(\w+)ToHclTerraform", value).group(1)
        name = struct[0].upper() + struct[1:]
        many = "listMapper" in value
        block = self._block(self.written[struct], self.classes.get(name + "OutputReference", ""), self.interfaces[name], path)
        if kind not in ("list", "set"):
            return {"nesting_mode": "single", "block": block}
        limits = {"min_items": 1} if needed else {}
        if not many:
            limits["max_items"] = 1
        return {"nesting_mode": kind, "block": block, **limits}

    @staticmethod
    def _type(kind, storage):
        if kind == "simple":
            return _SIMPLE[storage]
        inner = _SIMPLE[storage.removesuffix("List").removesuffix("Map")]
        return [kind, inner]

    @staticmethod
    def _is_optional(interface, name):
        # `lexv2models` is `lexv2Models` there: capitals follow words, not underscores.
        found = re.search(rf"readonly {name.replace('_', '')}(\??):", interface, re.I)
        if not found:
            raise SystemExit(f"error: the package does not say whether `{name}` is required")
        return found.group(1) == "?"

    def _computed(self, read):
        """What only AWS says: (name, type), by the comment that stands before each."""
        for match in re.finditer(r"// (\w+) - computed: true, optional: false, required: false\n(?=((?:.*\n){2}))", read):
            yield match.group(1), self._read_type(match.group(2))

    def _read_type(self, following):
        made = re.match(r"\s*this\.\w+ = new (cdktf\.)?(\w+)\(this, \"\w+\"(?:, (\w+))?\)", following)
        if not made:
            type_ = _GETTERS[re.search(r"this\.(get\w+Attribute)\(", following).group(1)]
            return ["set", type_[1]] if "Fn.tolist" in following and isinstance(type_, list) else type_
        if made.group(1):
            return ["map", _SIMPLE[made.group(2).removesuffix("Map").lower()]]
        struct = made.group(2).removesuffix("List")
        fields = dict(self._computed(self.classes[struct + "OutputReference"]))
        return ["set" if made.group(3) == "true" else "list", ["object", fields]]


def folder(type_name, prefix=""):
    """Where the package keeps a type: aws_lambda_function -> lambda-function."""
    return prefix + type_name.removeprefix("aws_").replace("_", "-")


def wanted():
    """Where the package keeps what the stand-in carries out: {folder: (kind, type)}."""
    resources = {folder(t): ("resource_schemas", t) for t in RESOURCES}
    return resources | {folder(t, "data-aws-"): ("data_source_schemas", t) for t in data._SOURCES} | {"provider": ("provider", None)}


def lacking(schemas):
    """The part of `wanted` that is not among the schemas."""
    return {place: (kind, t) for place, (kind, t) in wanted().items() if not (schemas[kind] if t is None else t in schemas[kind])}


def downloaded(places):
    """The package's code, by folder and file."""
    files = {}
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=scratch, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(scratch).glob("*.tgz")
        with tarfile.open(archive) as tar:
            for member in tar:
                match = re.fullmatch(r"package/lib/([\w-]+)/(index\.js|index\.d\.ts)", member.name)
                if match and match.group(1) in places:
                    files[match.groups()] = tar.extractfile(member).read().decode()
    return files


def main(target, given=None):
    """The path of a schema with every type that the stand-in carries out."""
    schemas = load(given) if given else {"provider": {}, "resource_schemas": {}, "data_source_schemas": {}}
    missing = lacking(schemas)
    if not missing:
        return given
    newer = target.exists() and (given is None or target.stat().st_mtime > given.stat().st_mtime)
    if newer and not lacking(load(target)):
        return target
    print(f"schema: {PACKAGE} (npm, 37 MB) -> {target}", file=sys.stderr)
    files = downloaded(missing)
    for place, (kind, type_name) in missing.items():
        schema = Source(files[place, "index.js"], files[place, "index.d.ts"], type_name or place).schema()
        if type_name is None:
            schemas[kind] = schema
        else:
            schemas[kind][type_name] = schema
    unfinished = Path(str(target) + ".part")
    unfinished.write_text(json.dumps({"format_version": "1.0", "provider_schemas": {ADDRESS: schemas}}), encoding="utf-8")
    os.replace(unfinished, target)
    return target


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: schema_from_npm.py FILE [GIVEN]")
    print(main(*map(Path, sys.argv[1:])))
