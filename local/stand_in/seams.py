"""Where ministack is opened: its functions, by name, as the pinned version has them.

A seam that moved must not be passed over in silence: the stack would run, and lack what the seam was for.
"""

import inspect
from importlib import metadata

VERSION = "1.5.33"


class SeamMoved(Exception):
    """The installed ministack is not the one that was opened."""


def check_version():
    """Refuses another ministack than the one these files were written against."""
    try:
        installed = metadata.version("ministack")
    except metadata.PackageNotFoundError:
        raise SeamMoved("ministack is not installed for this Python: run it through local/setup/with-tools") from None
    if installed != VERSION:
        raise SeamMoved(
            f"ministack {installed} is installed, and local/stand_in is written against {VERSION}: "
            "read what changed at every seam, then change VERSION in local/stand_in/seams.py"
        )


def seam(owner, name, *parameters):
    """The function `name` of a module or class, if it takes exactly these parameters."""
    found = getattr(owner, name, None)
    place = f"{getattr(owner, '__name__', owner)}.{name}"
    if not callable(found):
        raise SeamMoved(f"{place} is not in ministack {VERSION} any more")
    taken = tuple(inspect.signature(found).parameters)
    if taken != parameters:
        raise SeamMoved(f"{place} takes ({', '.join(taken)}), not ({', '.join(parameters)})")
    return found


def attribute(owner, name, kind=object):
    """The variable `name` of a module, if it is of this kind."""
    found = getattr(owner, name, None)
    if found is None or not isinstance(found, kind):
        raise SeamMoved(f"{owner.__name__}.{name} is not a {kind.__name__} any more")
    return found


def wrap(owner, name, *parameters):
    """A decorator: the decorated `make(original)` returns what stands in the original's place from now on."""

    def put(make):
        setattr(owner, name, make(seam(owner, name, *parameters)))
        return make

    return put
