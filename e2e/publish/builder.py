"""The real builder, run beside an endpoint that stands for AWS."""

import json
import os
import signal
import subprocess
from pathlib import Path

# What a shell starts in the background without job control ignores Ctrl-C, and so does what that starts, as
# long as it is not handled in between.
signal.signal(signal.SIGINT, signal.default_int_handler)

BUILDER = Path(os.environ["COLDPRESS_BUILDER"])
PUBLISHER = Path(os.environ["COLDPRESS_PUBLISHER"])
REGION = "eu-central-1"


class Ran:
    """How a run of builder ended."""

    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def ok(self):
        assert self.code == 0, self.err
        return self

    @property
    def json(self):
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)

    @property
    def lines(self):
        """Each step's result and the end's, of a run of several steps; what else is printed is for people."""
        return [json.loads(line) for line in self.out.splitlines() if line.startswith('{"')]

    def fails(self, *lines):
        """Its stderr, without progress, is these lines."""
        found = [line for line in self.err.splitlines() if not line.startswith(("writing ", "reading "))]
        assert (self.code, self.out, found) == (2, "", list(lines)), self.err


def environment(endpoint, **more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_") and k != "HOME"}
    kept.update(
        AWS_CONFIG_FILE="/dev/null",
        AWS_SHARED_CREDENTIALS_FILE="/dev/null",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_REGION=REGION,
    )
    if endpoint:
        kept["AWS_ENDPOINT_URL"] = endpoint
    kept.update(more)
    return {k: v for k, v in kept.items() if v is not None}


def start(command, env, at=None):
    """In a session of its own, so that it can be killed with all that it starts."""
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=at, env=env, stdout=pipe, stderr=pipe, text=True, start_new_session=True)


def ended(process, timeout=100):
    """Waits for a run that was started; one that takes longer is killed, with all that it started, and told of."""
    try:
        process.stdout, process.stderr = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        raise AssertionError(f"after {timeout} s: {out}\n{err}") from None
    return Ran(process)


class Builder:
    """`publisher` with AWS at an endpoint."""

    def __init__(self, endpoint):
        self.endpoint = endpoint

    def start(self, *arguments, attempts="1", **env):
        return start([PUBLISHER, *map(str, arguments)], environment(self.endpoint, AWS_MAX_ATTEMPTS=attempts, **env))

    def __call__(self, *arguments, **env):
        return ended(self.start(*arguments, **env))
