"""`publisher verify URL`: what anybody can check of a deployment, and that it fails where the deployment is wrong."""

import hashlib
import http.server
import json
import os
import threading
import urllib.error
import urllib.request

import pytest
from sigstore import bundle


@pytest.fixture
def between(stack):
    """A server that answers as the deployment does, but for the bodies that `change` makes others of."""

    class Between(http.server.BaseHTTPRequestHandler):
        change = staticmethod(lambda path, body: body)
        added = {}

        def do_GET(self):
            try:
                if self.path in Between.added:
                    return self.answer(200, Between.added[self.path])
                with urllib.request.urlopen(stack.url + self.path) as answer:
                    status, body = answer.status, Between.change(self.path, answer.read())
            except urllib.error.HTTPError as error:
                status, body = error.code, error.read()
            self.answer(status, body)

        def answer(self, status, body):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Between.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield Between
    server.shutdown()
    server.server_close()


def test_what_is_served_is_the_release(stack, served):
    stack.release(served[0])
    manifest = served[0].manifest
    digest = hashlib.sha256(served[0].files["manifest.json"]).hexdigest()
    done = stack.builder("verify", stack.url, "--key", "things/2", "--key", "things/9", "--key", "nothing/1", "--table", "things").ok()
    assert done.out == (
        f"ok      manifest    commit unknown, 2 tables, root {manifest['root']}, sha256 {digest}\n"
        "skipped attestation the release has none: name the repository that built it with --repo OWNER/REPO\n"
        "ok      row         things/2 is in the release\n"
        "ok      absence     no row of things has the key 9\n"
        "ok      absence     no row of nothing has the key 1\n"
        "ok      table       all 3 rows of things are those of the release\n"
    )
    # Without keys, it chooses one of a row and one of none.
    chosen = stack.builder("verify", stack.url).ok().out.splitlines()[2:]
    assert [line.split()[:2] for line in chosen] == [["ok", "row"], ["ok", "absence"]]


@pytest.mark.parametrize("what", ["row", "absence", "table", "manifest"])
def test_what_is_not_the_release_is_found(stack, served, between, what):
    stack.release(served[0])
    other = json.loads(served[1].files["manifest.json"])

    def change(path, body):
        if what == "row" and path == "/-/proof/things/2":
            proof = json.loads(body)
            proof["row"]["values"]["price"] = 2.5
            return json.dumps(proof).encode()
        if what == "absence" and path == "/-/proof/things/2":
            with urllib.request.urlopen(stack.url + "/-/proof/things/9") as answer:
                return answer.read()
        if what == "table" and path == "/things.ndjson":
            return b"".join(body.splitlines(keepends=True)[1:])
        if what == "manifest" and path == "/-/manifest.json":
            return json.dumps({**json.loads(body), "root": other["root"]}).encode()
        return body

    between.change = staticmethod(change)
    done = stack.builder("verify", between.url, "--key", "things/2", "--table", "things")
    if what == "manifest":
        assert (done.code, done.out) == (2, "")
        assert "the manifest's root is not that of its tables" in done.err
        return
    failed = [line for line in done.out.splitlines() if line.startswith("FAILED")]
    assert (done.code, len(failed)) == (1, 1), done.out
    assert failed[0].split()[1] == ("table" if what == "table" else "row")


def test_the_bundle_is_about_the_manifest_and_gh_verifies_it(stack, served, between, tmp_path, monkeypatch):
    stack.release(served[0])
    digest = hashlib.sha256(served[0].files["manifest.json"]).hexdigest()
    bundles = {"/-/attestation": json.dumps(bundle(digest)).encode()}
    between.added = bundles
    calls = tmp_path / "calls"
    (tmp_path / "gh").write_text(f'#!/bin/sh\necho "$@" >> {calls}\nsha256sum < "$3" >> {calls}\ncat "$7" >> {calls}\n')
    (tmp_path / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def line(*options):
        done = stack.builder("verify", between.url, "--key", "things/2", *options)
        return done.code, done.out.splitlines()[1]

    unsigned = "skipped attestation a bundle is about the manifest; who signed it is not known: name the repository that built it with --repo OWNER/REPO"
    assert line() == (0, unsigned)
    assert line("--repo", "us/data") == (0, "ok      attestation a workflow of us/data attested the manifest")
    said = calls.read_text()
    assert said.startswith("attestation verify ") and " --repo us/data --bundle " in said
    assert digest in said and said.endswith(bundles["/-/attestation"].decode())
    # A data repository calls a workflow of another one, which signs.
    assert line("--repo", "us/data", "--signer-repo", "them/coldpress")[0] == 0
    assert any(said.endswith(" --signer-repo them/coldpress") for said in calls.read_text().splitlines())
    bundles["/-/attestation"] = json.dumps(bundle("ab" * 32)).encode()
    assert line("--repo", "us/data") == (1, f"FAILED  attestation /-/attestation: it is not about the manifest, {digest}")
    bundles["/-/attestation"] = b"{}"
    code, found = line()
    assert code == 1 and found.startswith("FAILED  attestation /-/attestation: it is not a Sigstore bundle: ")


def test_an_address_without_a_release(stack, builder):
    done = builder("verify", stack.url)
    assert (done.code, done.out) == (2, "")
    assert f"{stack.url}/-/manifest.json: status 404" in done.err
