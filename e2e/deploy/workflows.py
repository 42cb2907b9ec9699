"""The project's workflows, run by `act` on this machine, each step in a shell of its own; and what stands in for the
actions of others, which are not to be had here.
"""

import json
import os
import re
import shutil

from builder import ended, start
from shop import GIT

# By repository. What one does with the world outside is done with directories; a role's name becomes the access key, so
# that it can be seen who asked.
STAND_INS = {
    "actions/cache": """
    - id: cache
      run: |
        mkdir -p "$(dirname "${{ inputs.path }}")"
        ln -s "$COLDPRESS_BINARIES/$(basename "${{ inputs.path }}")" "${{ inputs.path }}"
        echo "cache-hit=true" >> "$GITHUB_OUTPUT"
    """,
    "actions/upload-artifact": """
    - run: mkdir -p "$COLDPRESS_ARTIFACTS" && cp -R "${{ inputs.path }}" "$COLDPRESS_ARTIFACTS/${{ inputs.name }}"
    """,
    "actions/download-artifact": """
    - run: mkdir -p "${{ inputs.path }}" && cp -R "$COLDPRESS_ARTIFACTS/${{ inputs.name }}/." "${{ inputs.path }}"
    """,
    "actions/attest-build-provenance": """
    - run: sha256sum $(cat) >> "$COLDPRESS_ARTIFACTS/attested" << 'END'
        ${{ inputs.subject-path }}
        END
    """,
    "aws-actions/configure-aws-credentials": """
    - run: |
        role='${{ inputs.role-to-assume }}'
        { echo "AWS_ACCESS_KEY_ID=${role##*/}"; echo "AWS_SECRET_ACCESS_KEY=test"
          echo "AWS_REGION=${{ inputs.aws-region }}"; } >> "$GITHUB_ENV"
    """,
    # It is on the PATH.
    "hashicorp/setup-terraform": """
    - run: terraform version > /dev/null
    """,
}
INPUTS = "path key name if-no-files-found retention-days subject-path role-to-assume aws-region terraform_wrapper".split()
# `gh api .../compare/...` for .ci/newest.sh: nothing came after this commit.
GH = "#!/bin/sh\nexit 0\n"


def action(steps):
    """An action.yml with these steps."""
    inputs = "".join(f"  {name}:\n    description: as the real one's\n" for name in INPUTS)
    outputs = "outputs:\n  cache-hit:\n    value: ${{ steps.cache.outputs.cache-hit }}\n"
    shells = re.sub(r"(?m)^    - (.*)$", r"    - shell: sh\n      \1", steps)
    return f"name: stand-in\ninputs:\n{inputs}{outputs}runs:\n  using: composite\n  steps:{shells}\n"


class Runner:
    """Runs a workflow of a checkout, as GitHub would after a push or a click."""

    def __init__(self, act, directory, checkout, binaries, account, env):
        self.act, self.directory, self.checkout = act, directory, checkout
        self.artifacts = directory / "artifacts"
        for path in ("home/.config/act", "bin"):
            (directory / path).mkdir(parents=True)
        (directory / "home/.config/act/actrc").write_text("")
        (directory / "bin/gh").write_text(GH)
        (directory / "bin/gh").chmod(0o755)
        env = {**env, "PATH": f"{directory / 'bin'}:{os.environ['PATH']}"}
        env |= {"COLDPRESS_BINARIES": str(binaries), "COLDPRESS_ARTIFACTS": str(self.artifacts)}
        self.arguments = ["--artifact-server-addr", "127.0.0.1", "--no-cache-server", "--rm"]
        self.arguments += [f"--platform={name}=-self-hosted" for name in ("ubuntu-24.04", "ubuntu-24.04-arm")]
        self.arguments += ["--var", "COLDPRESS_ACCOUNT=" + json.dumps(json.loads(account))]
        for name, value in env.items():
            self.arguments += ["--env", f"{name}={value}"]
        self.arguments += self.stand_ins()

    def stand_ins(self):
        """`--local-repository` for each action that a workflow names, but for the checkout, which act does itself."""
        found = set()
        for path in (self.checkout / ".github").rglob("*.yml"):
            found |= set(re.findall(r"uses: ([\w.-]+/[\w.-]+)@(\w+)", path.read_text()))
        for name, version in sorted(found):
            if name == "actions/checkout":
                continue
            place = self.directory / "actions" / name
            place.mkdir(parents=True, exist_ok=True)
            (place / "action.yml").write_text(action(STAND_INS[name]))
            yield from ("--local-repository", f"{name}@{version}={place}")

    def __call__(self, event, workflow, **inputs):
        """The run's output, whole. A workflow that fails fails here."""
        shutil.rmtree(self.artifacts, ignore_errors=True)
        arguments = [event, "--workflows", f".github/workflows/{workflow}", *self.arguments]
        for name, value in inputs.items():
            arguments += ["--input", f"{name}={value}"]
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        home = self.directory / "home"
        env = {**kept, **GIT, "HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), "XDG_CONFIG_HOME": str(home / ".config")}
        return ended(start([self.act, *arguments], env, self.checkout))
