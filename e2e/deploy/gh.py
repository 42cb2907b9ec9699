"""`gh api` for the scripts in .ci, answered from the scratch repository: what two commits differ in, and the comments on
a pull request. `--jq` is judged by jq itself; GitHub's gh has its own.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jq

BOT = {"login": "github-actions[bot]"}


def compare(base, head):
    """As GitHub's comparison: what `head` has since it left `base`."""
    command = ["git", "diff", "--name-status", "--find-renames", "-z", f"{base}...{head}"]
    done = subprocess.run(command, cwd=os.environ["STAND_IN_ORIGIN"], stdout=subprocess.PIPE, text=True, check=True)
    words, files = iter(done.stdout.split("\0")[:-1]), []
    for status in words:
        before = {"previous_filename": next(words)} if status[0] in "RC" else {}
        files.append({"filename": next(words), "status": status, **before})
    return {"files": files}


class Comments:
    """Those of one pull request, in a file."""

    def __init__(self, number):
        self.path = Path(os.environ["STAND_IN_NOTES"]) / f"comments-{number}.json"

    def all(self):
        return json.loads(self.path.read_text()) if self.path.exists() else []

    def write(self, comments):
        self.path.write_text(json.dumps(comments))
        return comments

    def add(self, body):
        comments = self.all()
        return self.write([*comments, {"id": 1001 + len(comments), "user": BOT, "body": body}])

    @classmethod
    def change(cls, id_, body):
        for path in Path(os.environ["STAND_IN_NOTES"]).glob("comments-*.json"):
            comments = json.loads(path.read_text())
            for comment in comments:
                if comment["id"] == id_:
                    comment["body"] = body
            path.write_text(json.dumps(comments))


def answer(method, path, field):
    at = f"repos/{os.environ['GITHUB_REPOSITORY']}/"
    if not path.startswith(at):
        sys.exit(f"gh: {path} is in another repository (HTTP 404)")
    path = path.removeprefix(at)
    if (asked := re.fullmatch(r"compare/(\w+)\.\.\.(\w+)", path)) and method == "GET":
        return compare(*asked.groups())
    if asked := re.fullmatch(r"issues/(\d+)/comments", path):
        comments = Comments(asked[1])
        return comments.all() if method == "GET" else comments.add(field["body"])
    if (asked := re.fullmatch(r"issues/comments/(\d+)", path)) and method == "PATCH":
        return Comments.change(int(asked[1]), field["body"])
    sys.exit(f"gh: {method} {path}: not to be had here (HTTP 404)")


def main():
    parser = argparse.ArgumentParser(prog="gh")
    parser.add_argument("command", choices=["api"])
    parser.add_argument("path")
    parser.add_argument("--method", default="GET")
    parser.add_argument("--field", default="=")
    parser.add_argument("--jq")
    for flag in ("--paginate", "--silent"):
        parser.add_argument(flag, action="store_true")
    asked = parser.parse_args()
    if not os.environ.get("GH_TOKEN"):
        sys.exit("gh: to use GitHub CLI in a workflow, set the environment variable GH_TOKEN")
    name, value = asked.field.split("=", 1)
    found = answer(asked.method, asked.path, {name: Path(value[1:]).read_text() if value.startswith("@") else value})
    if asked.jq:
        for result in jq.compile(asked.jq).input_value(found).all():
            print(result if isinstance(result, str) else json.dumps(result))
    elif not asked.silent:
        print(json.dumps(found))


main()
