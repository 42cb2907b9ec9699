"""What stands in for actions/attest-build-provenance: a bundle about the files in SUBJECTS, one in each line, that nobody signed.
Their digests are noted.
"""

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "publish"))

from sigstore import bundle  # noqa: E402

paths = [Path(line) for line in os.environ["SUBJECTS"].splitlines()]
digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
notes = Path(os.environ["STAND_IN_NOTES"])
(notes / "attested").write_text("".join(f"{digest}  {name}\n" for name, digest in digests.items()))
with tempfile.NamedTemporaryFile("w", dir=notes, prefix="bundle-", suffix=".json", delete=False) as file:
    json.dump(bundle(digests.pop("manifest.json"), **digests), file)
with open(os.environ["GITHUB_OUTPUT"], "a") as output:
    output.write(f"bundle-path={file.name}\n")
