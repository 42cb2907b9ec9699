"""The project's workflows, run by `act` on this machine as GitHub would run them, each job in a checkout of its own.

`actions/` holds what stands in for the actions of others, `gh.py` what stands in for GitHub's API.
"""

import contextlib
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

from builder import ended, start
from policy import lacking, policies
from rights import of
from shop import GIT, git

HERE = Path(__file__).resolve().parent
REPOSITORY = "acme/shop"
ZEROS = "0" * 40
ANNOTATIONS = ["notice", "warning", "error"]
RUNNERS = ["ubuntu-24.04", "ubuntu-24.04-arm"]
# What a workflow runs of ours.
OURS = ("builder ", "publisher ", ".coldpress/.ci/")
# A path may hold blanks, which a first line can't.
STAND_IN = "#!/bin/sh\nexec '{python}' -B '{here}/{name}.py' \"$@\"\n"
COMPILES = "#!/bin/sh\necho \"error: $0 was called, and the binaries are there\" >&2\nexit 99\n"


class Run:
    """How a workflow ended: `steps` is what ran, as (job, step, result), `seconds` how long each took; `jobs` is how each job
    ended, by its key."""

    def __init__(self, done, calls):
        self.code, self.calls = done.code, calls
        self.steps, self.seconds, self.jobs, self.output, out = [], {}, {}, {}, []
        # Digest by file, as noted by the stand-in; the bodies of a pull request's comments.
        self.attested, self.comments = {}, []
        for line in done.out.splitlines():
            self.read(json.loads(line), out)
        self.whole = "".join(out) + done.err

    def read(self, event, out):
        job, step = event.get("jobID"), event.get("step")
        if event.get("raw_output") or event.get("command") in ANNOTATIONS:
            text = event.get("raw") or event["msg"]
            text = text if text.endswith("\n") else text + "\n"
            out.append(text)
            self.output[job, step] = self.output.get((job, step), "") + text
        elif event.get("stage") == "Main" and "stepResult" in event and len(event["stepID"]) == 1:
            self.steps.append((job, step, event["stepResult"]))
            # In nanoseconds.
            self.seconds[job, step] = event["executionTime"] / 1e9
        elif "jobResult" in event:
            self.jobs[job] = event["jobResult"]

    def ok(self):
        assert self.code == 0, self.whole
        return self

    def called(self, job):
        """What the job called of ours, in its order, up to what failed."""
        found = [(step, result) for of, step, result in self.steps if of == job]
        return [step for step, result in found if result != "skipped" and step.startswith(OURS)]

    def failed(self):
        return [(job, step) for job, step, result in self.steps if result == "failure"]

    def lines(self, job, step):
        """The results that builder printed in a step."""
        return [json.loads(line) for line in self.output[job, step].splitlines() if line.startswith('{"')]

    def asked(self, pattern):
        """Who made a request of that kind."""
        return {call.who for call in self.calls if re.fullmatch(pattern, call.line)}


class Workflows:
    """`run = Workflows(...)`; `run.dispatch("rollback.yml", release="previous")`. No run may ask what its role may not."""

    def __init__(self, act, directory, world, binaries, coldpress=None):
        """`coldpress` is what a data repository's workflow calls; else the workflows are the repository's own."""
        self.world, self.shop, self.directory, self.coldpress = world, world.shop, directory, coldpress
        self.act, self.notes = act, directory / "notes"
        self.policies = {f"coldpress-{role}": policy for role, policy in policies(world.aws.client("iam")).items()}
        # Bootstrap's outputs, as variables have them; a test may set the second, and its roles' policies.
        self.account, self.staging = json.dumps(json.loads(world.account)), None
        self.notes.mkdir()
        self.binaries(directory / "bin", Path(act).parent / "python")
        self.env = self.environment(binaries)
        if coldpress:
            self.env |= coldpress.env()
        self.arguments = ["--json", "--rm", "--no-skip-checkout", "--no-cache-server", "--secret", "GITHUB_TOKEN=nobody's"]
        self.arguments += [f"--platform={runner}=-self-hosted" for runner in RUNNERS]
        # Between two questions about CI nothing happens here that would take a while.
        self.arguments += ["--env", f"GITHUB_REPOSITORY={REPOSITORY}", "--env", "PAUSE=0"]

    def binaries(self, directory, python):
        directory.mkdir()
        programs = {name: STAND_IN.format(python=python, here=HERE, name=name) for name in ("gh", "attest")}
        programs |= dict.fromkeys(("cargo", "rustup"), COMPILES)
        for name, text in programs.items():
            (directory / name).write_text(text)
            (directory / name).chmod(0o755)

    def environment(self, binaries):
        """What a runner has before the first step: programs, no credentials, none of this shell's settings."""
        home = self.directory / "home"
        home.mkdir()
        env = {name: os.environ[name] for name in ("LANG", "TF_CLI_CONFIG_FILE", "TMPDIR") if name in os.environ}
        env |= GIT | {"PATH": f"{self.directory / 'bin'}:{os.environ['PATH']}"}
        env |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), "XDG_CONFIG_HOME": str(home / ".config")}
        env |= {"AWS_ENDPOINT_URL": self.world.aws.url, "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "3"}
        env |= {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
        env |= {"STAND_IN_ORIGIN": str(self.shop.directory), "STAND_IN_BINARIES": str(binaries)}
        return env | {"STAND_IN_NOTES": str(self.notes)}

    def ci(self, commit, *states):
        """What CI's run for that commit is, each time that somebody asks: (status, conclusion). Else it is green."""
        (self.notes / f"ci-{commit}.json").write_text(json.dumps(states))

    def push(self, workflow, commit):
        """main was pushed with that commit; where it is not main's newest, the run is an old one, started again."""
        _, *parents = self.shop_git("rev-list", "--parents", "--max-count=1", commit).split()
        before = parents[0] if parents else ZEROS
        return self.run("push", workflow, commit, ref="refs/heads/main", after=commit, before=before)

    def dispatch(self, workflow, **inputs):
        """Somebody clicks on "Run workflow"; an input that is not given has its default."""
        return self.run("workflow_dispatch", workflow, "main", ref="refs/heads/main", inputs=inputs)

    def scheduled(self, workflow):
        return self.run("schedule", workflow, "main", schedule="17 */6 * * *")

    def pull_request(self, workflow, number, branch, fork=False):
        """A branch against main: GitHub runs the commit that would merge it."""
        of = {"full_name": "somebody/shop" if fork else REPOSITORY}
        base, head = ({"ref": ref, "sha": self.shop_git("rev-parse", ref).strip()} for ref in ("main", branch))
        request = {"number": number, "base": {**base, "repo": {"full_name": REPOSITORY}}, "head": {**head, "repo": of}}
        tree = self.shop_git("merge-tree", "--write-tree", "main", branch).strip()
        parents = ["-p", base["sha"], "-p", head["sha"]]
        merged = self.shop_git("commit-tree", *parents, "-m", f"Merge {branch}", tree).strip()
        self.shop_git("update-ref", f"refs/pull/{number}/merge", merged)
        return self.run("pull_request", workflow, merged, number=number, pull_request=request)

    def shop_git(self, *arguments):
        return git(self.shop.directory, *arguments)

    def run(self, event, workflow, commit, **payload):
        for name in ("artifacts", "attested"):
            with contextlib.suppress(FileNotFoundError):
                path = self.notes / name
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        payload["repository"] = {"full_name": REPOSITORY, "default_branch": "main"}
        (self.directory / "event.json").write_text(json.dumps(payload))
        before = len(self.world.aws.calls)
        with self.at(commit) as place:
            arguments = [event, "--workflows", f".github/workflows/{workflow}", *self.arguments, *self.stand_ins(place)]
            arguments += ["--eventpath", str(self.directory / "event.json"), "--var", f"COLDPRESS_ACCOUNT={self.account}"]
            if self.staging:
                arguments += ["--var", f"COLDPRESS_STAGING={self.staging}"]
            done = Run(ended(start([self.act, *arguments], self.env, place), timeout=900), self.world.aws.calls[before:])
        print(f"== {workflow}, {event}:\n{done.whole}")  # which pytest shows where a test fails
        # A role is known by its access key; without one, nothing is allowed.
        nothing = {"Statement": []}
        for role in {call.who for call in done.calls}:
            calls = [call for call in done.calls if call.who == role]
            assert lacking(self.policies.get(role, nothing), of(calls)) == [], role
        with contextlib.suppress(FileNotFoundError):
            lines = (self.notes / "attested").read_text().splitlines()
            done.attested = {file: digest for digest, file in (line.split("  ") for line in lines)}
        with contextlib.suppress(FileNotFoundError):
            comments = json.loads((self.notes / f"comments-{payload.get('number')}.json").read_text())
            done.comments = [comment["body"] for comment in comments]
        return done

    @contextlib.contextmanager
    def at(self, commit):
        """act finds the commit and the branch in a repository: main, and in it that commit."""
        with tempfile.TemporaryDirectory(dir=self.directory) as place:
            git(place, "clone", "--quiet", "--no-checkout", str(self.shop.directory), ".")
            git(place, "fetch", "--quiet", "origin", self.shop_git("rev-parse", commit).strip())
            git(place, "checkout", "--quiet", "-B", "main", "FETCH_HEAD")
            for path in (Path(place) / ".github" / "workflows").glob("*.yml"):
                path.write_text(self.for_act(path.read_text(), REPOSITORY, self.shop_git("rev-parse", commit).strip()))
            yield Path(place)

    @staticmethod
    def for_act(text, repository, commit):
        """act knows no queue that holds more than one run, and not where a workflow comes from."""
        text = text.replace("      queue: max\n", "").replace("job.workflow_sha", f"'{commit}'")
        return text.replace("job.workflow_repository", f"'{repository}'")

    def stand_ins(self, place):
        """For each action that a workflow names, with its version; one that has no stand-in is an error."""
        found = set()
        for path in [*(place / ".github").rglob("*.yml"), *(self.coldpress.actions() if self.coldpress else [])]:
            found |= set(re.findall(r"uses: ([\w.-]+/[\w.-]+)@(\w+)", path.read_text()))
        if self.coldpress:
            yield from self.coldpress.stand_ins(self.directory, self.for_act)
        for name, version in sorted(found):
            assert (HERE / "actions" / name / "action.yml").is_file(), f"{name} has no stand-in"
            yield from ("--local-repository", f"{name}@{version}={HERE / 'actions' / name}")
