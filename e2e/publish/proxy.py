"""A proxy before moto that breaks chosen requests, and remembers all of them.

It also makes up for two things that moto does otherwise than S3: a conditional write is one step, and HEAD gives the
checksum of a multipart upload with the number of its parts.
"""

import contextlib
import http.client
import json
import re
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

def s3_error(code, message):
    return [("content-type", "application/xml")], f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()


def lambda_error(code, message):
    headers = [("content-type", "application/json"), ("x-amzn-errortype", code)]
    return headers, json.dumps({"Type": "Service", "message": message}).encode()


#: What can happen to a request. The first two and the last end the connection.
FAULTS = ["drop-before", "drop-after", "500", "503", "truncated"]
#: To one of Lambda's besides: S3 asks for fewer requests by a 503, Lambda by a 429.
LAMBDA_FAULTS = [*FAULTS, "429"]
# And `stalled`: half a body and then nothing, which takes the client seconds to give up on.
ANSWERS = {
    "500": (s3_error("InternalError", "We encountered an internal error."), lambda_error("ServiceException", "An error occurred.")),
    "503": (s3_error("SlowDown", "Please reduce your request rate."), lambda_error("ServiceUnavailable", "Try again.")),
    "429": (s3_error("SlowDown", "Please reduce your request rate."), lambda_error("TooManyRequestsException", "Rate exceeded.")),
}
LAMBDA = re.compile(r"/20\d\d-\d\d-\d\d/")


def with_parts(headers):
    etag = {k.lower(): v for k, v in headers}.get("etag", "")
    parts = re.search(r"-[0-9]+", etag)
    if not parts:
        return headers
    return [(k, v + parts[0] if k == "x-amz-checksum-sha256" and "-" not in v else v) for k, v in headers]


def send(upstream, method, path, headers, body, timeout=60):
    """One request over a connection of its own: status, headers, body."""
    connection = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=timeout)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.getheaders(), response.read()
    finally:
        connection.close()


class Proxy:
    """On 127.0.0.1, at `url`. `break_at` says which requests are broken, and how."""

    def __init__(self, upstream):
        self.upstream = urlsplit(upstream)
        self.lock = threading.Lock()
        self.writing = threading.Lock()
        self.break_at()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self):
                proxy.handle(self)

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = handle_any

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # a connection that a client or a fault ended

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def break_at(self, first=None, fault=None, lasting=False, do=None, others=False):
        """From now on: request number `first` (from 0) is broken, and with `lasting` all that follow; with `others`
        of these every other one of its kind, so that each is well when it is tried again.

        `fault` is one of FAULTS, or a (status, headers, body) to answer with. `do` is called when a broken
        request has been passed on, or would have been.
        """
        with self.lock:
            self.requests, self.first, self.fault, self.lasting, self.do = [], first, fault, lasting, do
            self.others = others

    def breaks(self, number, request):
        """Whether that request is to be broken, those before it being noted."""
        if self.first is None or number < self.first:
            return False
        if self.others:
            return self.requests.count(request) % 2 == 0
        return self.lasting or number == self.first

    def handle(self, request):
        body = request.rfile.read(int(request.headers.get("content-length") or 0))
        with self.lock:
            number = len(self.requests)
            line = f"{request.command} {request.path}"
            fault, do = (self.fault, self.do) if self.breaks(number, line) else (None, None)
            self.requests.append(line)
        if fault == "drop-before":
            return self.reset(request)
        if isinstance(fault, tuple):
            return self.answer(request, *fault)
        if fault in ANSWERS:
            is_lambda = LAMBDA.match(request.path) is not None
            status = 503 if fault == "429" and not is_lambda else int(fault)
            return self.answer(request, status, *ANSWERS[fault][is_lambda])
        status, headers, answer = self.forward(request, body)
        if do:
            do()
        if fault == "drop-after":
            return self.reset(request)
        self.answer(request, status, headers, answer, fault)
        if fault == "stalled":
            request.rfile.read(1)  # until the client has gone

    def forward(self, request, body):
        headers = {k: v for k, v in request.headers.items() if k.lower() != "expect"}
        with contextlib.nullcontext() if request.command in ("GET", "HEAD") else self.writing:
            status, headers, answer = send(self.upstream, request.command, request.path, headers, body)
        return status, with_parts(headers), answer

    def answer(self, request, status, headers, body, fault=None):
        skip = {"connection", "transfer-encoding", "content-length"}
        lengths = [v for k, v in headers if k.lower() == "content-length"]
        length = lengths[0] if request.command == "HEAD" and lengths else len(body)
        lines = [f"HTTP/1.1 {status} x"]
        lines += [f"{k}: {v}" for k, v in headers if k.lower() not in skip] + [f"content-length: {length}", "", ""]
        raw = "\r\n".join(lines).encode("latin-1")
        head = len(raw)
        if request.command != "HEAD":
            raw += body
        sent = {"truncated": len(raw) // 2, "stalled": head + len(body) // 2}.get(fault, len(raw))
        try:
            request.wfile.write(raw[:sent])
            request.wfile.flush()
        except OSError:
            pass  # a killed client
        if sent < len(raw):
            request.close_connection = True

    def reset(self, request):
        request.close_connection = True
        # A reset, as from a connection that is lost, not an orderly end.
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.connection.close()
