"""Attacks by repositories and datasets that somebody else has made: what they name is neither run nor read."""

import json
import os
import resource
import socket
import subprocess
from collections import Counter

from server import Server, parsed, read

FIELDS = [{"name": "id", "type": "integer"}, {"name": "text", "type": "string"}]


def limited():
    """1 GB of addresses for the builder."""
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def descriptor(name, path, **changes):
    schema = {"fields": FIELDS, "primaryKey": "id"}
    return json.dumps({"name": name, "resources": [{"name": name, "path": path, "schema": schema} | changes]})


def git(directory, *arguments, **options):
    environment = os.environ | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "a", f"GIT_{role}_EMAIL": "a@example.org"}
    return subprocess.run(["git", *arguments], cwd=directory, env=environment, check=True, capture_output=True, **options)


def hostile_repositories(place):
    """a repository whose configuration runs commands, with links out of it, submodules and odd names"""
    root = os.path.join(place.work, "repository")
    datasets, witness = os.path.join(root, "datasets"), os.path.join(place.work, "was run")
    write(os.path.join(datasets, "good", "datapackage.json"), descriptor("good", "t.csv"))
    write(os.path.join(datasets, "good", "t.csv"), "id,text\n1,a\n")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "good")
    for name in ("line\nfeed.csv", "-o", "--upload-pack=x", 'quo"te.csv', "a b.csv", "\u202egnp.csv"):
        write(os.path.join(datasets, "good", name), "x\n")
    write(os.path.join(os.fsencode(datasets), b"good", b"\xff\xfe.csv"), b"x\n")
    for number, (link, target) in enumerate([("t.csv", "/etc/passwd"), ("t.csv", "../../../../../../etc/passwd"),
                                             ("datapackage.json", "/etc/passwd"), ("t.csv", "t.csv"), ("t.csv", "/dev/zero")]):
        directory = os.path.join(datasets, f"link-{number}")
        write(os.path.join(directory, "datapackage.json"), descriptor(f"link{number}", "t.csv"))
        if os.path.exists(os.path.join(directory, link)):
            os.remove(os.path.join(directory, link))
        os.symlink(target, os.path.join(directory, link))
    os.symlink("/etc", os.path.join(datasets, "etc"))
    write(os.path.join(root, ".gitattributes"), "* filter=evil diff=evil merge=evil\n")
    git(root, "add", "--all")
    commit = git(root, "rev-parse", "HEAD", text=True).stdout.strip()
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{commit},datasets/submodule")
    git(root, "commit", "--quiet", "--message", "hostile")
    git(root, "tag", "v1", "-m", "x")
    run = f'sh -c \'touch "{witness}"\''
    settings = {"core.fsmonitor": run, "core.hooksPath": root, "core.pager": run, "core.sshCommand": run, "core.editor": run,
                "filter.evil.clean": run, "filter.evil.smudge": run, "filter.evil.process": run, "filter.evil.required": "true",
                "diff.evil.command": run, "diff.evil.textconv": run, "diff.external": run, "merge.evil.driver": run,
                "remote.origin.url": f"ext::{run}", "remote.origin.promisor": "true", "extensions.partialClone": "origin",
                "alias.status": f"!{run}", "core.alternateRefsCommand": run, "gpg.program": run, "log.showSignature": "true",
                "include.path": os.path.join(root, "no such file")}
    with open(os.path.join(root, ".git", "config"), "a") as config:
        for key, value in settings.items():
            section, _, name = key.rpartition(".")
            section, _, sub = section.partition(".")
            quoted = value.replace("\\", "\\\\").replace('"', '\\"')
            config.write(f'[{section}{f" {json.dumps(sub)}" if sub else ""}]\n{name} = "{quoted}"\n')
    with open(os.path.join(datasets, "good", "t.csv"), "a") as rows:
        rows.write("2,changed since\n")
    came = Counter()
    for arguments in (["check", "datasets"], ["build", "datasets", "-o", "../r"], ["check", "datasets", "--against", "HEAD~1"],
                      ["diff", "HEAD~1", "v1"], ["bump", "--against", "HEAD~1"], ["diff", "--", "-o"],
                      ["build", "datasets/good", "-o", "../r"]):
        done = place.run(*arguments, cwd=root, preexec_fn=limited)
        assert done.returncode in (0, 1, 2) and "panicked" not in done.stderr, (arguments, done)
        assert "root:" not in done.stdout + done.stderr, (arguments, done)
        assert not os.path.exists(witness), arguments
        came[done.returncode] += 1
    assert came[0], came
    return ", ".join(f"exit code {code}: {count}" for code, count in sorted(came.items())) + ", nothing of it was run"


def irregular_files(place):
    """pipes, sockets, devices and links in place of data, descriptors, schemas and the lock"""
    def special(path, kind):
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "socket":
            socket.socket(socket.AF_UNIX).bind(os.path.relpath(path))
        elif kind == "directory":
            os.mkdir(path)
        else:
            os.symlink(kind, path)
    tried = 0
    for kind in ("pipe", "socket", "directory", "/dev/zero", "/dev/stdin", "/proc/self/mem"):
        for which in ("t.csv", "datapackage.json", "schema.json"):
            directory = os.path.join(place.work, f"irregular-{tried}", "d")
            write(os.path.join(directory, "t.csv"), "id,text\n1,a\n")
            schema = {"schema": "schema.json"} if which == "schema.json" else {}
            write(os.path.join(directory, "datapackage.json"), descriptor("d", "t.csv", **schema))
            if which != "schema.json":
                os.remove(os.path.join(directory, which))
            special(os.path.join(directory, which), kind)
            done = place.run("check", os.path.dirname(directory), preexec_fn=limited, stdin=subprocess.DEVNULL)
            assert done.returncode == 1 and "panicked" not in done.stderr, (kind, which, done)
            tried += 1
    lock = os.path.join(place.work, ".locked.coldpress-lock")
    victim = os.path.join(place.work, "victim")
    write(victim, "untouched")
    place.write(1)
    for kind in ("pipe", "directory", victim, "/dev/zero"):
        special(lock, kind)
        done = place.run("build", place.datasets, "-o", os.path.join(place.work, "locked"), "--quiet")
        assert done.returncode == 2 and "remove it" in done.stderr, (kind, done)
        os.rmdir(lock) if kind == "directory" else os.remove(lock)
        tried += 1
    with open(victim) as file:
        assert file.read() == "untouched"
    return f"{tried} refused, none waited for"


def huge_descriptors(place):
    """descriptors and schemas of 2 GB, of 15 MB, and JSON Schemas that never end"""
    def sized(path, size):
        write(path, "{}")
        os.truncate(path, size)
    directory = os.path.join(place.work, "huge", "d")
    write(os.path.join(directory, "t.csv"), "id,text\n1,a\n")
    main, schema = os.path.join(directory, "datapackage.json"), os.path.join(directory, "schema.json")
    texts = []
    def check(what):
        done = place.run("check", os.path.dirname(directory), preexec_fn=limited)
        assert done.returncode == 1 and "panicked" not in done.stderr and "overflow" not in done.stderr, (what, done)
        texts.append(what)
    sized(main, 2 << 30)
    check("2 GB")
    sized(schema, 2 << 30)
    write(main, descriptor("d", "t.csv", schema="schema.json"))
    check("a schema of 2 GB")
    write(main, '{"name": "d", "x": [' + "1," * 7_000_000 + "1], \"resources\": []}")
    check("7,000,000 numbers")
    write(main, '{"name": "d", "resources": [' + ",".join(['{"name": "a", "schema": {}}'] * 100_000) + "]}")
    check("100,000 resources")
    deep = "[" * 90 + "]" * 90
    chain = {str(number): {"$ref": f"#/$defs/{number + 1}"} for number in range(5000)} | {"5000": {}}
    doubling = {str(number): {"allOf": [{"$ref": f"#/$defs/{number + 1}"}] * 2} for number in range(60)} | {"60": {}}
    for json_schema in ({"$ref": "#"}, {"allOf": [{"$ref": "#"}]}, {"not": {"$ref": "#"}},
                        {"allOf": [{"items": {"$ref": "#"}}, {"items": {"$ref": "#"}}]},
                        {"$ref": "#/$defs/0", "$defs": chain}, {"$ref": "#/$defs/0", "$defs": doubling},
                        {"$dynamicAnchor": "a", "anyOf": [{"$dynamicRef": "#a"}]}, {"pattern": "(a{1000}){1000}"},
                        {"$ref": "file:///etc/passwd"}, {"$ref": "http://127.0.0.1:1/x"}):
        fields = [{"name": "v", "type": "array", "constraints": {"jsonSchema": json_schema}}]
        write(os.path.join(directory, "t.csv"), f'v\n"{deep}"\n')
        write(main, descriptor("d", "t.csv", schema={"fields": fields}))
        check(json.dumps(json_schema)[:60])
    return f"{len(texts)} descriptors, a finding for each"


def memory(place):
    """searches, sorts, groups and embeds over 200,000 texts, in the memory of a Lambda function of 128 MB"""
    directory, release = os.path.join(place.work, "many", "m"), os.path.join(place.work, "many rows")
    os.makedirs(directory)
    words = [f"w{number}" for number in range(5000)]
    with open(os.path.join(directory, "m.csv"), "w") as rows:
        rows.write("id,parent,kind,text,data\n")
        for row in range(200_000):
            text = " ".join(words[(row * 31 + word * word * 7) % 5000] for word in range(20))
            rows.write(f'{row},{row // 100},k{row % 997},{text},"[{row % 89},{row}]"\n')
    fields = [{"name": "id", "type": "integer"}, {"name": "parent", "type": "integer"}, {"name": "kind", "type": "string"},
              {"name": "text", "type": "string", "searchable": True}, {"name": "data", "type": "array"}]
    keys = [{"fields": "parent", "reference": {"fields": "id"}}]
    schema = {"fields": fields, "primaryKey": "id", "foreignKeys": keys}
    write(os.path.join(directory, "datapackage.json"), descriptor("m", "m.csv", schema=schema))
    done = place.run("build", os.path.dirname(directory), "-o", release, "--quiet", "--no-history")
    assert done.returncode == 0, done
    queries = [
        "text=fts." + "%7C".join(words[:50]), "text=fts." + "%26".join(["w:*"] * 50), "text=fts." + "%7C".join(["w:*"] * 50),
        "or=(" + ",".join(["text.fts.w:*"] * 50) + ")", "not.or=(" + ",".join(f"text.fts.{word}" for word in words[:50]) + ")",
        "order=text.desc,data,kind&offset=199000", "order=data.desc,text&limit=5", "select=text,data,count()&order=count.desc",
        "distinct=true&select=text,data,kind", "select=n:text.count(distinct)", "select=kind,text.max(),data.min(),id.sum()",
        "select=*,m(*)&order=text&limit=1000", "select=id,m(id,text)&m.order=text.desc&order=data", "text=match.zq$&order=text",
    ]
    came = Counter()
    with Server(place.reader, release, MAX_MEMORY=64_000_000, QUERY_MS=5_000) as server:
        for query in queries:
            status, body = server.get(f"/m?{query}")
            # The row that a foreign key leads to and those that lead to it are both `m`.
            assert status in (200, 300, 400), (query[:80], status, body[:200])
            came[json.loads(body)["code"] if status == 400 else status] += 1
        for file in ("/m.csv?order=text", "/m.ndjson?order=data.desc"):
            assert read(server.send(f"GET {file} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode()))
        status, _ = server.get("/m/7")
        assert status == 200
        peak = server.peak()
    assert set(came) <= {200, 300, "53200", "57014"} and came[200] >= 5, came
    assert peak < 128, f"{peak} MB"
    return ", ".join(f"{what}: {count}" for what, count in sorted(came.items(), key=str)) + f", at most {peak} MB"


def deepest_json(place):
    """JSON of 100 levels in a row that a later version removed"""
    root = os.path.join(place.work, "deep")
    deep = "[" * 100 + "]" * 100
    fields = FIELDS + [{"name": "data", "type": "array"}]
    write(os.path.join(root, "datasets", "d", "datapackage.json"),
          descriptor("items", "t.csv", schema={"fields": fields, "primaryKey": "id"}))
    git(os.path.dirname(root), "init", "--quiet", root)
    for rows in (f'7,a,"{deep}"\n8,b,"{deep}"\n', f'7,a,"{deep}"\n'):
        write(os.path.join(root, "datasets", "d", "t.csv"), "id,text,data\n" + rows)
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", "x")
    done = place.run("build", "--quiet", cwd=root)
    assert done.returncode == 0, done
    assert place.run("verify", "dist", cwd=root).returncode == 0
    with Server(place.reader, os.path.join(root, "dist")) as server:
        for target, expected in (("/items/7", 200), ("/items/8", 410), ("/-/changes/items", 200), ("/-/history/items/8", 200)):
            status, body = server.get(target)
            assert status == expected and deep in body.decode(), (target, status, body[:200])
        server.lives()
    return "verified, served, and the removed row is 410 with its values"


CASES = [hostile_repositories, irregular_files, huge_descriptors, deepest_json, memory]
