"""The commands of docs/deploy.md that a person enters, run as they stand there."""

import re
import subprocess
import sys
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "deploy.md"


def commands(heading):
    """The first block of commands under a heading."""
    section = re.search(rf"\n### {heading}\n(.*?)(?:\n##|\Z)", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)[1]
    return re.search(r"```sh\n(.*?)```", section, re.DOTALL)[1]


def by_hand(world, script):
    """Runs them in the shop's checkout; a person says yes to each apply and destroy."""
    script = re.sub(r"^(terraform \S+ (?:apply|destroy))", r"\1 -auto-approve", script, flags=re.MULTILINE)
    env = world.environment()
    # `aws` stands for the AWS CLI, which PyPI has only in an older version.
    cli = f'aws() {{ "{sys.executable}" -B "{Path(__file__).with_name("aws_cli.py")}" "$@"; }}\n'
    env["PATH"] = f"{world.shop.directory / 'target' / 'binaries'}:{env['PATH']}"
    command = ["sh", "-euc", cli + script]
    done = subprocess.run(command, env=env, cwd=world.shop.directory, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
