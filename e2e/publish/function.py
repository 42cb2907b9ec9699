"""What moto lacks: a version's own package, run by the test double of Lambda (e2e/src).

`patched` also makes moto's Lambda as strict as AWS, where it is laxer and a release could tell the difference; test_strict.py
lists where, and what is left.
"""

import contextlib
import copy
import http.client
import json
import os
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import moto.awslambda.models as models
import moto.awslambda.responses as responses
import pytest
from moto.awslambda.exceptions import LambdaClientError, PreconditionFailedException

DOUBLE = os.environ["COLDPRESS_DOUBLE"]


def serve(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Process:
    """A version behind a gateway of its own at `url`; `process(event)` invokes it past that."""

    def __init__(self, function):
        self.directory = tempfile.TemporaryDirectory()
        package = Path(self.directory.name) / "package.zip"
        package.write_bytes(function.code_bytes)
        settings = ["--timeout", str(function.timeout), "--memory", str(function.memory_size)]
        for name, value in function.environment_vars.items():
            settings += ["--environment", f"{name}={value}"]
        command = [DOUBLE, package, "--invoke", "127.0.0.1:0", *settings]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url, self.invoke_url = (self.process.stdout.readline().strip() for _ in range(2))

    def __call__(self, event):
        api = http.client.HTTPConnection(urlsplit(self.invoke_url).netloc, timeout=60)
        try:
            api.request("POST", "/2015-03-31/functions/version/invocations", event)
            answer = api.getresponse()
            return answer.getheader("x-amz-function-error") is None, answer.read()
        finally:
            api.close()

    def end(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()
        self.directory.cleanup()


class Packages:
    """The versions that were asked for so far, each running. `front` loses the answers of those numbers in `broken`; `most_memory`
    is what the account may give a function."""

    def __init__(self):
        self.processes, self.starting, self.broken, self.most_memory = {}, threading.Lock(), (), 10240

    def of(self, function):
        key = (function.function_arn, function.code_sha_256)
        with self.starting:
            if key not in self.processes:
                self.processes[key] = Process(function)
            return self.processes[key]

    def invoke(self, function, event):
        return self.of(function)(event)

    def end(self):
        for process in self.processes.values():
            process.end()


class InUse(LambdaClientError):
    code = 409

    def __init__(self, aliases):
        names = ", ".join(aliases)
        super().__init__(
            "ResourceConflictException", f"Unable to delete version because the following aliases reference it: [{names}]"
        )


class OtherCode(LambdaClientError):
    code = 400

    def __init__(self, found):
        super().__init__(
            "InvalidParameterValueException", f"CodeSHA256 does not match current version's CodeSHA256: {found}"
        )


class Refused(LambdaClientError):
    code = 400


def refuse_settings(asked, most_memory):
    """In AWS's words: of an account whose quota was never raised (ubc-cirrus-lab/parrotfish, issue 38), and of an environment that
    is too large (github-aws-runners/terraform-aws-github-runner, issue 3594), as LocalStack measures it."""
    if asked.get("MemorySize", 0) > most_memory:
        raise Refused(
            "ValidationException",
            f"'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to {most_memory}",
        )
    measured = json.dumps(asked.get("Environment", {}).get("Variables", {}), separators=(",", ":"))
    if len(measured.encode()) > 4096:
        raise Refused(
            "InvalidParameterValueException",
            "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded "
            f"the 4KB limit. String measured: {measured}",
        )


def published(function):
    """What makes a version another one than the version before it."""
    known = function.get_configuration()
    names = ("CodeSha256", "Description", "Environment", "Handler", "LoggingConfig", "MemorySize", "Role", "Runtime", "Timeout")
    return [known.get(name) for name in names]


def publish_version(storage, name_or_arn, description=""):
    """Lambda makes no version of what is published already, and never gives a number twice; moto counts each update as a change, and
    the versions that are there."""
    latest = storage.get_function_by_name_or_arn_forbid_qualifier(name_or_arn)
    entry = storage._functions[latest.function_name]
    newest = entry["versions"][-1] if entry["versions"] else None
    if newest and published(newest) == published(latest):
        return newest
    entry["number"] = entry.get("number", 0) + 1
    version = copy.copy(latest)
    version.set_version(entry["number"])
    if description:
        version.description = description
    entry["versions"].append(version)
    storage._arns[version.function_arn] = version
    return version


def holders(storage, name, qualifier):
    """The aliases that point to a version, or give it a share."""
    found = []
    for alias in storage.list_aliases(name):
        weights = (alias.routing_config or {}).get("AdditionalVersionWeights") or {}
        if qualifier == alias.function_version or qualifier in weights:
            found.append(alias.name)
    return found


def refuse_other_revision(api, backend, function_name, qualifier):
    """UpdateAlias takes the RevisionId that the caller saw last."""
    told = json.loads(api.body or b"{}").get("RevisionId")
    if told and told != backend.get_alias(qualifier, function_name).revision_id:
        raise PreconditionFailedException(
            "The RevisionId provided does not match the latest RevisionId. Call the GetAlias API to retrieve the latest "
            "RevisionId for your resource."
        )


@contextlib.contextmanager
def patched(packages):
    """moto's Lambda with running packages and AWS's refusals."""
    backend, storage, api = models.LambdaBackend, models.LambdaStorage, responses.LambdaResponse
    delete, delete_alias = storage.del_function, backend.delete_alias
    update_alias, update, publish, run = api.update_alias, models.LambdaAlias.update, api.publish_version, api.invoke
    create, configure = backend.create_function, backend.update_function_configuration

    def invoke(backend, function_name, qualifier, body, headers, response_headers):
        ok, answer = packages.invoke(backend.get_function(function_name, qualifier), body.encode())
        if not ok:
            response_headers["x-amz-function-error"] = "Unhandled"
        return answer

    def invoke_qualified(api):
        # moto looks for `qualifier`, where the API says `Qualifier`, and would run $LATEST.
        api.querystring["qualifier"] = api.querystring.get("Qualifier", [None])
        return run(api)

    def delete_unless_held(storage, name_or_arn, qualifier=None):
        if qualifier and (aliases := holders(storage, name_or_arn, qualifier)):
            raise InUse(aliases)
        return delete(storage, name_or_arn, qualifier)

    def delete_alias_with_its_policy(backend, name, function_name):
        policy = backend.get_function(function_name).policy
        policy.statements = [s for s in policy.statements if not s["Resource"].endswith(f":{name}")]
        return delete_alias(backend, name, function_name)

    def update_alias_of_revision(api):
        _, _, function_name, _, name = api.path.rsplit("/", 4)
        refuse_other_revision(api, api.backend, function_name, name)
        return update_alias(api)

    def update_with_revision(alias, *arguments):
        update(alias, *arguments)
        alias.revision_id = str(models.random.uuid4())

    def publish_that_code(api):
        told = json.loads(api.body or b"{}").get("CodeSha256")
        found = api.backend.get_function(api.path.split("/")[-2]).code_sha_256
        if told and told != found:
            raise OtherCode(found)
        return publish(api)

    def create_as_allowed(backend, spec):
        refuse_settings(spec, packages.most_memory)
        return create(backend, spec)

    def configure_as_allowed(backend, function_name, qualifier, body):
        refuse_settings(body, packages.most_memory)
        return configure(backend, function_name, qualifier, body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "invoke", invoke)
        patch.setattr(backend, "create_function", create_as_allowed)
        patch.setattr(backend, "update_function_configuration", configure_as_allowed)
        patch.setattr(backend, "delete_alias", delete_alias_with_its_policy)
        patch.setattr(storage, "publish_version", publish_version)
        patch.setattr(storage, "del_function", delete_unless_held)
        patch.setattr(models.LambdaAlias, "update", update_with_revision)
        patch.setattr(api, "invoke", invoke_qualified)
        patch.setattr(api, "update_alias", update_alias_of_revision)
        patch.setattr(api, "publish_version", publish_that_code)
        yield packages
    packages.end()


def front(backend, name, packages):
    """An HTTP address that answers as API Gateway does: from alias `live`."""

    class Gateway(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self):
            try:
                version = backend.get_alias("live", name).function_version
            except LambdaClientError:  # there is no such alias, or no function
                return self.reply(404, b"{}")
            if version in packages.broken:
                return self.reply(500, b"{}")
            gateway = http.client.HTTPConnection(urlsplit(packages.of(backend.get_function(name, version)).url).netloc, timeout=30)
            try:
                gateway.request("GET", self.path)
                answer = gateway.getresponse()
                return self.reply(answer.status, answer.read())
            finally:
                gateway.close()

        def reply(self, status, body):
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return serve(Gateway)
