"""Attacks of clients on a running reader. Each case returns what came; what does not hold is an exception."""

import json
import random
import threading
from collections import Counter

from server import Server, is_error, parsed, read


def idle_connections(place):
    """1,200 connections that send nothing"""
    with Server(place.reader, place.release) as server:
        idle = [server.connect() for _ in range(1200)]
        for _ in range(20):
            server.lives()
        open_ = json.loads(server.get("/-/health")[1])["connections"]
        assert open_ <= 1000, open_
        lines = len(server.log)
        assert lines < 10, server.log
        [connection.close() for connection in idle]
        return f"20 rows by key answered, {open_} connections open, {lines} lines logged"


def slow_requests(place):
    """300 requests that never come to their end"""
    with Server(place.reader, place.release, IDLE_SECONDS=1) as server:
        slow = [server.send(b"GET /items/7 HTTP/1.1\r\nhost: x\r\nx-slow: ") for _ in range(300)]
        server.lives()
        closed = sum(read(connection) == b"" for connection in slow)
        assert closed == 300, closed
        return "answered beside them, and all were closed"


def clients_that_read_nothing(place):
    """20 clients that ask for a page of 3 MB and read nothing"""
    with Server(place.reader, place.release, SEND_SECONDS=2, MAX_UNSENT=10_000_000) as server:
        silent = [server.send(b"GET /items?limit=1000 HTTP/1.1\r\nhost: x\r\n\r\n") for _ in range(20)]
        server.lives()
        while json.loads(server.get("/-/health")[1])["connections"] > 1:
            pass
        peak = server.peak()
        assert peak < 100, f"{peak} MB"
        [connection.close() for connection in silent]
        return f"answered beside them, all were closed, at most {peak} MB of memory"


def malformed_requests(place):
    """requests that are none, too long or cut, and 200 random ones"""
    requests = [
        b"\0" * 100, b"hello\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n",
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"a" * 300_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 1000 + b"\r\n",
        b"GET /items HTTP/1.1\r\nhost: x\r\ncontent-length: 5, 6\r\n\r\n",
        b"GET /items HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip, chunked, x\r\n\r\n",
        b"POST /items HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999999\r\n\r\n",
        b"GET http:// HTTP/1.1\r\nhost: x\r\n\r\n", b"GET ../../etc/passwd HTTP/1.1\r\nhost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ]
    chance = random.Random(12)
    parts = [b"GET ", b"HEAD ", b"/items", b"/", b"?id=eq.1", b"%ff", b"%", b" HTTP/1.1", b"\r\n", b"\n", b"\0", b"host: x",
             b"accept: ", b"range: bytes=9-1", b"prefer: \xff", b"\r\n\r\n", b"\"{|}<>^`", "é".encode(), b"\xf0\x9f"]
    requests += [b"".join(chance.choices(parts, k=chance.randint(1, 12))) for _ in range(200)]
    came = Counter()
    with Server(place.reader, place.release, IDLE_SECONDS=1) as server:
        for request in requests:
            connection = server.send(request)
            answer = read(connection)
            if answer and not answer.startswith(b"HTTP/1.1 2"):
                status, body = parsed(answer)
                # HEAD has none, and a second answer may be behind the first.
                assert status in (300, 400, 404, 405, 406, 410, 414, 416, 431), (status, request[:100])
                if status != 300 and body.startswith(b"{") and answer.count(b"HTTP/1.1 ") == 1:
                    assert is_error(body), (request[:100], body[:200])
                came[status] += 1
            else:
                came["2xx" if answer else "closed"] += 1
        server.lives()
    return ", ".join(f"{status}: {count}" for status, count in sorted(came.items(), key=str))


BOMBS = [
    "/items?text=match.(%5Cw%7C.)%7B0,900%7Dzq$", "/items?text=ilike.*a*a*a*a*a*a*a*a*zq*",
    "/items?text=imatch.(a%7Caa)%2B$&order=text", "/items?text=match.(a%7B1000%7D)%7B1000%7D",
    "/items?select=text::numeric", "/items?order=text.desc,id&offset=1900&limit=1",
    "/items?or=(" + ",".join(f"text.like.*{n}*" for n in range(200)) + ")",
    "/items?id=in.(" + ",".join(map(str, range(1200))) + ")",
    "/items?select=" + "id," * 1200 + "id", "/items?and=" + "(and" * 1000, "/items?select=" + "a(" * 1000,
    "/items?text=plfts." + "+".join(f"word{n}" for n in range(200)),
    "/items?data=cs." + "[" * 3000, "/items?data=eq.[1e999]", "/items?data=cd." + "[" * 120 + "]" * 120,
    "/items?select=data-%3E" + "-%3E".join(["a"] * 500), "/items?offset=9223372036854775807",
    "/items?limit=99999999999999999999", "/items?id=gt.-9223372036854775808&order=data",
    "/items?select=text,count()&order=count.desc", "/items.csv?order=text&text=match.(%5Cw%7C.)%7B0,900%7Dzq$",
]


def query_bombs(place):
    """queries that take as long as they may, four of each at once"""
    came = Counter()
    with Server(place.reader, place.release, QUERY_MS=1000) as server:
        for bomb in BOMBS:
            line = f"GET {bomb} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode()
            waiting = [server.send(line) for _ in range(4)]
            server.lives()
            for connection in waiting:
                status, body = parsed(read(connection))
                assert status < 500 or status == 503, (bomb[:100], status, body[:200])
                assert status < 400 or is_error(body), (bomb[:100], body[:200])
                came[status] += 1
        server.lives()
        peak = server.peak()
        assert peak < 400, f"{peak} MB"
    return ", ".join(f"{status}: {count}" for status, count in sorted(came.items())) + f", at most {peak} MB"


def swaps_under_load(place):
    """three new releases while eight clients read"""
    failures, seen, stop = [], set(), threading.Event()
    with Server(place.reader, place.release) as server:
        def client():
            while not stop.is_set():
                try:
                    status, body = server.get("/items/7")
                    assert status == 200, (status, body)
                    seen.add(json.loads(body)["version"])
                    status, body = server.get("/items.ndjson?select=version")
                    lines = set(body.split())
                    assert status == 200 and len(lines) >= 1, status
                except Exception as error:
                    failures.append(error)
                    return
        threads = [threading.Thread(target=client) for _ in range(8)]
        [thread.start() for thread in threads]
        try:
            for version in range(2, 5):
                place.build(version)
                while json.loads(server.get("/items/7")[1])["version"] != version:
                    pass
        finally:
            stop.set()
            [thread.join() for thread in threads]
            place.build()
    assert not failures, failures
    assert seen <= set(range(1, 5)), seen
    return f"no request failed, {len(seen)} releases seen"


CASES = [idle_connections, slow_requests, clients_that_read_nothing, malformed_requests, query_bombs, swaps_under_load]
