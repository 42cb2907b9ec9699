"""A request to AWS, taken apart: who asked for which operation, with which arguments. By botocore's service models."""

import re
from functools import cached_property
from urllib.parse import parse_qs, urlsplit

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model

ACCOUNT = "123456789012"
# What `aws.py` makes of an access key: another account's is ACCOUNT.NAME.
KEY = re.compile(r"([0-9]{12})\.(.+)")
# A service's name in a signature, where botocore calls it otherwise.
SERVICES = {"monitoring": "cloudwatch", "apigateway": "apigatewayv2"}


def account_of(who):
    """The account that an access key names, or None: it is the one that everything else is in."""
    named = KEY.fullmatch(who or "")
    return named and named[1]


class Call:
    """`status` is what was answered."""

    def __init__(self, request, scope, body):
        self.who, self.region, signed = scope
        self.account = account_of(self.who) or ACCOUNT
        self.service = SERVICES.get(signed, signed)
        self.headers = {name.lower(): value for name, value in request.headers.items()}
        self.agent, self.status = self.headers.get("user-agent", ""), None
        self.method, self.raw = request.command, request.path
        self.line = f"{request.command} {request.path}"
        self.query = parse_qs(urlsplit(request.path).query, keep_blank_values=True)
        # What is large is a package or a part of one, and says nothing here.
        self.body = body if len(body) < 100_000 else b""

    @property
    def by_builder(self):
        return "aws-sdk-rust" in self.agent

    @cached_property
    def asked(self):
        """(operation, arguments)."""
        headers = {name: value for name, value in self.headers.items() if name != "content-length"}
        request = Request.from_primitives(self.method, "http://127.0.0.1" + self.raw, headers, self.body)
        model = get_service_model(self.service)
        operation, in_path = get_service_router(self.service).match(request)
        if self.service == "s3" or operation.name == "Invoke":  # whose body is somebody's data
            return operation.name, {**in_path, **{name: values[0] for name, values in self.query.items()}}
        parser = PROTOCOL_PARSERS[determine_request_protocol(model, request.content_type)](operation)
        told = {"method": self.method, "values": request.values, "headers": request.headers}
        told |= {"body": request.data, "url_path": request.path, "url_params": in_path}
        return operation.name, parser.parse(told)
