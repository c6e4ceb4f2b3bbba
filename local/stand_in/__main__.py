"""Starts ministack with what it lacks."""

import pathlib
import sys

# Started by its folder's path, Python puts that folder on the path, and not the one that holds the package.
sys.path[0] = str(pathlib.Path(__file__).resolve().parent.parent)

from stand_in.start import start  # noqa: E402

start()
