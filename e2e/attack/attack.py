"""Usage: attack.py BUILDER READER DIRECTORY

Runs every case of clients.py, files.py and repositories.py, in order.
"""

import os
import resource
import sys
import time
import traceback

import clients
import files
import repositories


def main():
    builder, reader, work = (os.path.abspath(argument) for argument in sys.argv[1:])
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))
    failed = 0
    place = files.Place(builder, reader, work)
    place.build()
    cases = clients.CASES + files.CASES + repositories.CASES
    for case in cases:
        name = case.__name__.replace("_", " ")
        start = time.monotonic()
        try:
            came = case(place)
            print(f"ok    {name}: {case.__doc__} -> {came} ({time.monotonic() - start:.0f} s)", flush=True)
        except Exception:
            failed += 1
            print(f"FAIL  {name}: {case.__doc__}\n{traceback.format_exc()}", flush=True)
    print(f"{len(cases)} attacks, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
