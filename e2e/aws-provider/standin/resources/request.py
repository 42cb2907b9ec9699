"""Small shapes that all resources share."""

import contextlib

from ..aws import error_code


class Unfinished(Exception):
    """A request failed after the object was made, or half-way through an update. `known` is in the state all the same."""

    def __init__(self, error, known):
        super().__init__(str(error))
        self.known = known


@contextlib.contextmanager
def once_made(known):
    """What fails in here leaves an object behind, which `known` names."""
    try:
        yield
    except Exception as error:
        raise Unfinished(error, known) from error


def given(**arguments):
    """The arguments that have a value: boto3 takes no None."""
    return {name: value for name, value in arguments.items() if value is not None}


def first(blocks):
    """The one block of a list that holds at most one; {} if there isn't one."""
    return blocks[0] if blocks else {}


def found(call, *codes, **arguments):
    """The answer of a boto3 call, or None if AWS says by one of `codes` that the object is not there."""
    try:
        return call(**arguments)
    except Exception as error:
        if error_code(error) in codes:
            return None
        raise


def tags_of(tags, state):
    """`tags` and `tags_all` for a state, from what AWS reports; a tag given both ways stays in `tags`."""
    own = state.get("tags") or {}
    all_tags = state.get("tags_all") or {}
    inherited = {k for k in all_tags if k not in own}
    return {"tags": {k: v for k, v in tags.items() if k not in inherited} or None, "tags_all": tags}


def retag(state, plan, tag, untag):
    """Calls `untag` with the names that are gone, if any are, and `tag` with all that stay."""
    new, old = plan.get("tags_all") or {}, state.get("tags_all") or {}
    gone = [name for name in old if name not in new]
    if gone:
        untag(gone)
    if new:
        tag(new)
