"""The same questions to moto's Lambda and to the one that `patched` makes of it, beside what AWS answers (Lambda API Reference and
Developer Guide). MOTO and OURS list what each answers otherwise, with the reason; what they list must really differ.
"""

import contextlib
import io
import multiprocessing
import zipfile
from concurrent.futures import ProcessPoolExecutor

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from builder import REGION
from function import Packages, patched
from moto.server import ThreadedMotoServer
from moto.moto_api._internal import moto_api_backend

SETTINGS = {"Runtime": "provided.al2023", "Handler": "bootstrap", "MemorySize": 512, "Timeout": 10}
CALLER = {"StatementId": "api", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"}
F = {"FunctionName": "reader"}
LIVE = {**F, "Name": "live"}


def package(text):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo("bootstrap"), text)
    return data.getvalue()


class Function:
    """One that is there, with the questions' usual steps."""

    def __init__(self, api, role):
        self.api, self.role = api, role
        self.made = api.create_function(**F, **SETTINGS, Role=role, Code={"ZipFile": package("1")})

    def publish(self, memory=None, **arguments):
        if memory:
            self.api.update_function_configuration(**F, MemorySize=memory)
        return self.api.publish_version(**F, **arguments)["Version"]

    def alias(self, version, **more):
        return self.api.create_alias(**LIVE, FunctionVersion=version, **more)

    def permit(self, **more):
        return self.api.add_permission(**F, **CALLER, **more)["ResponseMetadata"]["HTTPStatusCode"]


def status(answer):
    return answer["ResponseMetadata"]["HTTPStatusCode"]


def created(f):
    return status(f.made), f.made["Version"], f.made["PackageType"], f.made["CodeSize"] > 0, f.made["State"]


def created_twice(f):
    return Function(f.api, f.role)


def not_there(f):
    return f.api.get_function(FunctionName="other")


def published(f):
    answer = f.api.publish_version(**F)
    return status(answer), answer["Version"], answer["FunctionArn"].endswith(":reader:1"), answer["CodeSha256"] == f.made["CodeSha256"]


def published_unchanged(f):
    return f.publish() == f.publish()


def published_after_an_update_of_nothing(f):
    return f.publish() == f.publish(memory=SETTINGS["MemorySize"])


def published_with_another_digest(f):
    return f.publish(CodeSha256="A" * 43 + "=")


def a_number_after_its_version_is_deleted(f):
    f.publish()
    f.api.delete_function(**F, Qualifier=f.publish(memory=256))
    return f.publish(memory=128)


def settings_of_a_version(f):
    version = f.publish()
    f.api.update_function_configuration(**F, MemorySize=256)
    return [f.api.get_function_configuration(**F, **more)["MemorySize"] for more in ({"Qualifier": version}, {})]


def an_environment_of_4_kb(f, more=0):
    variables = {"LONG": "x" * (4096 - len('{"LONG":""}') + more)}
    return status(f.api.update_function_configuration(**F, Environment={"Variables": variables}))


def an_environment_of_more_than_4_kb(f):
    return an_environment_of_4_kb(f, more=1)


def created_with_too_much_memory(f):
    f.api.delete_function(**F)
    return f.api.create_function(**F, **{**SETTINGS, "MemorySize": 10241}, Role=f.role, Code={"ZipFile": package("1")})


def new_code(f):
    answer = f.api.update_function_code(**F, ZipFile=package("2"))
    return status(answer), answer["Version"], answer["CodeSha256"] != f.made["CodeSha256"]


def code_that_is_not_in_its_bucket(f):
    return f.api.update_function_code(**F, S3Bucket="nobody-s", S3Key="reader.zip")


def an_alias(f):
    answer = f.alias(f.publish())
    return status(answer), answer["Name"], answer["FunctionVersion"], "RoutingConfig" in answer, bool(answer["RevisionId"])


def an_alias_twice(f):
    f.alias(f.publish())
    f.alias("1")


def an_alias_of_no_version(f):
    f.alias("7")


def an_alias_moved_to_no_version(f):
    f.alias(f.publish())
    f.api.update_alias(**LIVE, FunctionVersion="7")


def an_alias_that_is_not_there(f):
    f.api.update_alias(**LIVE, FunctionVersion="1")


def weights(f):
    f.alias(f.publish(), RoutingConfig={"AdditionalVersionWeights": {f.publish(memory=256): 0.1}})
    given = f.api.get_alias(**LIVE)["RoutingConfig"]
    f.api.update_alias(**LIVE, RoutingConfig={"AdditionalVersionWeights": {}})
    return given, f.api.get_alias(**LIVE).get("RoutingConfig")


def an_alias_changed_since_it_was_seen(f):
    seen = f.alias(f.publish())["RevisionId"]
    f.api.update_alias(**LIVE, Description="moved")
    f.api.update_alias(**LIVE, Description="again", RevisionId=seen)


def a_version_that_an_alias_holds(f):
    f.alias(f.publish())
    f.api.delete_function(**F, Qualifier="1")


def a_permission(f):
    f.alias(f.publish())
    return f.permit(Qualifier="live"), '"Sid": "api"' in f.api.get_policy(**F, Qualifier="live")["Policy"].replace('":"', '": "')


def a_permission_twice(f):
    f.permit()
    f.permit()


def a_permission_for_no_alias(f):
    f.permit(Qualifier="live")


def a_permission_of_another_qualifier(f):
    f.alias(f.publish())
    f.permit(Qualifier="live")
    f.api.get_policy(**F)


def a_permission_removed_twice(f):
    f.permit()
    removed = status(f.api.remove_permission(**F, StatementId="api"))
    assert removed == 204
    f.api.remove_permission(**F, StatementId="api")


def a_permission_after_its_alias(f):
    f.alias(f.publish())
    f.permit(Qualifier="live")
    f.api.delete_alias(**LIVE)
    f.alias("1")
    f.api.get_policy(**F, Qualifier="live")


def a_reservation(f):
    given = f.api.put_function_concurrency(**F, ReservedConcurrentExecutions=5)
    told = f.api.get_function(**F)["Concurrency"]
    gone = status(f.api.delete_function_concurrency(**F))
    return status(given), told, gone, "Concurrency" in f.api.get_function(**F)


def deleted(f):
    assert status(f.api.delete_function(**F)) == 204
    f.api.get_function(**F)


def deleted_with_a_version(f):
    f.alias(f.publish())
    f.api.delete_function(**F)
    Function(f.api, f.role)
    f.api.get_alias(**LIVE)


AWS = {
    created: (201, "$LATEST", "Zip", True, "Pending"),
    created_twice: (409, "ResourceConflictException"),
    not_there: (404, "ResourceNotFoundException"),
    published: (201, "1", True, True),
    published_unchanged: True,
    published_after_an_update_of_nothing: True,
    published_with_another_digest: (400, "InvalidParameterValueException"),
    a_number_after_its_version_is_deleted: "3",
    settings_of_a_version: [512, 256],
    an_environment_of_4_kb: 200,
    an_environment_of_more_than_4_kb: (400, "InvalidParameterValueException"),
    created_with_too_much_memory: (400, "ValidationException"),
    new_code: (200, "$LATEST", True),
    code_that_is_not_in_its_bucket: (400, "InvalidParameterValueException"),
    an_alias: (201, "live", "1", False, True),
    an_alias_twice: (409, "ResourceConflictException"),
    an_alias_of_no_version: (404, "ResourceNotFoundException"),
    an_alias_moved_to_no_version: (404, "ResourceNotFoundException"),
    an_alias_that_is_not_there: (404, "ResourceNotFoundException"),
    weights: ({"AdditionalVersionWeights": {"2": 0.1}}, None),
    an_alias_changed_since_it_was_seen: (412, "PreconditionFailedException"),
    a_version_that_an_alias_holds: (409, "ResourceConflictException"),
    a_permission: (201, True),
    a_permission_twice: (409, "ResourceConflictException"),
    a_permission_for_no_alias: (404, "ResourceNotFoundException"),
    a_permission_of_another_qualifier: (404, "ResourceNotFoundException"),
    a_permission_removed_twice: (404, "ResourceNotFoundException"),
    a_permission_after_its_alias: (404, "ResourceNotFoundException"),
    a_reservation: (200, {"ReservedConcurrentExecutions": 5}, 204, False),
    deleted: (404, "ResourceNotFoundException"),
    deleted_with_a_version: (404, "ResourceNotFoundException"),
}
OURS = {
    created: "ready at once; the provider and publisher wait until it is",
    code_that_is_not_in_its_bucket: "moto fails by itself; the stand-in for the provider asks the bucket before",
    an_alias_twice: "another code, with the same status; nobody here reads it, and the stand-in asks before",
    weights: "no weights are left as an empty object; publisher and the stand-in take that for none",
    a_permission: "200; nobody reads which 2xx it is",
    a_permission_twice: "two statements of one name; Terraform adds one where it read none, and nobody else adds any",
    a_permission_of_another_qualifier: "one policy for all; the stand-in looks at those of its qualifier only",
}
# What `patched` is for.
MOTO = OURS | {
    published_after_an_update_of_nothing: "each update counts as a change",
    published_with_another_digest: "CodeSha256 is not compared",
    a_number_after_its_version_is_deleted: "versions are counted, so that a number is given twice",
    an_environment_of_more_than_4_kb: "its size is not measured",
    created_with_too_much_memory: "it takes any",
    an_alias_changed_since_it_was_seen: "RevisionId is not compared",
    a_version_that_an_alias_holds: "the alias is not looked at",
    a_permission_after_its_alias: "an alias leaves its policy behind",
}


def answer(question, api):
    moto_api_backend.reset()
    role = api("iam").create_role(RoleName="reader", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    try:
        return question(Function(api("lambda"), role))
    except ClientError as error:
        return status(error.response), error.response["Error"]["Code"]


def answers(strict):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    there = {"region_name": REGION, "endpoint_url": f"http://{host}:{port}", "aws_access_key_id": "a", "aws_secret_access_key": "s"}
    try:
        with patched(Packages()) if strict else contextlib.nullcontext():
            return [answer(question, lambda service: boto3.client(service, config=Config(retries={"total_max_attempts": 1}), **there)) for question in AWS]
    finally:
        server.stop()


@pytest.mark.parametrize("strict", [False, True], ids=["moto", "ours"])
def test_lambda_answers_as_aws_or_for_a_reason(strict):
    # In a process of its own: in this one, another test's world may have patched moto already.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as own:
        found = dict(zip(AWS, own.submit(answers, strict).result(), strict=True))
    differs = {question: (found[question], expected) for question, expected in AWS.items() if found[question] != expected}
    assert differs.keys() == (OURS if strict else MOTO).keys(), {question.__name__: both for question, both in differs.items()}
