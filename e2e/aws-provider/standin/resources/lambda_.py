"""aws_lambda_function, aws_lambda_alias, aws_lambda_permission."""

import json

from .. import rules
from ..aws import PARTITION, Refused
from .request import first, found, given, once_made, retag, tags_of

_GONE = "ResourceNotFoundException"


def invoke_arn(arn):
    """How API Gateway names a function, a version or an alias."""
    region = arn.split(":")[3]
    return f"arn:{PARTITION}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"


class Function:
    @staticmethod
    def imported(id_):
        """Its name (function.go, resourceFunction, whose importer passes it through)."""
        return {"id": id_, "function_name": id_}

    def create(self, aws, plan):
        client = self._client(aws, plan)
        if found(client.get_function, _GONE, FunctionName=plan["function_name"]):
            raise Refused(f"ResourceConflictException: Function already exist: {plan['function_name']}")
        self._check_package(aws, plan)
        client.create_function(
            **self._configuration(plan),
            PackageType=plan["package_type"],
            Publish=plan["publish"],
            Code=self._code(plan),
            **given(Architectures=plan.get("architectures"), Tags=plan.get("tags_all") or None),
        )
        known = {"id": plan["function_name"]}
        with once_made(known):
            if self._reserved(plan) >= 0:
                self._reserve(client, plan)
        return known

    def read(self, aws, state):
        client = self._client(aws, state)
        name = state.get("function_name") or state["id"]
        answer = found(client.get_function, _GONE, FunctionName=name)
        if answer is None:
            return None
        configuration = answer["Configuration"]
        arn = configuration["FunctionArn"]
        newest = self._newest(client, name)
        signing = client.get_function_code_signing_config(FunctionName=name)
        version = newest["Version"] if newest else "$LATEST"
        environment = configuration.get("Environment", {}).get("Variables")
        observed = {
            "arn": arn,
            "architectures": configuration.get("Architectures"),
            "code_sha256": configuration["CodeSha256"],
            "code_signing_config_arn": signing.get("CodeSigningConfigArn", ""),
            "description": configuration.get("Description", ""),
            "environment": [{"variables": environment}] if environment else [],
            "function_name": configuration["FunctionName"],
            "handler": configuration.get("Handler"),
            "id": configuration["FunctionName"],
            "invoke_arn": invoke_arn(arn),
            "last_modified": configuration["LastModified"],
            "memory_size": configuration["MemorySize"],
            "package_type": configuration.get("PackageType", "Zip"),
            "qualified_arn": f"{arn}:{version}",
            "qualified_invoke_arn": invoke_arn(f"{arn}:{version}"),
            "reserved_concurrent_executions": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
            "response_streaming_invoke_arn": invoke_arn(arn).replace("2015-03-31", "2021-11-15").replace(
                "/invocations", "/response-streaming-invocations"
            ),
            "role": configuration["Role"],
            "runtime": configuration.get("Runtime"),
            "signing_job_arn": "",
            # Not AWS's to say; false after an import (function.go, resourceFunctionRead).
            "skip_destroy": bool(state.get("skip_destroy")),
            "signing_profile_version_arn": "",
            "source_code_size": configuration["CodeSize"],
            "timeout": configuration["Timeout"],
            "version": version,
            **tags_of(answer.get("Tags", {}), state),
        }
        # Never read from AWS: what was given, or nothing.
        observed["source_code_hash"] = state.get("source_code_hash") or ""
        return observed

    def update(self, aws, prior, plan, changed):
        client = self._client(aws, plan)
        name = plan["function_name"]
        # As resetNonRefreshableAttributes: where the code did not arrive, the next plan has it again.
        with once_made({argument: prior.get(argument) for argument in rules.LAMBDA_CODE - {"architectures", "code_sha256"}}):
            if changed & rules.LAMBDA_CONFIGURATION:
                client.update_function_configuration(FunctionName=name, **self._changed_configuration(prior, plan))
            if changed & rules.LAMBDA_CODE:
                self._check_package(aws, plan)
                architectures = plan.get("architectures") if "architectures" in changed else None
                client.update_function_code(FunctionName=name, **self._code(plan), **given(Architectures=architectures))
        if "reserved_concurrent_executions" in changed:
            self._reserve(client, plan)
        if "tags_all" in changed:
            retag(
                prior,
                plan,
                lambda tags: client.tag_resource(Resource=prior["arn"], Tags=tags),
                lambda names: client.untag_resource(Resource=prior["arn"], TagKeys=names),
            )
        if plan["publish"] and changed & (rules.LAMBDA_CODE | rules.LAMBDA_CONFIGURATION | {"publish"}):
            self._publish(client, plan)

    def delete(self, aws, state):
        found(self._client(aws, state).delete_function, _GONE, FunctionName=state["function_name"])

    @staticmethod
    def _client(aws, state):
        return aws.client("lambda", state.get("region"))

    @staticmethod
    def _configuration(plan):
        logging = first(plan.get("logging_config"))
        environment = first(plan.get("environment"))
        return given(
            FunctionName=plan["function_name"],
            Role=plan["role"],
            Handler=plan.get("handler"),
            Runtime=plan.get("runtime"),
            Description=plan.get("description") or "",
            MemorySize=int(plan["memory_size"]),
            Timeout=int(plan["timeout"]),
            Environment={"Variables": environment.get("variables") or {}} if environment else None,
            LoggingConfig=given(
                LogFormat=logging.get("log_format"),
                ApplicationLogLevel=logging.get("application_log_level"),
                SystemLogLevel=logging.get("system_log_level"),
                LogGroup=logging.get("log_group"),
            )
            if logging
            else None,
        )

    def _changed_configuration(self, prior, plan):
        """What differs and nothing else; an environment that is gone from the files is emptied (function.go, resourceFunctionUpdate)."""
        before, after = ({"Environment": {"Variables": {}}, **self._configuration(values)} for values in (prior, plan))
        return {name: value for name, value in after.items() if before.get(name) != value}

    @staticmethod
    def _code(plan):
        if plan.get("filename"):
            with open(plan["filename"], "rb") as file:
                return {"ZipFile": file.read()}
        if plan.get("s3_bucket"):
            return given(
                S3Bucket=plan["s3_bucket"], S3Key=plan["s3_key"], S3ObjectVersion=plan.get("s3_object_version")
            )
        raise Refused("InvalidParameterValueException: one of `filename` and `s3_bucket` must be given")

    def _check_package(self, aws, plan):
        """AWS takes a package only from a bucket of the function's region, and only one that is there."""
        if not plan.get("s3_bucket"):
            return
        s3 = aws.client("s3", plan.get("region"))
        home = s3.head_bucket(Bucket=plan["s3_bucket"])["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region")
        here = plan.get("region") or aws.region
        if home and home != here:
            raise Refused(
                "InvalidParameterValueException: Error occurred while GetObject. S3 Error Code: PermanentRedirect. "
                f"S3 Error Message: The bucket is in this region: {home}. Please use this region to retry the request"
            )
        if found(s3.head_object, "404", "NoSuchKey", Bucket=plan["s3_bucket"], Key=plan["s3_key"]) is None:
            raise Refused(
                "InvalidParameterValueException: Error occurred while GetObject. S3 Error Code: NoSuchKey. "
                f"S3 Error Message: The specified key does not exist ({plan['s3_bucket']}/{plan['s3_key']})"
            )

    @staticmethod
    def _reserved(plan):
        reserved = plan.get("reserved_concurrent_executions")
        return -1 if reserved is None else int(reserved)

    def _reserve(self, client, plan):
        reserved, name = self._reserved(plan), plan["function_name"]
        if reserved < 0:
            client.delete_function_concurrency(FunctionName=name)
        else:
            client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)

    def _publish(self, client, plan):
        """AWS makes no version where neither code nor configuration differs from the newest one; moto does after any update."""
        name = plan["function_name"]
        latest = client.get_function_configuration(FunctionName=name)
        newest = self._newest(client, name)
        if newest and _fingerprint(newest) == _fingerprint(latest):
            return newest["Version"]
        version = client.publish_version(FunctionName=name)["Version"]
        # As the provider, which waits until the version is there.
        client.get_function_configuration(FunctionName=name, Qualifier=version)
        return version

    @staticmethod
    def _newest(client, name):
        versions = []
        for page in client.get_paginator("list_versions_by_function").paginate(FunctionName=name):
            versions += [v for v in page["Versions"] if v["Version"] != "$LATEST"]
        return max(versions, key=lambda v: int(v["Version"]), default=None)


def _fingerprint(configuration):
    names = (
        "CodeSha256", "Description", "Handler", "MemorySize", "Role", "Runtime", "Timeout", "Architectures",
        "Environment", "LoggingConfig",
    )
    return {name: configuration.get(name) for name in names}


class Alias:
    @staticmethod
    def imported(id_):
        """FUNCTION/ALIAS (alias.go, resourceAliasImport)."""
        function, _, name = id_.partition("/")
        return {"id": id_, "function_name": function, "name": name}

    def create(self, aws, plan):
        client = aws.client("lambda", plan.get("region"))
        self._check_version(client, plan)
        name = {"FunctionName": plan["function_name"], "Name": plan["name"]}
        if found(client.get_alias, _GONE, **name):
            raise Refused(f"ResourceConflictException: Alias already exists: {plan['name']}")
        answer = client.create_alias(**name, **self._target(plan))
        return {"id": answer["AliasArn"]}

    def read(self, aws, state):
        client = aws.client("lambda", state.get("region"))
        answer = found(client.get_alias, _GONE, FunctionName=state["function_name"], Name=state["name"])
        if answer is None:
            return None
        weights = (answer.get("RoutingConfig") or {}).get("AdditionalVersionWeights")
        return {
            "arn": answer["AliasArn"],
            "id": answer["AliasArn"],
            "description": answer.get("Description", ""),
            "function_version": answer["FunctionVersion"],
            "invoke_arn": invoke_arn(answer["AliasArn"]),
            "routing_config": [{"additional_version_weights": weights}] if weights else [],
        }

    def update(self, aws, prior, plan, changed):
        client = aws.client("lambda", plan.get("region"))
        self._check_version(client, plan)
        client.update_alias(FunctionName=plan["function_name"], Name=plan["name"], **self._target(plan))

    def delete(self, aws, state):
        client = aws.client("lambda", state.get("region"))
        # A function takes its aliases with it: an alias that is gone already is as it should be (alias.go, resourceAliasDelete).
        found(client.delete_alias, _GONE, FunctionName=state["function_name"], Name=state["name"])

    @staticmethod
    def _target(plan):
        weights = first(plan.get("routing_config")).get("additional_version_weights") or {}
        return {
            "FunctionVersion": plan["function_version"],
            "Description": plan.get("description") or "",
            "RoutingConfig": {"AdditionalVersionWeights": weights},
        }

    @staticmethod
    def _check_version(client, plan):
        """AWS answers 404 for an alias to a version that does not exist."""
        arguments = {"FunctionName": plan["function_name"], "Qualifier": plan["function_version"]}
        if found(client.get_function, _GONE, **arguments) is None:
            raise Refused(
                f"ResourceNotFoundException: Function not found: {plan['function_name']}:{plan['function_version']}"
            )


class Permission:
    @staticmethod
    def imported(id_):
        """FUNCTION/STATEMENT or FUNCTION:QUALIFIER/STATEMENT (permission.go, resourcePermissionImport)."""
        target, _, statement = id_.partition("/")
        function, _, qualifier = target.partition(":")
        return {"id": statement, "function_name": function, "qualifier": qualifier, "statement_id": statement}

    def create(self, aws, plan):
        client = aws.client("lambda", plan.get("region"))
        target = self._target(plan)
        if plan.get("qualifier") and found(client.get_function, _GONE, **target) is None:
            raise Refused(
                f"ResourceNotFoundException: Cannot find alias or version: {plan['function_name']}:{plan['qualifier']}"
            )
        statement = plan.get("statement_id") or "terraform-stand-in"
        client.add_permission(
            **target,
            StatementId=statement,
            Action=plan["action"],
            Principal=plan["principal"],
            **given(SourceArn=plan.get("source_arn"), SourceAccount=plan.get("source_account")),
        )
        return {"id": statement, "statement_id": statement}

    def read(self, aws, state):
        client = aws.client("lambda", state.get("region"))
        answer = found(client.get_policy, _GONE, **self._target(state))
        if answer is None:
            return None
        statements = json.loads(answer["Policy"])["Statement"]
        statement = next((s for s in statements if s["Sid"] == state["statement_id"]), None)
        if statement is None or not self._is_of(statement, state.get("qualifier")):
            return None
        principal = statement["Principal"]
        condition = statement.get("Condition", {})
        source = condition.get("ArnLike") or condition.get("ArnEquals") or {}
        return {
            "id": statement["Sid"],
            "statement_id": statement["Sid"],
            "statement_id_prefix": "",
            "action": statement["Action"],
            "principal": principal if isinstance(principal, str) else principal.get("Service", principal.get("AWS")),
            "source_arn": next(iter(source.values()), None),
        }

    def update(self, aws, prior, plan, changed):
        raise Refused("no argument of a permission can be updated")

    def delete(self, aws, state):
        client = aws.client("lambda", state.get("region"))
        found(client.remove_permission, _GONE, **self._target(state), StatementId=state["statement_id"])

    @staticmethod
    def _target(state):
        return given(FunctionName=state["function_name"], Qualifier=state.get("qualifier") or None)

    @staticmethod
    def _is_of(statement, qualifier):
        """On AWS each qualifier has a policy of its own; moto keeps one for all."""
        resource = statement["Resource"]
        return resource.endswith(f":{qualifier}") if qualifier else resource.count(":") == 6


RESOURCES = {
    "aws_lambda_alias": Alias(),
    "aws_lambda_function": Function(),
    "aws_lambda_permission": Permission(),
}
