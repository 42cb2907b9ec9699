"""A `terraform` for the PATH: it asks the test what to do, which notes the call and applies to moto.

It plans what `terraform/` would: the real program with the real files is tried elsewhere.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler

from builder import REGION
from function import serve

PROGRAM = """#!{python} -SE
import http.client, json, sys
connection = http.client.HTTPConnection("127.0.0.1", {port}, timeout=120)
connection.request("POST", "/", json.dumps(sys.argv[1:]))
answer = json.loads(connection.getresponse().read())
sys.stdout.write(answer["out"])
sys.stderr.write(answer["err"])
sys.exit(answer["code"])
"""
MODULE = f'module.reader["{REGION}"]'
FIRST_LIVE = ["aws_lambda_permission.api[0]", "aws_apigatewayv2_integration.live[0]", "aws_apigatewayv2_route.live[0]"]


class Terraform:
    """`calls` is what it was asked for. `on[number] = (when, do)` interferes with that call, from 0: `do` is called
    `"before"` it is done or `"after"`, or `"instead"` of it, and may return (code, stderr)."""

    def __init__(self, stack, directory):
        self.stack, self.calls, self.on, self.state, self.extra = stack, [], {}, None, []
        self.directory = directory
        terraform = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                arguments = json.loads(self.rfile.read(int(self.headers["content-length"])))
                code, out, err = terraform.run(*arguments)
                body = json.dumps({"code": code, "out": out, "err": err}).encode()
                try:
                    self.send_response(200)
                    self.send_header("content-length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # a killed run

            def log_message(self, *_):
                pass

        self.server = serve(Handler)
        program = directory / "terraform"
        program.write_text(PROGRAM.format(python=sys.executable, port=self.server.server_address[1]))
        program.chmod(0o755)

    def path(self):
        return f"{self.directory}:{os.environ['PATH']}"

    def end(self):
        self.server.shutdown()
        self.server.server_close()

    def run(self, chdir, command, *arguments):
        assert chdir in (f"-chdir={self.stack.directory}", f"-chdir={self.stack.directory}/bootstrap")
        options = {argument.split("=")[0]: argument for argument in arguments}
        if command in ("plan", "apply"):
            assert {"-input", "-no-color", "-lock-timeout"} < set(options), arguments
        number = len(self.calls)
        self.calls.append(command)
        when, do = self.on.get(number, (None, None))
        if when in ("before", "instead"):
            broken = do()
            if when == "instead":
                return (broken[0], "", broken[1])
        answer = getattr(self, command)(options, *arguments)
        if when == "after" and (broken := do()):
            return (broken[0], "", broken[1])
        return answer

    def plan(self, options, *_):
        release, live = self.stack.variables()
        plan = {"release": release, "live": live}
        with open(options["-out"].removeprefix("-out="), "w") as file:
            json.dump(plan, file)
        self.calls[-1] += f" {release['id']} {live.get(REGION)}"
        return 0, "a plan, in words\n", ""

    def show(self, _, *arguments):
        with open(arguments[-1]) as file:
            plan = json.load(file)
        before = self.state or {"release": None, "live": {}}
        changes = [*self.extra]
        if before["release"] != plan["release"]:
            action = "update" if self.state else "create"
            changes += [self.change(name, action) for name in ("aws_lambda_function.this", "aws_lambda_alias.candidate")]
        # What the state knows of is looked at as it is now.
        old = self.stack.pointed("live") if REGION in before["live"] else None
        new = plan["live"].get(REGION)
        if old or new:
            action = "no-op" if old == new else "update" if old else "create"
            changes.append(self.change("aws_lambda_alias.live[0]", action, old, new))
            changes += [self.change(name, action) for name in FIRST_LIVE if action == "create"]
        variables = {"live_version": {"value": plan["live"]}}
        plan = {"format_version": "1.2", "planned_values": {}, "variables": variables, "resource_changes": changes}
        return 0, json.dumps(plan), ""

    def change(self, name, action, old=None, new=None):
        before, after = ({"function_version": str(version)} for version in (old, new))
        change = {"actions": [action], "before": None if action == "create" else before, "after": after}
        return {"address": f"{MODULE}.{name}", "mode": "managed", "change": change}

    def apply(self, _, *arguments):
        with open(arguments[-1]) as file:
            plan = json.load(file)
        self.calls[-1] += f" {plan['release']['id']} {plan['live'].get(REGION)}"
        self.stack.apply(plan["release"], plan["live"])
        self.state = plan
        return 0, "applied, in words\n", ""

    def output(self, *_):
        if not self.state:
            return 0, "{}\n", ""
        outputs = {
            "api_urls": {REGION: self.stack.url},
            "url": self.stack.url,
            "release_id": self.state["release"]["id"],
            "live_version": self.state["live"],
        }
        return 0, json.dumps({name: {"value": value} for name, value in outputs.items()}), ""
