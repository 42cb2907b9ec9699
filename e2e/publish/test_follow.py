"""`publisher follow`: a directory that is kept at what a bucket names."""

import hashlib
import json
import os
import shutil
import signal
import subprocess

from builder import BUILDER, PUBLISHER, environment


def publish(builder, release, bucket):
    return builder("upload", "--release", release.directory, "--bucket", bucket.name).ok().json["release"]


def live(bucket, *ids):
    """As `publisher release` moves the channel; the first is current."""
    history = [{"release": id_, "versions": {}} for id_ in ids]
    channel = {"format": 1, "current": ids[0], "previous": ids[1] if len(ids) > 1 else None, "history": history}
    bucket.put("channels/live.json", json.dumps(channel).encode())


def content(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_one_look(builder, bucket, small, changed, tmp_path):
    out = tmp_path / "out"
    follow = ["follow", "live", "--bucket", bucket.name, "-o", out, "--once"]
    none = builder(*follow).ok()
    assert (none.out, none.err, out.exists()) == ("", "there is no release yet\n", False)

    first, second = publish(builder, small, bucket), publish(builder, changed, bucket)
    live(bucket, first)
    done = builder(*follow).ok()
    assert done.json == {"release": first, "downloaded": True}
    assert done.err.endswith(f"{out}: brought release {first}\n") and content(out) == small.files
    done = builder(*follow).ok()
    assert (done.json, done.err) == ({"release": first, "downloaded": False}, f"{out}: has already release {first}\n")

    live(bucket, second, first)
    builder(*follow, "--quiet").ok()
    assert content(out) == changed.files
    # After a rollback, the earlier one again.
    live(bucket, first, second)
    builder(*follow).ok()
    subprocess.run([BUILDER, "verify", out], check=True)
    assert content(out) == small.files and os.listdir(tmp_path) == ["out"]


def test_the_release_of_another_directory(builder, small, changed, tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    follow = ["follow", "--from", source, "-o", out, "--once"]
    none = builder(*follow).ok()
    assert (none.out, none.err, out.exists()) == ("", "there is no release yet\n", False)
    shutil.copytree(small.directory, source)
    first = hashlib.sha256(small.files["manifest.json"]).hexdigest()[:16]
    done = builder(*follow).ok()
    assert (done.json, content(out)) == ({"release": first, "downloaded": True}, small.files)
    assert builder(*follow).ok().json == {"release": first, "downloaded": False}
    # Half of it is the next release.
    shutil.copy(changed.directory / "manifest.json", source)
    done = builder(*follow, "--quiet")
    said = f"error: `{source}/data.db` holds {len(small.files['data.db'])} bytes, sha256 {small.digest('data.db')}, where its manifest has "
    assert done.code == 2 and said in done.err
    assert content(out) == small.files and sorted(os.listdir(tmp_path)) == ["out", "source"]
    shutil.copytree(changed.directory, source, dirs_exist_ok=True)
    builder(*follow, "--quiet").ok()
    assert content(out) == changed.files


def test_what_is_damaged_is_not_brought(builder, bucket, small, changed, tmp_path):
    out = tmp_path / "out"
    follow = ["follow", "live", "--bucket", bucket.name, "-o", out, "--once", "--quiet"]
    first, second = publish(builder, small, bucket), publish(builder, changed, bucket)
    live(bucket, first)
    builder(*follow).ok()
    database = changed.keys(second)[0]
    bucket.put(database, b"something else")
    live(bucket, second, first)
    done = builder(*follow)
    assert done.code == 2 and f"s3://{bucket.name}/{database} holds 14 bytes, sha256 " in done.err
    assert content(out) == small.files and os.listdir(tmp_path) == ["out"]


def test_a_release_of_another_format(builder, bucket, small, tmp_path):
    out = tmp_path / "out"
    id_ = publish(builder, small, bucket)
    record = json.loads(bucket.get(f"releases/{id_}.json"))
    record["manifest"]["format"] = 2
    text = (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()
    newer = hashlib.sha256(text).hexdigest()[:16]
    bucket.put(f"releases/{newer}.json", text)
    live(bucket, newer)
    builder("follow", "live", "--bucket", bucket.name, "-o", out, "--once", "--quiet").fails(
        f"error: release {newer} has format 2, and this version reads format 1",
        "  help: install the version of `publisher` and `reader` that the release was built with; the directory keeps what it has",
    )
    assert not out.exists()


def test_it_follows_until_it_is_stopped(builder, bucket, small, changed, tmp_path):
    out = tmp_path / "out"
    arguments = ["follow", "newest", "--bucket", bucket.name, "-o", str(out), "--pause", "10"]
    env = environment(builder.endpoint, AWS_MAX_ATTEMPTS="1")
    pipe = subprocess.PIPE
    with subprocess.Popen([PUBLISHER, *arguments], env=env, stdout=pipe, stderr=pipe, text=True) as process:
        first = publish(builder, small, bucket)
        assert json.loads(process.stdout.readline()) == {"release": first, "downloaded": True}
        assert content(out) == small.files
        record, earlier = (f"releases/{id_}.json" for id_ in (publish(builder, changed, bucket), first))
        # Of two releases of one second the newer one is not known.
        while bucket.time(record) <= bucket.time(earlier):
            bucket.put(record, bucket.get(record))
        second = json.loads(process.stdout.readline())
        assert second["downloaded"] and content(out) == changed.files
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM
    assert f"{out}: brought release {second['release']}\n" in err and "error: " not in err
