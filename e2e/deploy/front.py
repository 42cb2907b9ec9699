"""API Gateway's front: each request goes the way that moto's own records lead it, or comes back with API Gateway's own
404 or 500.

An API's address is http://127.0.0.1:PORT/REGION/API-ID in place of https://API-ID.execute-api.REGION.amazonaws.com.
Deliberately absent: CORS, throttling, access logs, route keys other than $default, domain names.
"""

import contextlib
import fnmatch
import re
import socket
from urllib.parse import urlsplit

from moto.apigatewayv2.models import apigatewayv2_backends
from moto.awslambda.models import lambda_backends
from moto.core.exceptions import JsonRESTError
from proxy import Proxy, send

URI = re.compile(r"arn:aws:apigateway:([^:]+):lambda:path/2015-03-31/functions/(arn:aws:lambda:[^/]+)/invocations")
ARN = re.compile(r"arn:aws:lambda:([^:]+):([^:]+):function:([^:]+)(?::([^:]+))?")


class Refused(Exception):
    """What API Gateway answers by itself: status, and what is wrong with the wiring."""

    MESSAGES = {404: b'{"message":"Not Found"}', 500: b'{"message":"Internal Server Error"}'}

    def answer(self):
        return self.args[0], [("content-type", "application/json")], self.MESSAGES[self.args[0]]


class Front(Proxy):
    """`broken` holds the versions whose answers get lost, as NUMBER, REGION/NUMBER or ACCOUNT/NUMBER; `refusals` is what was wrong, in words."""

    def __init__(self, packages):
        super().__init__("http://127.0.0.1:1")
        self.packages, self.broken, self.refusals = packages, set(), []

    def address(self, region, api):
        return f"{self.url}/{region}/{api}"

    def forward(self, request, body):
        try:
            _, region, api, *rest = request.path.split("/", 3)
            integration, function = follow(region, api)
            account = function.function_arn.split(":")[4]
            if {f"{of}{function.version}" for of in ("", f"{region}/", f"{account}/")} & self.broken:
                raise Refused(500, f"version {function.version} was made to fail")
            headers = {name.lower(): value for name, value in request.headers.items()}
            headers["host"] = f"{api}.execute-api.{region}.amazonaws.com"
            url = urlsplit(self.packages.of(function).url)
            return send(url, request.command, "/" + "".join(rest), headers, body, integration.timeout_in_millis / 1000)
        except Refused as refused:
            self.refusals.append(refused.args[1])
            return refused.answer()
        except (ValueError, KeyError) as error:
            self.refusals.append(f"{request.path}: {error}")
            return Refused(404, "").answer()
        except (TimeoutError, socket.timeout):
            return 503, [("content-type", "application/json")], b'{"message":"Service Unavailable"}'


def follow(region, api_id):
    """From an API's id to the integration and the version behind it."""
    found = [(account, backends[region].apis[api_id]) for account, backends in apigatewayv2_backends.items() if api_id in backends[region].apis]
    if not found:
        raise Refused(404, f"there is no API {api_id} in {region}")
    ((account, api),) = found
    if api.disable_execute_api_endpoint:
        raise Refused(404, f"API {api_id} has no address of its own")
    stage = api.stages.get("$default")
    if stage is None or not stage.auto_deploy:
        raise Refused(404, f"API {api_id} has no deployed stage $default")
    route = next((route for route in api.routes.values() if route.route_key == "$default"), None)
    if route is None:
        raise Refused(404, f"API {api_id} has no route $default")
    integration = api.integrations.get((route.target or "").removeprefix("integrations/"))
    if integration is None:
        raise Refused(500, f"route $default leads to {route.target}, which is not there")
    kind = (integration.integration_type, integration.integration_method, integration.payload_format_version)
    if kind != ("AWS_PROXY", "POST", "2.0"):
        raise Refused(500, f"the integration is {kind}: a Lambda is asked by AWS_PROXY and POST, in payload format 2.0")
    named = URI.fullmatch(integration.integration_uri or "")
    if named is None:
        raise Refused(500, f"the integration leads to {integration.integration_uri}, which is no function")
    return integration, version_of(named[2], f"arn:aws:execute-api:{region}:{account}:{api_id}/$default/$default")


def version_of(arn, caller):
    """The version that a function's ARN leads to, if that caller may invoke it by this very ARN."""
    named = ARN.fullmatch(arn)
    if named is None:
        raise Refused(500, f"{arn} names no function")
    region, account, name, qualifier = named.groups()
    backend = lambda_backends[account][region]
    with contextlib.suppress(JsonRESTError):
        function = backend.get_function(name, qualifier)
        if not any(allows(statement, arn, caller) for statement in function.policy.statements):
            raise Refused(500, f"{caller} may not invoke {arn}")
        weights = next((a.routing_config for a in backend.list_aliases(name) if a.name == qualifier), None)
        if (weights or {}).get("AdditionalVersionWeights"):
            raise Refused(500, f"{arn} shares its calls between versions, which this front does not do")
        return function
    raise Refused(500, f"{arn} is not there")


def allows(statement, arn, caller):
    """On AWS each qualifier has a policy of its own; moto keeps one for all, and the statements tell them apart."""
    source = statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn")
    return (
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
        and statement["Action"] == "lambda:InvokeFunction"
        and statement["Resource"] == arn
        and source is not None
        and fnmatch.fnmatchcase(caller, source)
    )
