"""A running reader, asked byte by byte."""

import json
import os
import socket
import subprocess
import threading

# How long anybody may wait for an answer that takes no time. Generous: a loaded machine is no fault.
PATIENCE = 30


class Server:
    def __init__(self, reader, release, **settings):
        environment = os.environ | {f"COLDPRESS_{name}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            [reader, release, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True,
        )
        self.log = []
        line = self.process.stdout.readline()
        if " on http://" not in line:
            raise Refused(self.process.stderr.read())
        host, port = line.strip().rsplit("http://", 1)[1].split(":")
        self.address = (host, int(port))
        # So that a full pipe never stops the server.
        threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def connect(self):
        return socket.create_connection(self.address, timeout=PATIENCE)

    def send(self, data):
        """A connection on which this was sent, and nothing read."""
        connection = self.connect()
        try:
            connection.sendall(data)
        except OSError:
            pass  # refused while it was sent: what it says is still there
        return connection

    def ask(self, data):
        """Everything that comes until the server closes."""
        return read(self.send(data))

    def get(self, target, headers=""):
        """Status and body."""
        line = f"GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n"
        return parsed(self.ask(line.encode()))

    def lives(self):
        """Others are served: a row by its key."""
        assert self.process.poll() is None, "the server has ended"
        status, body = self.get("/items/7")
        assert status == 200 and json.loads(body)["id"] == 7, f"a row by its key: {status} {body[:200]}"

    def peak(self):
        """The most memory it had, in MB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            line = next(line for line in status if line.startswith("VmHWM:"))
        return int(line.split()[1]) // 1024


class Refused(Exception):
    """The reader did not start."""


def read(connection):
    received = b""
    try:
        while data := connection.recv(65536):
            received += data
    except (ConnectionResetError, BrokenPipeError):
        pass
    connection.close()
    return received


def parsed(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    assert len(words) == 3 and words[0] == b"HTTP/1.1", f"no answer: {answer[:200]}"
    return int(words[1]), body


def is_error(body):
    """Whether it has the four keys."""
    return set(json.loads(body)) == {"code", "message", "details", "hint"}
