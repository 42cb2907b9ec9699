"""checkov's findings in terraform/ against the reasons that stand beside them.

    python checkov.py

Each finding must be listed in its resource (`#checkov:skip=ID:reason`), each listing must be a finding, and have a reason.
checkov leaves out what a setting leaves out, so it runs with the defaults and with everything on.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKIP = re.compile(r"^ *#checkov:skip=(\w+)(?::(.*))?$")
DOMAIN = {"domain": {"name": "data.example.org", "zone_id": "Z1"}, "domain_zone_id": "Z1"}
# The roots leave defaults to the modules, where checkov does not see them; without the regions it does not follow the calls.
REGIONS = ["eu-central-1", "us-east-1"]
KNOWN = {"log_retention_days": 30, "regions": REGIONS}
SETTINGS = [KNOWN, {**DOMAIN, **KNOWN, "cdn": True}]


def findings(directory, settings):
    """(file, first line, last line, id, what it is) of each."""
    variables = directory.parent / "settings.tfvars.json"
    variables.write_text(json.dumps(settings))
    command = [sys.executable, "-m", "checkov.main", "--directory", directory, "--framework", "terraform", "--output", "json"]
    command += ["--skip-download", "--download-external-modules", "false", "--var-file", variables]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        failed = json.loads(done.stdout)["results"]["failed_checks"]
    except (ValueError, KeyError, TypeError):
        sys.exit(f"error: checkov ended with {done.returncode} and no report\n{done.stdout}{done.stderr}")
    for check in failed:
        yield check["file_path"].lstrip("/"), *check["file_line_range"], check["check_id"], check["check_name"]


def main():
    listed, problems, found = {}, [], set()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "terraform"
        shutil.copytree(ROOT / "terraform", copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfvars*"))
        for path in copy.rglob("*.tf"):
            lines = path.read_text().splitlines()
            for number, line in enumerate(lines, 1):
                if skip := SKIP.match(line):
                    listed[str(path.relative_to(copy)), number, skip[1]] = False
                    lines[number - 1] = "#"
                    if not (skip[2] or "").strip():
                        problems.append(f"{path.relative_to(copy)}:{number}: {skip[1]} has no reason")
            path.write_text("\n".join(lines) + "\n")
        for settings in SETTINGS:
            found |= set(findings(copy, settings))
    for file, first, last, id_, name in sorted(found):
        here = [key for key in listed if key[0] == file and first <= key[1] <= last and key[2] == id_]
        listed.update(dict.fromkeys(here, True))
        if not here:
            problems.append(f"{file}:{first}: {id_}: {name}")
    problems += [f"{file}:{number}: {id_} is listed and no finding" for (file, number, id_), is_found in listed.items() if not is_found]
    print(*sorted(problems), f"{len(listed)} listed, {len(problems)} problems", sep="\n")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
