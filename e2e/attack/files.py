"""Attacks on files: killed builds, full disks, hostile descriptors, damaged releases."""

import json
import os
import random
import resource
import signal
import subprocess
from collections import Counter

from server import Refused, Server, is_error

ROWS = 1000


class Place:
    """Datasets, and their release."""

    def __init__(self, builder, reader, work):
        self.builder, self.reader, self.work = builder, reader, work
        self.datasets, self.release = os.path.join(work, "datasets"), os.path.join(work, "dist")
        self.environment = os.environ | {"TMPDIR": os.path.join(work, "tmp"), "XDG_CACHE_HOME": os.path.join(work, "cache")}
        os.makedirs(self.environment["TMPDIR"])

    def write(self, version):
        directory = os.path.join(self.datasets, "attack")
        os.makedirs(directory, exist_ok=True)
        with open(os.path.join(directory, "items.csv"), "w") as csv:
            csv.write("id,version,text,data\n")
            for row in range(ROWS):
                csv.write(f'{row},{version},{"aaa word%d " % row * 400},"[{row},{{""a"":{row}}}]"\n')
        fields = [{"name": "id", "type": "integer"}, {"name": "version", "type": "integer"},
                  {"name": "text", "type": "string", "searchable": True}, {"name": "data", "type": "array"}]
        schema = {"fields": fields, "primaryKey": "id"}
        self.describe(directory, [{"name": "items", "path": "items.csv", "schema": schema}])

    def describe(self, directory, resources):
        with open(os.path.join(directory, "datapackage.json"), "w") as descriptor:
            json.dump({"name": "attack", "resources": resources}, descriptor)

    def run(self, *arguments, **options):
        return subprocess.run([self.builder, *arguments], capture_output=True, text=True, timeout=120,
                              env=self.environment | options.pop("env", {}), **options)

    def build(self, version=1):
        self.write(version)
        done = self.run("build", self.datasets, "-o", self.release, "--quiet")
        assert done.returncode == 0, done.stderr + done.stdout

    def is_whole(self):
        done = self.run("verify", self.release)
        assert done.returncode == 0, done.stdout + done.stderr


def kills_at_each_step(place):
    """a build that is killed at each of its steps"""
    place.write(2)
    steps = []
    for number in range(1, 100):
        command = [place.builder, "build", place.datasets, "-o", place.release, "--quiet"]
        environment = place.environment | {"COLDPRESS_HOLD_AT": str(number)}
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as build:
            line = build.stderr.readline()
            if not line.startswith("held at: "):
                build.wait()
                break
            steps.append(line.removeprefix("held at: ").strip())
            build.send_signal(signal.SIGKILL)
        place.is_whole()
    with Server(place.reader, place.release) as server:
        server.lives()
    assert len(steps) >= 3, steps
    place.build()
    left = [name for name in os.listdir(place.work) if name.startswith(".dist") or name.startswith("dist.")]
    assert not left, left
    return f"{len(steps)} steps, a whole release after each, nothing left behind by the next build"


def full_disks(place):
    """builds that may write 0, 10,000 or 300,000 bytes"""
    place.write(3)
    for most in (0, 10_000, 300_000):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        done = place.run("build", place.datasets, "-o", place.release, "--quiet", preexec_fn=limit)
        assert done.returncode == 2 and "panicked" not in done.stderr, (most, done)
        assert done.stderr.startswith("error: "), done.stderr
        place.is_whole()
    place.build()
    return "each an error, the release before stayed whole"


def hostile_descriptors(place):
    """descriptors that are deep, cyclic, name other files or are no text"""
    csv = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a", "type": "string"}]}}
    def with_(**changes):
        return json.dumps({"name": "h", "resources": [csv | changes]}).encode()
    texts = [
        b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe{}", b"\0" * 1000, b"", b"null", b'{"resources": {}}',
        with_(path="../../../../etc/passwd"), with_(path="/etc/passwd"), with_(path="/dev/zero"),
        with_(path="link.csv"), with_(path="loop.csv"), with_(path=["t.csv"] * 1000), with_(path="http://127.0.0.1:1/t.csv"),
        with_(name="../x"), with_(name="a" * 100_000), with_(name="\u202eevil"), with_(schema="datapackage.json"),
        with_(schema={"fields": [{"name": "a", "type": "string", "constraints": {"pattern": "(a{1000}){1000}"}}]}),
        with_(schema={"fields": [{"name": f"c{n}"} for n in range(5000)]}), with_(encoding="x" * 10_000),
        with_(dialect={"delimiter": "\0"}), json.dumps({"name": "h", "resources": [csv] * 300}).encode(),
    ]
    came = Counter()
    for number, text in enumerate(texts):
        directory = os.path.join(place.work, f"hostile-{number}", "h")
        os.makedirs(directory)
        with open(os.path.join(directory, "t.csv"), "w") as rows:
            rows.write("a\nx\n")
        os.symlink("/etc/passwd", os.path.join(directory, "link.csv"))
        os.symlink("loop.csv", os.path.join(directory, "loop.csv"))
        with open(os.path.join(directory, "datapackage.json"), "wb") as descriptor:
            descriptor.write(text)
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        done = place.run("check", os.path.dirname(directory), preexec_fn=limit)
        assert done.returncode in (0, 1, 2), (text[:80], done)
        assert "panicked" not in done.stderr and "root:" not in done.stdout, (text[:80], done)
        came[done.returncode] += 1
    assert came[0] <= 2, came
    return ", ".join(f"exit code {code}: {count}" for code, count in sorted(came.items()))


def damaged_releases(place):
    """30 releases with bytes that were changed or cut off"""
    with open(os.path.join(place.release, "data.db"), "rb") as file:
        whole = file.read()
    with open(os.path.join(place.release, "manifest.json"), "rb") as file:
        manifest = file.read()
    chance = random.Random(7)
    damaged = os.path.join(place.work, "damaged")
    os.makedirs(damaged)
    came = Counter()
    for number in range(30):
        data = bytearray(whole)
        if number % 10 == 0:
            del data[chance.randrange(len(data)):]
        else:
            # Where everything begins, as well as anywhere.
            for _ in range(chance.choice([1, 20, 1000])):
                place_ = chance.randrange(16384 if number % 2 else len(data))
                data[place_] = chance.randrange(256)
        for name, content in (("data.db", bytes(data)), ("manifest.json", manifest)):
            with open(os.path.join(damaged, name), "wb") as file:
                file.write(content)
        assert place.run("verify", damaged).returncode in (1, 2), "the damage went unnoticed"
        try:
            with Server(place.reader, damaged, QUERY_MS=1000) as server:
                for target in ("/", "/items/7", "/items?limit=5", "/items?order=text&limit=2", "/items?text=fts.word7&select=id",
                               "/items.csv?limit=3", "/openapi.json", "/-/health"):
                    status, body = server.get(target)
                    assert status < 400 or is_error(body), (target, body[:200])
                    came[status // 100 * 100] += 1
                assert server.process.poll() is None
        except Refused as refused:
            assert str(refused).startswith("error: ") and "panicked" not in str(refused), refused
            came["refused at start"] += 1
    return ", ".join(f"{what}: {count}" for what, count in sorted(came.items(), key=str)) + "; verify noticed each"


CASES = [kills_at_each_step, full_disks, hostile_descriptors, damaged_releases]
