"""What moto lacks: a version's own package, run. Each zip's bootstrap is started as Lambda starts it, and an HTTP front
answers from the version that alias `live` points to."""

import io
import json
import os
import queue
import subprocess
import tempfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from moto.awslambda.exceptions import LambdaClientError


def serve(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Process:
    """A bootstrap and its Runtime API."""

    def __init__(self, package):
        self.directory = tempfile.TemporaryDirectory()
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            archive.extractall(self.directory.name)
        bootstrap = os.path.join(self.directory.name, "bootstrap")
        os.chmod(bootstrap, 0o755)
        self.events, self.answers, self.busy = queue.Queue(), queue.Queue(), threading.Lock()
        process = self

        class Api(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each answer waits for an acknowledgement, 40 ms

            def do_GET(self):
                self.reply(200, process.events.get(), {"lambda-runtime-aws-request-id": "1", "lambda-runtime-deadline-ms": "9999999999999", "lambda-runtime-invoked-function-arn": "arn"})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                process.answers.put((self.path.endswith("/response"), body))
                self.reply(202, b"{}", {})

            def reply(self, status, body, headers):
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = serve(Api)
        env = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.server_address[1]}", "AWS_LAMBDA_FUNCTION_NAME": "f"}
        env |= {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_LAMBDA_FUNCTION_VERSION": "1"}
        env |= {"AWS_LAMBDA_LOG_GROUP_NAME": "g", "AWS_LAMBDA_LOG_STREAM_NAME": "s"}
        self.process = subprocess.Popen([bootstrap], env=env, stderr=subprocess.DEVNULL)

    def __call__(self, event):
        with self.busy:
            self.events.put(event)
            return self.answers.get(timeout=30)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.server.shutdown()
        self.directory.cleanup()


class Packages:
    """Processes by the digest of their package."""

    def __init__(self):
        self.processes = {}

    def invoke(self, function, event):
        if function.code_sha_256 not in self.processes:
            self.processes[function.code_sha_256] = Process(function.code_bytes)
        return self.processes[function.code_sha_256](event)

    def end(self):
        for process in self.processes.values():
            process.end()


def front(backend, name, packages):
    """An HTTP address that answers as API Gateway does: from alias `live`."""

    class Gateway(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self):
            path, _, query = self.path.partition("?")
            event = {"version": "2.0", "rawPath": path, "rawQueryString": query, "headers": {"accept": "*/*"}}
            event["requestContext"] = {"http": {"method": "GET", "path": path}}
            try:
                version = backend.get_alias("live", name).function_version
            except LambdaClientError:  # there is no such alias, or no function
                return self.reply(404, b"{}")
            ok, answer = packages.invoke(backend.get_function(name, version), json.dumps(event).encode())
            answer = json.loads(answer)
            return self.reply(answer["statusCode"], answer["body"].encode()) if ok else self.reply(500, b"{}")

        def reply(self, status, body):
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return serve(Gateway)
