"""The workflows' own steps, on the scratch repository, in the world where the story has happened."""

import os

import pytest
from client import Client
from test_story import Story, story  # noqa: F401
from workflows import Runner


@pytest.fixture(scope="module")
def run(world, shop, tmp_path_factory):
    act = os.environ.get("COLDPRESS_ACT")
    env = {"AWS_ENDPOINT_URL": world.aws.url, "AWS_EC2_METADATA_DISABLED": "true"}
    env |= {name: value for name, value in world.root.env().items() if name.startswith("TF_")}
    directory = tmp_path_factory.mktemp("act") / "runner"  # act names its scripts to sh unquoted: no blanks
    return Runner(act, directory, shop.directory, shop.directory / "target" / "binaries", world.account, env)


def test_a_push_is_released(run, world, shop):
    shop.reprice(77.25)
    done = run("push", "release.yml")
    assert done.code == 0, done.out + done.err
