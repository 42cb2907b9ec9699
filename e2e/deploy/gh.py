"""`gh api` for the scripts in .ci, answered from the scratch repository and from notes: what two commits differ in, the comments
on a pull request, CI's runs, the artifacts that stay, and the repository's rules; `gh run download`; and `gh attestation verify`. `--jq` is judged by jq itself; GitHub's gh has its own.
"""

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs

import jq

BOT = {"login": "github-actions[bot]"}


class Absent(Exception):
    """HTTP 404."""


class Note:
    """What is remembered from one call of gh to the next, written where the block ends well.

    Jobs of one run call gh at the same time: the block has the note to itself.
    """

    def __init__(self, name, default):
        self.path = Path(os.environ["STAND_IN_NOTES"]) / f"{name}.json"
        self.default = default

    def __enter__(self):
        self.lock = self.path.with_suffix(".lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.value = json.loads(self.path.read_text()) if self.path.exists() else self.default
        return self.value

    def __exit__(self, kind, *_):
        if kind is None:
            self.path.write_text(json.dumps(self.value))
        self.lock.close()


def compare(base, head):
    """As GitHub's comparison: what `head` has since it left `base`."""
    command = ["git", "diff", "--name-status", "--find-renames", "-z", f"{base}...{head}"]
    done = subprocess.run(command, cwd=os.environ["STAND_IN_ORIGIN"], stdout=subprocess.PIPE, text=True, check=True)
    words, files = iter(done.stdout.split("\0")[:-1]), []
    for status in words:
        before = {"previous_filename": next(words)} if status[0] in "RC" else {}
        files.append({"filename": next(words), "status": status, **before})
    return {"files": files}


def comments(method, number, body):
    with Note(f"comments-{number}", []) as found:
        if method == "POST":
            found.append({"id": 1001 + len(found), "user": BOT, "body": body["body"]})
        return found


def change_comment(id_, body):
    for path in Path(os.environ["STAND_IN_NOTES"]).glob("comments-*.json"):
        with Note(path.stem, None) as found:
            for comment in found:
                if comment["id"] == id_:
                    comment["body"] = body["body"]


def ci(query):
    """CI's newest run for a commit. A test may say what it has to be, one after the other; else it is green."""
    assert query["event"] == ["push"]
    sha = query["head_sha"][0]
    with Note(f"ci-{sha}", [["completed", "success"]]) as states:
        state = states.pop(0) if len(states) > 1 else states[0]
    url = f"https://github.example/{os.environ['GITHUB_REPOSITORY']}/actions/runs/1"
    return {"workflow_runs": [{"status": state[0], "conclusion": state[1], "html_url": url}] if state else []}


def artifacts(query):
    """The one artifact that outlives its run, if a release left it."""
    assert query["name"] == ["tools"]
    run = {"id": 11, "head_branch": "main", "repository_id": 1, "head_repository_id": 1}
    there = (Path(os.environ["STAND_IN_NOTES"]) / "tools").is_dir()
    return {"artifacts": [{"expired": False, "workflow_run": run}] if there else []}


def download(asked):
    assert (asked.path, asked.rest, asked.name) == ("download", ["11"], "tools"), asked
    shutil.copytree(Path(os.environ["STAND_IN_NOTES"]) / "tools", asked.dir, dirs_exist_ok=True)


def verify(asked):
    """Whether the tools' release attested the file: a signature is not looked at."""
    digest = hashlib.sha256(Path(asked.rest[0]).read_bytes()).hexdigest()
    tag = asked.source_ref.removeprefix("refs/tags/")
    with Note("tools-attested", {}) as attested:
        if attested.get(f"{asked.repo} {tag}") != digest or asked.signer_workflow != f"{asked.repo}/.github/workflows/tools.yml":
            sys.exit(f"Error: no attestation of {asked.repo} has the digest {digest}")


def environment(method, name, rest, body):
    """An environment and the branches that it is for. A PUT says all of it: what it leaves out is gone."""
    with Note(f"environment-{name}", {}) as kept:
        if method == "PUT":
            rules = [{"type": "wait_timer", "wait_timer": body["wait_timer"]}] if body.get("wait_timer") else []
            if asked := body.get("reviewers"):
                people = [{"type": person["type"], "reviewer": {"id": person["id"]}} for person in asked]
                rules.append({"type": "required_reviewers", "prevent_self_review": body["prevent_self_review"], "reviewers": people})
            kept.update(protection_rules=rules, deployment_branch_policy=body["deployment_branch_policy"])
            return kept
        if not kept:
            raise Absent
        branches = kept.setdefault("branch_policies", [])
        if method == "POST":
            branches.append({"id": 1 + len(branches), **body})
        if method == "DELETE":
            branches[:] = [branch for branch in branches if rest != f"/deployment-branch-policies/{branch['id']}"]
        return kept


def rulesets(method, id_, body):
    with Note("rulesets", []) as found:
        if method == "POST":
            found.append({"id": 1 + len(found), **body})
        if method == "PUT":
            (there,) = (it for it in found if it["id"] == int(id_))
            there.update(body)
        return found


def answer(method, path, body):
    path, _, query = path.replace("{owner}/{repo}", os.environ["GITHUB_REPOSITORY"]).partition("?")
    at = f"repos/{os.environ['GITHUB_REPOSITORY']}/"
    if not path.startswith(at):
        raise Absent
    path = path.removeprefix(at)
    if (asked := re.fullmatch(r"compare/(\w+)\.\.\.(\w+)", path)) and method == "GET":
        return compare(*asked.groups())
    if asked := re.fullmatch(r"issues/(\d+)/comments", path):
        return comments(method, asked[1], body)
    if (asked := re.fullmatch(r"issues/comments/(\d+)", path)) and method == "PATCH":
        return change_comment(int(asked[1]), body)
    if path == "actions/workflows/ci.yml/runs" and method == "GET":
        return ci(parse_qs(query))
    if path == "actions/artifacts" and method == "GET":
        return artifacts(parse_qs(query))
    if asked := re.fullmatch(r"environments/(production|staging)((?:/deployment-branch-policies(?:/\d+)?)?)", path):
        return environment(method, *asked.groups(), body)
    if asked := re.fullmatch(r"rulesets(?:/(\d+))?", path):
        return rulesets(method, asked[1], body)
    raise Absent


def told(asked):
    """The request's body, from a field or from a file."""
    if asked.input:
        return json.loads(sys.stdin.read() if asked.input == "-" else Path(asked.input).read_text())
    name, value = asked.field.split("=", 1)
    return {name: Path(value[1:]).read_text() if value.startswith("@") else value}


def main():
    parser = argparse.ArgumentParser(prog="gh")
    parser.add_argument("command", choices=["api", "run", "attestation"])
    parser.add_argument("path")
    parser.add_argument("rest", nargs="*")
    for option in ("--repo", "--name", "--dir", "--source-ref", "--signer-workflow"):
        parser.add_argument(option)
    parser.add_argument("--method", default="GET")
    parser.add_argument("--field", default="=")
    for option in ("--jq", "--input"):
        parser.add_argument(option)
    for flag in ("--paginate", "--silent"):
        parser.add_argument(flag, action="store_true")
    asked = parser.parse_args()
    if not os.environ.get("GH_TOKEN"):
        sys.exit("gh: to use GitHub CLI in a workflow, set the environment variable GH_TOKEN")
    if asked.command == "run":
        return download(asked)
    if asked.command == "attestation":
        return verify(asked)
    try:
        found = answer(asked.method, asked.path, told(asked))
    except Absent:
        sys.exit(f"gh: Not Found (HTTP 404): {asked.method} {asked.path}")
    if asked.jq:
        for result in jq.compile(asked.jq).input_value(found).all():
            print(result if isinstance(result, str) else json.dumps(result))
    elif not asked.silent:
        print(json.dumps(found))


main()
