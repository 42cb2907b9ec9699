"""Publishing, listing, pulling: what is there afterwards, and what is said."""

import hashlib
import json
import os
import resource
import signal
import subprocess

import pytest
from builder import BUILDER, PUBLISHER, REGION, environment
from bucket import make_bucket


def publish(builder, release, bucket, *more, **env):
    return builder("upload", "--release", release.directory, "--bucket", bucket.name, *more, **env)


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_release_is_published_listed_and_pulled(builder, bucket, request, size, tmp_path):
    release = request.getfixturevalue(size)
    done = publish(builder, release, bucket).ok()
    id_ = done.json["release"]
    keys = release.keys(id_)
    assert bucket.keys() == sorted(keys)
    assert done.json == {
        "release": id_,
        "architecture": "x86_64",
        "reader": {"sha256": release.digest("reader.zip"), "bytes": len(release.files["reader.zip"])},
        "database": {"sha256": release.digest("data.db"), "bytes": len(release.files["data.db"])},
        "recorded": True,
        "written": [f"s3://{bucket.name}/{key}" for key in keys],
        "unchanged": [],
    }
    assert done.err.endswith(f"uploaded {id_}: 3 objects written, 0 unchanged\n")
    bucket.assert_no_half_release()
    assert bucket.get(keys[1]) == release.files["reader.zip"]

    record = json.loads(bucket.get(keys[2]))
    assert record["manifest"] == release.manifest
    assert record["golden"] == [
        {"table": "nothing", "offset": 0, "answer": []},
        {
            "table": "things",
            "offset": 1,
            "answer": [{"id": 2, "price": 9.5, "whole": 100.0, "sold": False, "about": None, "name": 'tw"o'}],
        },
    ]

    listed = builder("list", "--bucket", bucket.name).ok()
    fields = listed.out.split("  ")
    assert (fields[0], fields[-1]) == (id_, "2 tables, 3 rows, commit none, x86_64\n"), listed.out

    pulled = builder("pull", id_, "--bucket", bucket.name, "-o", tmp_path / "out").ok()
    assert pulled.json["database"] == done.json["database"]
    for name, bytes_ in release.files.items():
        assert (tmp_path / "out" / name).read_bytes() == bytes_, name
    subprocess.run([BUILDER, "verify", tmp_path / "out"], check=True)


@pytest.mark.parametrize("size", ["small", "large"])
def test_published_again_nothing_is_sent(builder, bucket, proxy, request, size):
    release = request.getfixturevalue(size)
    first = publish(builder, release, bucket).ok().json
    proxy.break_at()
    second = publish(builder, release, bucket).ok().json
    assert (second["written"], second["unchanged"]) == ([], first["written"])
    # Compared by S3's own digests: nothing is read but the answers' heads.
    assert [request.split()[0] for request in proxy.requests] == ["HEAD"] * 3


def test_parts_of_another_publisher_are_read_to_be_compared(builder, bucket, small):
    """Objects that carry no digest that S3 computed."""
    id_ = publish(builder, small, bucket).ok().json["release"]
    key = small.keys(id_)[0]
    bucket.s3.delete_object(Bucket=bucket.name, Key=key)
    upload = bucket.s3.create_multipart_upload(Bucket=bucket.name, Key=key)["UploadId"]
    where = {"Bucket": bucket.name, "Key": key, "UploadId": upload}
    part = bucket.s3.upload_part(**where, PartNumber=1, Body=small.files["data.db"])
    bucket.s3.complete_multipart_upload(**where, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    again = publish(builder, small, bucket).ok()
    assert again.json["written"] == []
    assert f"reading s3://{bucket.name}/{key}, to compare it" in again.err


def test_other_bytes_under_a_digest_are_an_error(builder, bucket, small):
    database = small.digest("data.db")
    right = f"{len(small.files['data.db'])} bytes, sha256 {database}"
    help_ = (
        "  help: only `publisher` may write there; look at the object's versions, remove the wrong ones, and run "
        "the same command again"
    )
    url = f"s3://{bucket.name}/db/{database}.db"
    bucket.put(f"db/{database}.db", b"other")
    publish(builder, small, bucket).fails(
        f"error: {url} does not hold the bytes that its name says: 5 bytes, not {right}", help_
    )
    other = bytes(len(small.files["data.db"]))
    bucket.put(f"db/{database}.db", other)
    publish(builder, small, bucket).fails(
        f"error: {url} does not hold the bytes that its name says: {len(other)} bytes, sha256 "
        f"{hashlib.sha256(other).hexdigest()}, not {right}",
        help_,
    )
    assert bucket.keys() == [f"db/{database}.db"]


def test_two_publishers_at_once(builder, bucket, large):
    arguments = ["upload", "--release", large.directory, "--bucket", bucket.name]
    running = [builder.start(*arguments, attempts="3") for _ in range(3)]
    ends = [(*process.communicate(timeout=300), process.returncode) for process in running]
    assert [code for *_, code in ends] == [0, 0, 0], ends
    results = [json.loads(out) for out, *_ in ends]
    id_ = results[0]["release"]
    assert bucket.keys() == sorted(large.keys(id_))
    # Each object was written by one of them.
    written = sorted(key for result in results for key in result["written"])
    assert written == sorted(f"s3://{bucket.name}/{key}" for key in large.keys(id_))
    assert bucket.unfinished_uploads() == 0
    bucket.assert_no_half_release()


def test_the_record_can_be_another_roles(builder, bucket, small):
    first = publish(builder, small, bucket, "--artifacts-only").ok().json
    assert first["recorded"] is False
    assert [key.split("/")[0] for key in bucket.keys()] == ["db", "readers"]
    second = publish(builder, small, bucket).ok().json
    assert second["written"] == [f"s3://{bucket.name}/releases/{first['release']}.json"]


def test_every_region_gets_the_release_the_first_its_record_last(builder, s3, bucket, small, proxy, tmp_path):
    other = f"{bucket.name}-us"
    make_bucket(s3, other)
    variables = {
        "name": "coldpress",
        "regions": [REGION, "us-west-2"],
        "artifact_buckets": {REGION: bucket.name, "us-west-2": other},
    }
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "bootstrap.auto.tfvars.json").write_text(json.dumps(variables))
    arguments = ["upload", "--release", small.directory, "--terraform", tmp_path]
    done = builder(*arguments, AWS_REGION=None).ok().json
    assert [url.split("/")[2] for url in done["written"]] == [bucket.name] * 2 + [other] * 2 + [other, bucket.name]
    again = builder(
        "upload", "--release", small.directory, "--bucket", f"{REGION}={bucket.name}", "--bucket", f"us-west-2={other}"
    )
    assert again.ok().json["written"] == []


def test_what_is_not_sound_is_not_sent(builder, bucket, small, changed, tmp_path):
    copy = tmp_path / "dist"
    arguments = ["upload", "--release", copy, "--bucket", bucket.name, "--quiet"]
    builder(*arguments).fails(
        f"error: there is no release in `{copy}`: no such directory",
        "  help: `builder build` and `builder package` create one (`make dist` runs both)",
    )
    copy.mkdir()
    for name, bytes_ in small.files.items():
        (copy / name).write_bytes(bytes_)
    (copy / "reader.zip").write_bytes(changed.files["reader.zip"])
    builder(*arguments).fails(
        f"error: `{copy}/reader.zip` has a different data.db than `{copy}`: it was packaged from another release",
        "  help: run `builder package` again",
    )
    (copy / "reader.zip").write_bytes(b"no zip")
    assert builder(*arguments).err.startswith(f"error: `{copy}/reader.zip` can't be read: ")
    (copy / "reader.zip").write_bytes(small.files["reader.zip"])
    (copy / "manifest.json").write_text(json.dumps(small.manifest))
    builder(*arguments).fails(
        f"error: `{copy}/manifest.json` was changed after `builder build` wrote it",
        "  help: run `builder build` and `builder package` again",
    )
    (copy / "manifest.json").write_bytes(small.files["manifest.json"])
    broken = bytearray(small.files["data.db"])
    broken[-100] ^= 1
    (copy / "data.db").write_bytes(broken)
    found = hashlib.sha256(broken).hexdigest()
    builder(*arguments).fails(
        f"error: the release in `{copy}` is damaged: {copy}/data.db: file has SHA-256 {found}, the manifest says "
        f"{small.digest('data.db')}",
        "  help: run `builder build` and `builder package` again",
    )
    assert bucket.keys() == []


def test_a_pull_takes_nothing_that_is_not_the_release(builder, bucket, small, changed, tmp_path):
    id_ = publish(builder, small, bucket).ok().json["release"]
    database, reader, record = small.keys(id_)
    out = tmp_path / "out"
    pull = ["pull", id_, "--bucket", bucket.name, "-o", out, "--quiet"]
    builder(*pull).ok()
    before = sorted((path.name, path.read_bytes()) for path in out.iterdir())

    bucket.put(reader, changed.files["reader.zip"])
    builder(*pull).fails(
        f"error: s3://{bucket.name}/{reader} holds {len(changed.files['reader.zip'])} bytes, sha256 "
        f"{changed.digest('reader.zip')}, where release {id_} has {len(small.files['reader.zip'])} bytes, sha256 "
        f"{small.digest('reader.zip')}",
        "  help: something other than `publisher` wrote it: look at the object's versions, remove the wrong ones and "
        "upload the release again",
    )
    bucket.s3.delete_object(Bucket=bucket.name, Key=reader)
    builder(*pull).fails(
        f"error: release {id_} has a record, but s3://{bucket.name}/{reader} is missing",
        "  help: something deleted it: restore the object's previous version, or upload the same release again",
    )
    bytes_ = bucket.get(record).replace(b"9.5", b"9.6")
    bucket.put(record, bytes_)
    builder(*pull).fails(
        f"error: s3://{bucket.name}/{record} can't be used: it is the record of release "
        f"{hashlib.sha256(bytes_).hexdigest()[:16]}",
        "  help: if its format is newer, use the version of `publisher` that wrote it; otherwise look at the object's versions",
    )
    # The directory is as it was, and nothing lies beside it.
    assert sorted((path.name, path.read_bytes()) for path in out.iterdir()) == before
    assert os.listdir(tmp_path) == ["out"]


def test_a_pull_onto_a_full_disk(bucket, builder, large, tmp_path):
    id_ = publish(builder, large, bucket).ok().json["release"]

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, 10_000_000))

    done = subprocess.run(
        [PUBLISHER, "pull", id_, "--bucket", bucket.name, "-o", tmp_path / "out", "--quiet"],
        env=environment(builder.endpoint),
        capture_output=True,
        text=True,
        preexec_fn=limit,
        restore_signals=False,
    )
    path = tmp_path / ".out.coldpress-build" / "reader.zip"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: can't write `{path}`: File too large (os error 27)\n"
    assert os.listdir(tmp_path) == []


def test_names_that_stand_for_nothing(builder, bucket):
    pull = ["pull", "--bucket", bucket.name]
    lists = "  help: `publisher list` shows the releases in S3"
    builder(*pull, "0123456789abcdef").fails(
        "error: there is no release 0123456789abcdef: "
        f"s3://{bucket.name}/releases/0123456789abcdef.json does not exist",
        lists,
    )
    named = "  help: pass an id that `publisher list` shows, or `live` or `previous`"
    builder(*pull, "live").fails(
        f"error: no release is live yet: s3://{bucket.name}/channels/live.json does not exist", named
    )
    builder(*pull, "beta").fails(
        "error: `beta` is not a release: not an id (16 hex digits), `live` or `previous`", named
    )
    done = builder("list", "--bucket", bucket.name)
    assert (done.code, done.out, done.err) == (0, "", "no releases\n")
