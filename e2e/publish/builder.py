"""The real builder, run beside an endpoint that stands for AWS."""

import json
import os
import subprocess
from pathlib import Path

BUILDER = Path(os.environ["COLDPRESS_BUILDER"])
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
    def steps(self):
        """The steps of a run that prints several, each on a line."""
        return [json.loads(line) for line in self.out.splitlines()]

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


def ended(process, timeout=300):
    """Waits for a run that was started."""
    process.stdout, process.stderr = process.communicate(timeout=timeout)
    return Ran(process)


class Builder:
    """`builder` with AWS at an endpoint."""

    def __init__(self, endpoint):
        self.endpoint = endpoint

    def start(self, *arguments, attempts="1", at=None, **env):
        """In a session of its own, so that it can be killed with all that it starts."""
        return subprocess.Popen(
            [BUILDER, *map(str, arguments)],
            cwd=at,
            env=environment(self.endpoint, AWS_MAX_ATTEMPTS=attempts, **env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __call__(self, *arguments, **env):
        return ended(self.start(*arguments, **env))
