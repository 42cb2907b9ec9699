"""One world for the whole story, in a path with blanks."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "e2e" / name) for name in ("publish", "aws-provider")]

from builder import BUILDER, PUBLISHER  # noqa: E402
from shop import Shop  # noqa: E402
from world import World  # noqa: E402


# They have worlds of their own, and moto is one in a process.
OWN_WORLDS = ("test_authorization.py", "test_drift.py", "test_regions.py", "test_rights.py")


def pytest_collection_modifyitems(items):
    # In one process they come before the world that the others share; in two, that world is in one of them.
    items.sort(key=lambda item: item.path.name not in OWN_WORLDS)
    for item in items:
        group = item.path.name if item.path.name in OWN_WORLDS else "the shared world"
        item.add_marker(pytest.mark.xdist_group(group))


def pytest_terminal_summary(terminalreporter):
    """Prints what tests recorded, wherever they ran."""
    for report in terminalreporter.stats.get("passed", []):
        for title, text in report.user_properties:
            terminalreporter.section(title)
            terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    directory = tmp_path_factory.mktemp("runner") / "a checkout"
    directory.mkdir()
    return Shop(directory, {"builder": BUILDER, "publisher": PUBLISHER, "bootstrap": os.environ["COLDPRESS_BOOTSTRAP"]})


@pytest.fixture(scope="session")
def world(shop):
    with World(shop) as world:
        shop.commit("The shop")
        yield world


@pytest.fixture(scope="session")
def bootstrap():
    return Path(os.environ["COLDPRESS_BOOTSTRAP"])
