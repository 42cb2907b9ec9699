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


def pytest_collection_modifyitems(items):
    # They have worlds of their own, and moto is one in a process: they come before the world that the others share.
    items.sort(key=lambda item: item.path.name not in ("test_authorization.py", "test_drift.py", "test_eight_regions.py", "test_regions.py", "test_rights.py"))


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
