"""AWS as this machine has it: moto, with Lambda's versions running and S3's bucket policies kept."""

import contextlib
import json
import logging
import re
import urllib.request
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from asked import Call, account_of
from builder import REGION
from moto.s3.models import FakeDeleteMarker
from moto.server import ThreadedMotoServer
from proxy import ANSWERS, Proxy, lambda_error, s3_error

# moto disposes of each version of an object that is gone, and its markers of deletions can't be disposed of.
FakeDeleteMarker.dispose = lambda marker: None
WRITTEN_ONCE = re.compile(r"/[^/]*-artifacts-[^/]*/(?:db|readers|releases|attestations)/.+")
SCOPE = re.compile(r"Credential=([^/]+)/[0-9]+/([^/]+)/([^/]+)/aws4_request")
DENIED = b"<Error><Code>AccessDenied</Code><Message>explicit deny in a resource-based policy</Message></Error>"


def overwrites(request):
    """Whether a request could write over what is written once: the parts of an upload can't, its completion can."""
    url = urlsplit(request.path)
    if not WRITTEN_ONCE.fullmatch(unquote(url.path)) or request.headers.get("if-none-match") == "*":
        return False
    query = parse_qs(url.query, keep_blank_values=True)
    if request.command == "PUT":
        return "partNumber" not in query
    return request.command == "POST" and "uploadId" in query


def scope(request):
    """Who asks, in which region, which service: as the signature says it."""
    found = SCOPE.search(request.headers.get("authorization") or "")
    return found.groups() if found else (None, None, None)


class Aws(Proxy):
    """What everybody talks to. moto judges no policy: the one that bootstrap gives the release buckets is judged here."""

    def __init__(self):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.moto.start()
        host, port = self.moto.get_host_and_port()
        self.trap, self.denied, self.calls = None, None, []
        # The regions that answer nothing.
        self.down = set()
        # From which request on credentials have expired, and whether it has come.
        self.expiry, self.expired = None, False
        super().__init__(f"http://{host}:{port}")
        urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/moto-api/reset", b"")).read()
        # A certificate is issued at once, and not after a minute.
        told = json.dumps({"model_name": "acm::certificate", "transition": {"progression": "immediate"}}).encode()
        urllib.request.urlopen(f"http://{host}:{port}/moto-api/state-manager/set-transition", told).read()

    def forward(self, request, body):
        if overwrites(request):
            return 403, [("content-type", "application/xml")], DENIED
        who, region, _ = scope(request)
        if account := account_of(who):
            request.headers["x-moto-account-id"] = account
        if self.denied and self.denied.fullmatch(f"{region} {request.command} {urlsplit(request.path).path}"):
            return 403, *lambda_error("AccessDeniedException", f"{who} is not authorized to do that in {region}")
        self.expired |= bool(self.expiry and self.expiry.fullmatch(f"{request.command} {urlsplit(request.path).path}"))
        if scope(request)[1] in self.down:
            return 503, *ANSWERS["503"][scope(request)[2] != "s3"]
        if self.expired:
            return 403, *(s3_error if scope(request)[2] == "s3" else lambda_error)("ExpiredToken", "The security token included in the request is expired")
        call = Call(request, scope(request), body)
        answer = super().forward(request, body)
        call.status = answer[0]
        self.calls.append(call)
        if self.trap and self.trap[0].fullmatch(f"{request.command} {urlsplit(request.path).path}"):
            _, do = self.trap
            self.trap = None
            do()
        return answer

    @contextlib.contextmanager
    def when(self, request, do):
        """The first request that is like this has done its work: `do` comes before its answer."""
        self.trap = (re.compile(request), do)
        yield
        assert self.trap is None, f"nobody asked {request}"

    @contextlib.contextmanager
    def denies(self, request):
        """Requests that are like this, written `REGION METHOD PATH`, are refused."""
        self.denied = re.compile(request)
        yield
        self.denied = None

    @contextlib.contextmanager
    def without(self, region):
        """That region answers nothing."""
        self.down = {region}
        yield
        self.down = set()

    @contextlib.contextmanager
    def expires(self, request):
        """The first request that is like this and all after it are refused: the credentials have expired."""
        self.expiry = re.compile(request)
        yield
        assert self.expired, f"nobody asked {request}"
        self.expiry, self.expired = None, False

    def client(self, service, region=REGION, account=None):
        """A client, past the proxy: what a test sees is not counted among the requests. `account`: another one than most is in."""
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        client = boto3.client(service, region_name=region, endpoint_url=self.upstream.geturl(), **keys)
        if account:
            client.meta.events.register("before-sign", lambda request, **_: request.headers.add_header("x-moto-account-id", account))
        return client

    def end(self):
        self.close()
        self.moto.stop()
