"""The log of runs, which an alarm watches: how each release, rollback and repair ended."""

from driven import broken_when, ended, release

HELP = "  help: what is live is not affected, but the alarm `silent` goes off if this lasts; terraform/service makes the log\n"


def test_each_run_is_a_line(stack, served, drive, packages, monkeypatch):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    release(drive, first).ok()
    broken_when(packages, monkeypatch, "2")
    assert release(drive, second).code == 1
    broken_when(packages, monkeypatch)
    release(drive, second).ok()
    drive("rollback", "--to", "previous").ok()
    drive("reconcile", "--repair").ok()
    # A comparison changes nothing and proves nothing of the rights to repair.
    stack.verify("reconcile").ok()
    assert stack.runs() == [
        {"command": command, "release": id_, "outcome": outcome}
        for command, id_, outcome in [
            ("release", first, "released"),
            ("release", first, "unchanged"),
            ("release", second, "rolled_back"),
            ("release", second, "released"),
            ("rollback", first, "released"),
            ("reconcile", first, "unchanged"),
        ]
    ]


def test_a_log_that_is_not_there_fails_nothing(stack, served, drive):
    stack.logs.delete_log_group(logGroupName=f"/coldpress/{stack.name}")
    id_ = stack.publish(served[0])
    done = release(drive, id_).ok()
    assert done.last == ended("release", id_, "released", 1)
    (note, help_) = done.err.splitlines(keepends=True)[-2:]
    assert note.startswith(f"note: can't begin the log /coldpress/{stack.name}: ") and help_ == HELP
