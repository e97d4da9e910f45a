"""The first lines of the sandbox's own processes, before they load torch: confined first, heavy afterwards."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, NoReturn

from quizapp.sandbox.jail import confine
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.namespaces import Unreachable

UNREACHABLE = 3


def main(text: str) -> NoReturn:
    """Become what `text`, a JSON object, describes: the zygote, or one worker that is used once."""
    wanted: dict[str, Any] = json.loads(text)
    try:
        layers = confine.prepare(Layers(**wanted["layers"]), wanted["folder"])
    except Unreachable as error:
        print(error, file=sys.stderr)
        sys.exit(UNREACHABLE)
    os.umask(0o077)
    from quizapp.sandbox.worker import zygote

    if "one" in wanted:
        zygote.run_as_worker(wanted["one"], wanted["descriptors"], wanted["judge"], layers)
    zygote.main(wanted["control"], wanted["judge"], layers)
