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


# What shares one world. The others need none or have their own; moto is one in a process, so they come first, or run in another
# process (test.sh).
SHARED = ("story", "trust", "two_accounts", "workflows", "world", "wrong")


def pytest_addoption(parser):
    parser.addoption("--world", choices=["own", "shared"], help="only the tests that have worlds of their own, or share one")


def pytest_collection_modifyitems(config, items):
    def shares(item):
        return item.path.stem.removeprefix("test_") in SHARED

    items.sort(key=shares)
    if only := config.getoption("world"):
        other = [item for item in items if shares(item) != (only == "shared")]
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if shares(item) == (only == "shared")]


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
