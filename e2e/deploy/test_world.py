"""The world itself is no kinder than AWS: what moto would let pass is refused here.

Everything is put back as it was: the story goes on from there.
"""

import contextlib
import http.client
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from builder import REGION
from client import Client
from front import follow
from world import NAME



@pytest.fixture(scope="module", autouse=True)
def released(world, bootstrap):
    """A release that is live."""
    id_, _ = world.publish(bootstrap)
    if world.released() != id_:
        world.release(id_).ok()
    return id_


@pytest.fixture
def client(world):
    """Lambda as everybody else sees it."""
    return boto3.client(
        "lambda",
        region_name=REGION,
        endpoint_url=world.aws.url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


@contextlib.contextmanager
def refused(code):
    with pytest.raises(Exception) as error:
        yield
    assert error.value.response["Error"]["Code"] == code, error.value


def test_the_same_code_is_not_published_twice(client, world):
    before = world.versions()
    newest = max(before, key=int)
    code = client.get_function(FunctionName=NAME)["Configuration"]["CodeSha256"]
    assert client.publish_version(FunctionName=NAME)["Version"] == newest
    assert client.publish_version(FunctionName=NAME, CodeSha256=code)["Version"] == newest
    with refused("InvalidParameterValueException"):
        client.publish_version(FunctionName=NAME, CodeSha256="A" * 43 + "=")
    assert world.versions() == before


def test_an_alias_moves_from_the_revision_that_was_seen(client):
    alias = {"FunctionName": NAME, "Name": "live"}
    seen = client.get_alias(**alias)
    client.update_alias(**alias, Description=seen["Description"], RevisionId=seen["RevisionId"])
    with refused("PreconditionFailedException"):
        client.update_alias(**alias, FunctionVersion="1", RevisionId=seen["RevisionId"])
    with refused("ResourceNotFoundException"):
        client.update_alias(**alias, FunctionVersion="999")


def test_a_version_that_an_alias_holds_is_not_deleted(client, world):
    with refused("ResourceConflictException"):
        client.delete_function(FunctionName=NAME, Qualifier=world.alias("live"))


def test_a_function_is_not_made_twice(client):
    there = client.get_function(FunctionName=NAME)["Configuration"]
    with refused("ResourceConflictException"):
        client.create_function(
            FunctionName=NAME, Role=there["Role"], Code={"ZipFile": b"x"}, Runtime="provided.al2023", Handler="bootstrap"
        )


def test_what_is_written_once_stays(world, released):
    s3 = boto3.client(
        "s3", region_name=REGION, endpoint_url=world.aws.url, aws_access_key_id="test", aws_secret_access_key="test",
        config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
    there = {"Bucket": world.bucket, "Key": f"releases/{released}.json"}
    before = s3.get_object(**there)["Body"].read()
    with refused("AccessDenied"):
        s3.put_object(**there, Body=b"other")
    with refused("PreconditionFailed"):
        s3.put_object(**there, Body=b"other", IfNoneMatch="*")
    assert s3.get_object(**there)["Body"].read() == before
    upload = {**there, "UploadId": s3.create_multipart_upload(**there)["UploadId"]}
    part = s3.upload_part(**upload, PartNumber=1, Body=b"other")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    with refused("AccessDenied"):
        s3.complete_multipart_upload(**upload, MultipartUpload=parts)
    s3.abort_multipart_upload(**upload)


@contextlib.contextmanager
def changed(record, **values):
    """One of moto's records, otherwise."""
    before = {name: getattr(record, name) for name in values}
    for name, value in values.items():
        setattr(record, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(record, name, value)


def test_wrong_wiring_is_api_gateways_own_answer(world):
    """Each record on the way from the address to the version, broken in turn."""
    from moto.apigatewayv2.models import apigatewayv2_backends
    from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT

    address = urlsplit(world.url())
    _, region, id_ = address.path.split("/")
    api = apigatewayv2_backends[ACCOUNT][region].apis[id_]
    (integration,), (route,) = api.integrations.values(), api.routes.values()
    _, version = follow(region, id_)
    statement = next(s for s in version.policy.statements if s["Resource"].endswith(":live"))

    def asked(path=address.path):
        connection = http.client.HTTPConnection(address.netloc, timeout=10)
        connection.request("GET", path + "/stores?id=eq.1")
        answer = connection.getresponse()
        return answer.status, answer.read()

    right = (200, b'[{"id":1,"city":"Aarhus"}]')
    not_found, failed = (404, b'{"message":"Not Found"}'), (500, b'{"message":"Internal Server Error"}')
    assert asked() == right
    assert asked(f"/{region}/nobody") == asked("/nowhere/" + id_) == asked("") == not_found
    uri = integration.integration_uri
    elsewhere = {**statement["Condition"], "ArnLike": {"AWS:SourceArn": f"arn:aws:execute-api:{region}:{ACCOUNT}:other/*/*"}}
    for record, values, expected in (
        (api, {"stages": {}}, not_found),
        (api.stages["$default"], {"auto_deploy": False}, not_found),
        (api, {"disable_execute_api_endpoint": True}, not_found),
        (route, {"route_key": "GET /other"}, not_found),
        (route, {"target": "integrations/other"}, failed),
        (integration, {"payload_format_version": "1.0"}, failed),
        (integration, {"integration_method": "GET"}, failed),
        (integration, {"integration_uri": uri.replace(":live/", ":other/")}, failed),
        # There, but not what the permission is for.
        (integration, {"integration_uri": uri.replace(":live/", ":candidate/")}, failed),
        (integration, {"integration_uri": uri.replace(":live/", "/")}, failed),
        (version.policy, {"statements": []}, failed),
        (version.policy, {"statements": [{**statement, "Resource": statement["Resource"].removesuffix(":live")}]}, failed),
        (version.policy, {"statements": [{**statement, "Condition": elsewhere}]}, failed),
        (version.policy, {"statements": [{**statement, "Principal": {"Service": "events.amazonaws.com"}}]}, failed),
    ):
        with changed(record, **values):
            assert asked() == expected, values
        assert asked() == right
    assert Client(world.url()).ask("/nothing")[0] == 404, "the reader's own"
