"""Entry point of the sandbox's processes: confines them before they load torch."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, NoReturn

from quizapp.sandbox.jail import confine
from quizapp.sandbox.jail.cuda_driver import CudaDriver
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.namespaces import Unreachable

UNREACHABLE = 3
"""Exit status if the interpreter is not readable for unprivileged users."""


def main(text: str) -> NoReturn:
    """Become the zygote or a single worker, as `text`, a JSON object of options, says."""
    options: dict[str, Any] = json.loads(text)
    try:
        driver = CudaDriver.of(options["driver"])
        layers = confine.prepare(Layers(**options["layers"]), options["folder"], driver)
    except Unreachable as error:
        print(error, file=sys.stderr)
        sys.exit(UNREACHABLE)
    os.umask(0o077)
    from quizapp.sandbox.worker import zygote

    if "worker" in options:
        zygote.run_as_worker(options["worker"], options["descriptors"], options["judge"], layers)
    zygote.main(options["control"], options["judge"], layers, driver)
