"""Landlock (`landlock(7)`): limits file access, TCP, and signals and abstract sockets to other processes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.sandbox.jail.syscalls import syscall

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION = 1
RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REMOVE_DIR, REMOVE_FILE, MAKE_CHAR, MAKE_DIR = 1 << 4, 1 << 5, 1 << 6, 1 << 7
MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""ABI -> number of file access rights; ABI 4 added TCP and ABI 6 scopes instead."""

NET_BIND_TCP, NET_CONNECT_TCP = 1, 2
SCOPE_ABSTRACT_UNIX, SCOPE_SIGNAL = 1, 2

READ = READ_FILE | READ_DIR
FILE_ONLY = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
MAKE = MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_SYM
CHANGE = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE | REFER | TRUNCATE
DEVICE = READ_FILE | WRITE_FILE | IOCTL_DEV


@dataclass(frozen=True, slots=True)
class PathRule:
    """The access rights at and below a path; a path that does not exist is skipped."""

    path: str
    rights: int


def abi() -> int:
    """Return the newest ABI that the kernel supports; 0 without Landlock."""
    with contextlib.suppress(OSError):
        return syscall("landlock", CREATE_RULESET, None, 0, VERSION)
    return 0


def restrict(rules: Iterable[PathRule], version: int) -> None:
    """Restrict this thread and its future children to `rules`. Needs no_new_privs; raises OSError."""
    handled = (1 << RIGHTS_BY_ABI[min(version, 5)]) - 1
    attributes = [handled]
    if version >= 4:
        attributes.append(NET_BIND_TCP | NET_CONNECT_TCP)
    if version >= 6:
        attributes.append(SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL)
    packed = struct.pack(f"<{len(attributes)}Q", *attributes)
    ruleset = syscall("landlock_create_ruleset", CREATE_RULESET, packed, len(packed), 0)
    try:
        for rule in rules:
            _allow(ruleset, rule, handled)
        syscall("landlock_restrict_self", RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, rule: PathRule, handled: int) -> None:
    try:
        descriptor = os.open(rule.path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = rule.rights & handled
        if not os.path.isdir(rule.path):
            rights &= FILE_ONLY
        if rights:
            packed = struct.pack("<Qi", rights, descriptor)
            syscall("landlock_add_rule", ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.c_char_p(packed), 0)
    finally:
        os.close(descriptor)
