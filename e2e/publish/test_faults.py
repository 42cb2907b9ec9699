"""Every request of a publication broken in turn: nothing half is visible, and a second run completes."""

import threading

import pytest
from proxy import FAULTS
from test_publish import publish


def requests_of_a_publication(builder, proxy, s3, release):
    from bucket import NUMBERS, Bucket

    bucket = Bucket(s3, f"releases-{next(NUMBERS)}")
    proxy.break_at()
    id_ = publish(builder, release, bucket).ok().json["release"]
    return id_, [request.split()[0] for request in proxy.requests]


@pytest.fixture(scope="module")
def sequences():
    return {}


@pytest.fixture
def sequence(request, sequences, builder, proxy, s3):
    size = request.param
    release = request.getfixturevalue(size)
    if size not in sequences:
        sequences[size] = requests_of_a_publication(builder, proxy, s3, release)
    return release, *sequences[size]


#: HEAD and PUT of database, package, record; the package of the large one as create, two parts, complete.
NUMBER = {"small": 6, "large": 9}
CASES = [(size, number) for size, count in NUMBER.items() for number in range(count)]


@pytest.mark.parametrize("sequence", NUMBER, indirect=True)
def test_the_sequence_is_this_one(sequence):
    _, _, methods = sequence
    large = ["HEAD", "PUT", "HEAD", "POST", "PUT", "PUT", "POST", "HEAD", "PUT"]
    assert methods in (["HEAD", "PUT"] * 3, large)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("sequence", "number"), CASES, indirect=["sequence"])
def test_one_broken_request_is_made_up_for(builder, bucket, proxy, sequence, number, fault):
    release, id_, _ = sequence
    proxy.break_at(number, fault)
    done = publish(builder, release, bucket, attempts="3").ok()
    assert done.json["release"] == id_
    assert bucket.keys() == sorted(release.keys(id_))
    bucket.assert_no_half_release()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("sequence", "number"), CASES, indirect=["sequence"])
def test_after_an_outage_the_second_run_completes(builder, bucket, proxy, sequence, number, fault):
    release, id_, methods = sequence
    proxy.break_at(number, fault, lasting=True)
    done = publish(builder, release, bucket)
    assert (done.code, done.out) == (2, ""), done.err
    help_ = done.err.splitlines()[-1]
    assert help_.startswith("  help: ") and "run the same command again" in help_, done.err
    bucket.assert_no_half_release()
    # The record is the last request: before it there is no release at all.
    visible = f"releases/{id_}.json" in bucket.keys()
    assert visible == (number == len(methods) - 1 and fault in ("drop-after", "truncated"))

    proxy.break_at()
    publish(builder, release, bucket).ok()
    assert bucket.keys() == sorted(release.keys(id_))
    bucket.assert_no_half_release()


@pytest.mark.parametrize(("sequence", "number"), CASES, indirect=["sequence"])
def test_killed_at_each_request(builder, bucket, proxy, sequence, number):
    release, id_, _ = sequence
    running, reached = [], threading.Event()

    def kill():
        reached.wait(60)
        running[0].kill()
        running[0].wait()

    proxy.break_at(number, "drop-after", lasting=True, do=kill)
    arguments = ["upload", "--release", release.directory, "--bucket", bucket.name]
    running.append(builder.start(*arguments))
    reached.set()
    running[0].communicate(timeout=120)
    assert running[0].returncode == -9
    bucket.assert_no_half_release()

    proxy.break_at()
    publish(builder, release, bucket).ok()
    assert bucket.keys() == sorted(release.keys(id_))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(3))
def test_a_pull_is_whole_or_not(builder, bucket, proxy, small, tmp_path, number, fault):
    """Record, database, package."""
    id_ = publish(builder, small, bucket).ok().json["release"]
    out = tmp_path / "out"
    pull = ["pull", id_, "--bucket", bucket.name, "-o", out, "--quiet"]
    proxy.break_at(number, fault, lasting=True)
    done = builder(*pull)
    assert (done.code, done.out) == (2, ""), done.err
    assert list(tmp_path.iterdir()) == []
    proxy.break_at(number, fault)
    builder(*pull, attempts="3").ok()
    assert {path.name: path.read_bytes() for path in out.iterdir()} == small.files


def test_what_is_said(builder, bucket, proxy, small, tmp_path):
    """Each way in which AWS says no, with what to do."""

    def said(what, help_, fault=None, **env):
        proxy.break_at(0, fault, lasting=True)
        url = f"s3://{bucket.name}/db/{small.digest('data.db')}.db"
        done = publish(builder, small, bucket, "--quiet", **env)
        done.fails(f"error: can't inspect {url}: {what}", f"  help: {help_}")

    none = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; in GitHub Actions, "
    none += "aws-actions/configure-aws-credentials sets them"
    again = "run the same command again; finished work is not repeated"
    said("AWS failed (status 500)", again, "500")
    said("AWS throttled the request (status 503)", f"wait a minute and {again}", "503")
    said("access denied (status 403)", "the role lacks this permission (terraform/bootstrap/permissions.tf lists "
         "what each role may do), or the resource belongs to another account", (403, [], b""))
    region = [("x-amz-bucket-region", "us-west-2")]
    wrong = "the bucket is in us-west-2: set AWS_REGION=us-west-2, or pass `--bucket us-west-2=NAME`; with "
    wrong += "`--terraform DIR`, run `publisher init` again, which writes the region there"
    said("wrong region (status 301)", wrong, (301, region, b""))
    said("wrong region (status 400)", wrong, (400, region, b""))
    done = publish(builder, small, bucket, "--quiet", AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert "no AWS credentials were found" in done.err and done.err.endswith(f"\n  help: {none}\n"), done.err
    publish(builder, small, bucket, "--quiet", AWS_REGION=None).fails(
        f"error: can't reach s3://{bucket.name}: no AWS region is set",
        "  help: set AWS_REGION to the bucket's region, such as eu-central-1",
    )
    proxy.break_at()
    missing = builder("upload", "--release", small.directory, "--bucket", "not-there", "--quiet")
    assert missing.err.splitlines() == [
        f"error: can't write s3://not-there/db/{small.digest('data.db')}.db: there is no such bucket (NoSuchBucket: "
        "The specified bucket does not exist)",
        "  help: check the name; `terraform apply` in terraform/bootstrap creates the buckets and prints their "
        "names",
    ]
    expired = b"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"
    proxy.break_at(0, (400, [], expired), lasting=True)
    builder("list", "--bucket", bucket.name).fails(
        f"error: can't list s3://{bucket.name}/releases/: AWS rejected the credentials (ExpiredToken: "
        "The provided token has expired.)",
        "  help: get new credentials (these may have expired), and check which ones AWS_PROFILE or AWS_ACCESS_KEY_ID "
        "selects",
    )
