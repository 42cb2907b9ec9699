"""Writes functions.txt: the functions that the bootstrap calls to answer a first request, request by request.

    trace.py BOOTSTRAP RELEASE OUTPUT     BOOTSTRAP with its symbols, RELEASE a directory with data.db and manifest.json

Each request gets a process of its own, under valgrind, with this script as the Runtime API. Names lose the hash that the
compiler puts at their end, so they stay right for as long as the functions keep their names.
"""
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

# The most common request first: its functions come first, then what each of the others calls in addition.
REQUESTS = [
    ("/products/42", "", "application/json"),
    ("/products", "limit=50", "application/json"),
    ("/products", "limit=50&price=gt.3&order=name", "application/json"),
    ("/products", "limit=50", "text/html,application/xhtml+xml,*/*;q=0.8"),
]


def event(path, query, accept):
    http_part = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "curl/8"}
    headers = {"accept": accept, "accept-encoding": "gzip", "host": "api.example.org", "user-agent": "curl/8"}
    context = {"http": http_part, "stage": "$default", "requestId": "1", "timeEpoch": 0, "time": "01/Jan/2026:00:00:00 +0000"}
    return json.dumps({"version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
                       "headers": headers, "requestContext": context, "isBase64Encoded": False}).encode()


def answer(bootstrap, body, trace):
    """Runs one request to its answer, and returns the answer."""
    answers = []

    class Api(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if answers:
                process.terminate()
                return
            self.send_response(200)
            for name, value in [("Aws-Request-Id", "1"), ("Deadline-Ms", "99999999999999"), ("Invoked-Function-Arn", "arn")]:
                self.send_header("Lambda-Runtime-" + name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            answers.append(b"".join(self.chunks()))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def chunks(self):
            if "Content-Length" in self.headers:
                yield self.rfile.read(int(self.headers["Content-Length"]))
                return
            while length := int(self.rfile.readline(), 16):
                yield self.rfile.read(length)
                self.rfile.readline()
            self.rfile.readline()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api) as api:
        api.daemon_threads = True
        threading.Thread(target=api.serve_forever, daemon=True).start()
        environment = {"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:%d" % api.server_port, "AWS_LAMBDA_FUNCTION_NAME": "f",
                       "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128"}
        command = ["valgrind", "--tool=callgrind", "--demangle=no", "--callgrind-out-file=" + trace, bootstrap]
        process = subprocess.Popen(command, env={**os.environ, **environment},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.wait()
        api.shutdown()
    if not answers:
        sys.exit("error: the bootstrap ended without an answer")
    return json.loads(answers[0])


def functions(trace):
    """The functions that were called, in the order of callgrind's profile."""
    names = {}
    with open(trace) as lines:
        for line in lines:
            found = re.match(r"(c?fn)=\((\d+)\)(?: (.*))?", line)
            if not found:
                continue
            kind, number, name = found.groups()
            names.setdefault(number, name)
            if kind == "fn":
                yield re.sub(r"17h[0-9a-f]{16}E.*$", "", names[number].split("'")[0])


def main():
    bootstrap, release, output = sys.argv[1:]
    called = {}
    with tempfile.TemporaryDirectory() as work:
        for name in [bootstrap, os.path.join(release, "data.db"), os.path.join(release, "manifest.json")]:
            shutil.copy(name, work)
        for request in REQUESTS:
            trace = os.path.join(work, "trace")
            status = answer(os.path.join(work, os.path.basename(bootstrap)), event(*request), trace)["statusCode"]
            if status != 200:
                sys.exit(f"error: {request} is answered with {status}")
            called.update((name, None) for name in functions(trace) if not name.startswith("0x"))
    with open(output + ".new", "w") as file:
        file.writelines(name + "\n" for name in called)
    os.replace(output + ".new", output)
    print(f"{output}: {len(called)} functions")


main()
