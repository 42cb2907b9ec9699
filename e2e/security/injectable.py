"""A server as ours must not be: the value of `name` goes into the SQL as it is. It holds what
sqlmap.sh finds against what it has to find.

    python injectable.py        prints its address, then serves until it is ended
"""

import http.server
import json
import sqlite3
import urllib.parse

database = sqlite3.connect(":memory:", check_same_thread=False)
database.executescript("""
    CREATE TABLE elements (number INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO elements VALUES (1, 'Hydrogen'), (2, 'Helium'), (79, 'Gold');
""")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        name = query.get("name", [""])[0].removeprefix("eq.")
        try:
            rows = database.execute(f"SELECT number, name FROM elements WHERE name = '{name}'").fetchall()
            status, answer = 200, rows
        except sqlite3.Error as error:
            status, answer = 400, {"message": str(error)}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"serving on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
