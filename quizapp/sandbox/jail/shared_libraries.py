"""Finds a shared library as the dynamic loader does (`ld.so(8)`), without loading it."""

from __future__ import annotations

import glob
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from quizapp.sandbox.jail.readable_paths import SYSTEM

LOADER_CACHE = "/etc/ld.so.cache"
MAX_CACHE = 1 << 24
"""The bytes of the loader's cache that are read; usual are about a hundred thousand."""

MAGIC = b"glibc-ld.so.cache1.1"
HEADER = struct.Struct(f"={len(MAGIC)}sII20x")
"""The magic, the number of entries, the length of the strings: `struct cache_file_new` of glibc."""

ENTRY = struct.Struct("=iIIIQ")
"""Flags, offset of the name, offset of the path, and two fields about hardware: `struct file_entry_new` of glibc."""

MAX_LINKS = 40
"""Links that the kernel follows in one path: `path_resolution(7)`."""

MAX_PATH = 4096
ELF_HEADER = 20
"""Bytes of an ELF file up to and including the number of its processor."""


@dataclass(frozen=True, slots=True)
class FileTree:
    """A file tree with the paths and links that a process inside a chroot to `root` sees."""

    root: str = "/"

    def outside(self, path: str) -> str:
        """Return where `path` is for this process, with all links resolved."""
        return self.root.rstrip("/") + self.real(path)

    def real(self, path: str) -> str:
        """Return `path` without links; links beyond the first MAX_LINKS are not followed."""
        done, pending, links = "", path.split("/")[::-1], 0
        while pending:
            part = pending.pop()
            if part == "..":
                done = done.rpartition("/")[0]
            elif part not in ("", "."):
                target = self._link(f"{done}/{part}") if links < MAX_LINKS else None
                if target is None:
                    done = f"{done}/{part}"
                    continue
                links += 1
                done = "" if target.startswith("/") else done
                pending += target.split("/")[::-1]
        return done or "/"

    def hops(self, path: str) -> Iterator[str]:
        """Yield `path`, each path that a link at its end names, and the path of the file itself."""
        for _ in range(MAX_LINKS):
            yield path
            folder = self.real(os.path.dirname(path))
            target = self._link(os.path.join(folder, os.path.basename(path)))
            if target is None:
                break
            path = os.path.normpath(os.path.join(folder, target))
        yield self.real(path)

    def is_folder(self, path: str) -> bool:
        """Return whether `path` is a folder."""
        return os.path.isdir(self.outside(path))

    def matches(self, pattern: str) -> list[str]:
        """Return the existing paths that match the absolute `pattern`, sorted."""
        found = glob.glob(pattern.lstrip("/"), root_dir=self.root)
        return sorted(f"/{path}" for path in found if os.path.exists(self.outside(f"/{path}")))

    def read(self, path: str, size: int) -> bytes:
        """Return the first `size` bytes of a file; none if it cannot be read."""
        place = self.outside(path)
        try:
            # Not of a FIFO: opening one would wait for a writer.
            if os.path.isfile(place):
                with open(place, "rb") as file:
                    return file.read(size)
        except OSError:
            pass
        return b""

    def _link(self, path: str) -> str | None:
        """Return the target of a link whose folder is free of links; None if it is not a link."""
        try:
            return os.readlink(self.root.rstrip("/") + path)
        except OSError:
            return None


@dataclass(frozen=True, slots=True)
class LibrarySearch:
    """The places where the dynamic loader looks for a library, and further folders where it often is."""

    tree: FileTree
    named: tuple[str, ...]
    """The absolute folders of LD_LIBRARY_PATH."""

    cached: tuple[tuple[str, str], ...]
    """Name and path of each library in the loader's cache."""

    usual: tuple[str, ...]
    home: str
    """The user's home folder, which must not become readable."""

    def find(self, name: str) -> str | None:
        """Return the path of the first library `name` that this interpreter can load; None without one."""
        return next((path for path in self._candidates(name) if self._is_usable(path)), None)

    def folders(self) -> tuple[str, ...]:
        """Return the folders searched, for a message: those that the user named, and the usual ones that exist."""
        return tuple(dict.fromkeys([*self.named, *filter(self.tree.is_folder, self.usual)]))

    def is_wide(self, folder: str) -> bool:
        """Return whether a folder, or what it links to, contains much more than libraries."""
        return any(_is_wide(path, self.home) for path in (folder, self.tree.real(folder)))

    def _candidates(self, name: str) -> Iterator[str]:
        yield from (os.path.join(folder, name) for folder in self.named)
        yield from (path for cached_name, path in self.cached if cached_name == name)
        yield from (os.path.join(folder, name) for folder in self.usual)

    def _is_usable(self, path: str) -> bool:
        """Return whether `path` is a library for this processor, not a stub, and not in a wide folder."""
        hops = list(self.tree.hops(path))
        # A stub is for linking only: its functions return errors.
        is_stub = any("/stubs/" in hop for hop in hops)
        is_loadable = _kind_of_elf(self.tree.read(path, ELF_HEADER)) == _own_kind_of_elf()
        return is_loadable and not is_stub and not any(self.is_wide(os.path.dirname(hop)) for hop in hops)


def library_search(environment: Mapping[str, str], tree: FileTree, usual: tuple[str, ...]) -> LibrarySearch:
    """Return the places where the loader of a process with this environment looks, then the folders `usual`."""
    entries = environment.get("LD_LIBRARY_PATH", "").replace(";", ":").split(":")
    # The loader takes an empty or relative entry from the current folder, which an answer could write to.
    named = tuple(os.path.normpath(entry) for entry in entries if entry.startswith("/"))
    home = os.path.normpath(environment.get("HOME") or "/root")
    return LibrarySearch(tree, named, tuple(cache_entries(tree.read(LOADER_CACHE, MAX_CACHE))), usual, home)


def cache_entries(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and absolute path of each entry of a loader's cache in the format of glibc 2.2 and later.

    That format may follow the older one. Entries of a damaged cache that point outside it are skipped.
    """
    start = data.find(MAGIC)
    if start < 0 or len(data) < start + HEADER.size:
        return
    # Offsets count from the magic of the newer format.
    data = data[start:]
    count = min(HEADER.unpack_from(data)[1], (len(data) - HEADER.size) // ENTRY.size)
    for _, name, path, _, _ in ENTRY.iter_unpack(data[HEADER.size : HEADER.size + count * ENTRY.size]):
        entry = _string(data, name), _string(data, path)
        if entry[0] and entry[1].startswith("/"):
            yield entry


def _string(data: bytes, offset: int) -> str:
    """Return the string at `offset` that ends with a zero byte; empty if there is no end."""
    end = data.find(b"\0", offset, offset + MAX_PATH) if offset < len(data) else -1
    return os.fsdecode(data[offset:end]) if end >= 0 else ""


def _kind_of_elf(header: bytes) -> bytes:
    """Return word size, byte order and processor of an ELF file (`elf(5)`); empty for another file."""
    is_elf = len(header) == ELF_HEADER and header.startswith(b"\x7fELF")
    return header[4:6] + header[18:20] if is_elf else b""


@cache
def _own_kind_of_elf() -> bytes | None:
    """Return the kind of the running interpreter; None where it is not an ELF file, so that no library equals it."""
    return _kind_of_elf(FileTree().read("/proc/self/exe", ELF_HEADER)) or None


def _is_wide(folder: str, home: str) -> bool:
    is_in_wide = os.path.dirname(folder) in ("/", "/home", "/media", "/mnt", "/var")
    is_above_home = f"{home}/".startswith(folder.rstrip("/") + "/")
    return folder not in SYSTEM and (is_in_wide or is_above_home or folder in ("/usr/local", "/usr/share"))
