"""Ctrl-C and SIGTERM, before `live` moves and while it does."""

import signal
import time

import pytest
from builder import REGION
from builder import ended as run_ended
from driven import broken_when, ended, release


@pytest.fixture
def signalled(stack, terraform):
    """A release to which a signal is sent when `terraform` has done a call, once or until it has ended."""

    def signalled(id_, number, signal_, insisting=False):
        terraform.calls.clear()
        running = []

        def send():
            running[0].send_signal(signal_)
            while insisting and running[0].poll() is None:
                time.sleep(0.05)
                running[0].send_signal(signal_)

        terraform.on = {number: ("after", send)}
        arguments = [id_, "--terraform", stack.directory, "--tries", "20", "--pause", "0"]
        running.append(stack.builder.start("release", *arguments, PATH=terraform.path()))
        done = run_ended(running[0])
        terraform.on = {}
        return done

    return signalled


HELD = "note: `live` is moving: the run continues until the move is verified or rolled back; a second signal ends it at once\n"


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_live_moves_stops_nothing(stack, served, drive, terraform, signalled, packages, monkeypatch, signal_):
    """Terraform gets a terminal's Ctrl-C too and stops in order; here it was about to end anyhow."""
    first, second = stack.publish(served[0]), stack.publish(served[1])
    done = signalled(first, 1, signal_)
    assert (done.code, HELD in done.err) == (-signal_, False), "before that it ends at once"
    done = signalled(first, 4, signal_).ok()
    assert done.err.count(HELD) == 1
    assert done.lines[-1] == ended("release", first, "released", 1)
    # And on the way back: the second apply, its proof fails, back.
    broken_when(packages, monkeypatch, "2")
    done = signalled(second, 7, signal_)
    assert (done.code, done.err.count(HELD)) == (1, 1)
    assert (done.lines[-1]["outcome"], done.lines[-1]["back_to"], done.lines[-1]["live_version"]) == ("rolled_back", first, {REGION: 1})


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_it_as_it_is(stack, served, drive, terraform, signalled, signal_):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    done = signalled(second, 4, signal_, insisting=True)
    assert done.code == 128 + signal_
    said = (
        f"{HELD}error: interrupted while `live` was moving: the live release may not be verified\n"
        "  help: run the same command again, or go back to the release that was verified last: "
        f"publisher reconcile --repair --terraform {stack.directory}\n"
    )
    assert said in done.err, done.err
    assert (stack.pointed("live"), stack.channel()["current"]) == (2, first)
    done = drive("reconcile", "--repair").ok()
    assert (done.last, stack.pointed("live")) == (ended("reconcile", first, "released", 1), 1)
    assert release(drive, second).ok().last == ended("release", second, "released", 2)
