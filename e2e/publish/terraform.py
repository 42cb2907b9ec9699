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
FUNCTION, LIVE = (f'module.release.module.{module}["{REGION}"]' for module in ("function", "live"))


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
        roots = [f"-chdir={self.stack.directory}/{root}" for root in ("release", "service", "bootstrap")]
        assert chdir in (roots[:1] if command in ("plan", "show", "apply") else roots), chdir
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
        # Without a target, what this plans is the first apply's: nothing else changes.
        module = options.get("-target", "function").removeprefix("-target=module.release.module.")
        plan = {"release": release, "live": live, "module": module, "settings": [self.stack.memory_mb, self.stack.environment]}
        with open(options["-out"].removeprefix("-out="), "w") as file:
            json.dump(plan, file)
        self.calls[-1] += f" {release['id']} {live.get(REGION)}" + ("" if "-target" in options else " whole")
        self.calls[-1] += " of the state" if "-refresh" in options else ""
        return 0, self.events(plan) if "-json" in options else "a plan, in words\n", ""

    def events(self, plan):
        """As `plan -json` tells what it plans."""
        changes, outputs = getattr(self, f"changes_of_{plan['module']}")(plan)
        events = []
        for change in [*self.extra, *changes]:
            (action,) = change["change"]["actions"]
            planned = {"resource": {"addr": change["address"]}, "action": action}
            events.append({"type": "planned_change", "@message": f"{change['address']}: Plan to {action}", "change": planned})
        events.append({"type": "change_summary", "@message": "a plan, in words"})
        if outputs:
            events.append({"type": "outputs", "@message": f"Outputs: {len(outputs)}", "outputs": {name: {"action": "update"} for name in outputs}})
        return "".join(json.dumps(event) + "\n" for event in events)

    def show(self, _, *arguments):
        with open(arguments[-1]) as file:
            plan = json.load(file)
        changes, outputs = getattr(self, f"changes_of_{plan['module']}")(plan)
        plan = {
            "format_version": "1.2",
            "planned_values": {},
            "complete": False,
            "variables": {"live_version": {"value": plan["live"]}},
            "resource_changes": [*self.extra, *changes],
            "output_changes": {name: {"actions": ["update"]} for name in outputs},
        }
        return 0, json.dumps(plan), ""

    def changes_of_function(self, plan):
        before = self.state or {"release": None, "settings": None}
        if (before["release"], before["settings"]) == (plan["release"], plan["settings"]):
            return [], []
        action = "update" if before["release"] else "create"
        names = ("aws_lambda_function.this", "aws_lambda_alias.candidate")
        return [self.change(f"{FUNCTION}.{name}", action) for name in names], ["release_id"]

    def changes_of_live(self, plan):
        before = (self.state or {"live": {}})["live"]
        # What the state knows of is looked at as it is now.
        old, new = self.stack.pointed("live") if REGION in before else None, plan["live"].get(REGION)
        action = "no-op" if old == new else "update" if old else "create"
        changes = [self.change(f"{LIVE}.aws_lambda_alias.this", action, old, new)]
        if action == "create":
            changes.append(self.change(f"{LIVE}.aws_lambda_permission.api", action))
        return changes, ["live_version"] if before != plan["live"] else []

    def change(self, address, action, old=None, new=None):
        before, after = ({"function_version": str(version)} for version in (old, new))
        change = {"actions": [action], "before": None if action == "create" else before, "after": after}
        return {"address": address, "mode": "managed", "change": change}

    def apply(self, _, *arguments):
        with open(arguments[-1]) as file:
            plan = json.load(file)
        self.calls[-1] += f" {plan['release']['id']} {plan['live'].get(REGION)}"
        self.stack.apply(plan["release"], plan["live"], plan["module"])
        self.state = self.state or {"release": None, "live": {}, "settings": None}
        if plan["module"] == "function":
            self.state.update(release=plan["release"], settings=plan["settings"])
        else:
            self.state["live"] = plan["live"]
        return 0, "applied, in words\n", ""

    def output(self, *_):
        if not self.state:
            return 0, "{}\n", ""
        outputs = {
            "function_name": self.stack.name,
            "release_id": (self.state["release"] or {}).get("id"),
            "live_version": self.state["live"],
        }
        return 0, json.dumps({name: {"value": value} for name, value in outputs.items()}), ""
