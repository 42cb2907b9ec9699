"""Programs that keep a file: ``python downloads.py URL FILE``. What they keep has to be FILE, byte by byte.

curl is what R's `read.csv(url)`, Excel's `Web.Contents` and Google Sheets' IMPORTDATA come to: one GET of the
whole, with and without gzip.
"""

import pathlib
import subprocess
import sys
import tempfile

url, expected = f"{sys.argv[1]}/big.csv", pathlib.Path(sys.argv[2]).read_bytes()
failures = 0


def curl(*arguments):
    subprocess.run(["curl", "-fsS", *arguments], check=True)


def check(name, fetch):
    global failures
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "big.csv"
        fetch(str(path))
        if path.read_bytes() != expected:
            failures += 1
            print(f"FAILED {name}: {path.stat().st_size} of {len(expected)} bytes", file=sys.stderr)


def resumed(path):
    """A download that was broken off twice."""
    for kept in (1, len(expected) // 3):
        pathlib.Path(path).write_bytes(expected[:kept])
        curl("-C", "-", "-o", path, url)


def in_parts(path):
    """As download managers do: several ranges, side by side."""
    step = len(expected) // 4 + 1
    bounds = [(start, min(start + step, len(expected)) - 1) for start in range(0, len(expected), step)]
    parts = [f"{path}.{number}" for number in range(len(bounds))]
    running = [
        subprocess.Popen(["curl", "-fsS", "-r", f"{first}-{last}", "-o", part, url])
        for part, (first, last) in zip(parts, bounds)
    ]
    assert all(process.wait() == 0 for process in running)
    pathlib.Path(path).write_bytes(b"".join(pathlib.Path(part).read_bytes() for part in parts))


check("curl", lambda path: curl("-o", path, url))
check("curl --compressed", lambda path: curl("--compressed", "-o", path, url))
check("curl of HTTP/1.0", lambda path: curl("--http1.0", "-o", path, url))
check("curl at 20 MB/s", lambda path: curl("--limit-rate", "20M", "-o", path, url))
check("curl -C -", resumed)
check("ranges side by side", in_parts)

print(f"downloads: {failures} are not the file" if failures else "downloads: every one is the file")
sys.exit(failures > 0)
