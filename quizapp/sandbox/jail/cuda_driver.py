"""The CUDA driver on this machine: its libraries, device nodes and kernel files, and what is missing of them."""

from __future__ import annotations

import contextlib
import glob
import grp
import os
import pwd
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from quizapp.sandbox.jail.readable_paths import outermost
from quizapp.sandbox.jail.shared_libraries import LOADER_CACHE, FileTree, LibrarySearch, library_search

LIBRARY = "libcuda.so.1"
HELPERS = ("libnvidia-ptxjitcompiler.so.1", "libnvidia-nvvm.so.4", "libnvidia-ml.so.1", "libdxcore.so")
"""Libraries that the driver loads by itself; others are beside it and have its version in their names."""

WSL = "/usr/lib/wsl"
USUAL_FOLDERS = (
    f"/usr/lib/{os.uname().machine}-linux-gnu",  # Debian, Ubuntu
    "/usr/lib64",  # Fedora, openSUSE
    "/usr/lib",  # Arch
    "/usr/local/nvidia/lib64",  # containers
    "/usr/local/nvidia/lib",
    f"{WSL}/lib",
    "/run/opengl-driver/lib",  # NixOS
    "/usr/lib/aarch64-linux-gnu/nvidia",  # Jetson
    "/usr/lib/aarch64-linux-gnu/tegra",
    "/usr/local/cuda/compat",
)
DEVICES = (
    "/dev/nvidiactl",
    "/dev/nvidia[0-9]*",
    "/dev/nvidia-uvm",
    "/dev/nvidia-uvm-tools",
    "/dev/nvidia-caps/*",  # parts of a GPU (MIG)
    "/dev/nvidia-caps-imex-channels/*",
    "/dev/dxg",  # WSL
)
JETSON_DEVICES = ("/dev/nvmap", "/dev/nvhost-*", "/dev/nvgpu/*/*", "/dev/host1x-fence", "/dev/dri/renderD*")
GPU = re.compile(r"/dev/(nvidia\d+|dxg|nvmap)")
NUMBERED = re.compile(r"/dev/nvidia\d+")
OPENED = re.compile(r"/dev/(nvidiactl|nvidia-uvm|nvidia-uvm-tools|dxg|nvmap|nvhost-(ctrl-)?gpu|nvgpu/igpu\d+/ctrl)")
"""Devices that the driver opens for reading and writing at every start; those of MIG are only read."""

KERNEL_FILES = (
    "/proc/devices",
    "/proc/modules",
    "/proc/version",
    "/proc/sys/vm/mmap_min_addr",
    "/proc/driver/nvidia",
    "/proc/driver/nvidia-uvm",
    "/proc/driver/nvidia-caps",
    "/proc/driver/nvidia-caps-imex-channels",
    "/sys/module/nvidia",
    "/sys/module/nvidia_uvm",
    "/sys/module/nvidia_modeset",
    "/sys/module/nvidia_drm",
    "/sys/bus/pci/devices",
    "/sys/devices/system/memory/block_size_bytes",
    "/sys/devices/system/node",
    # Of /etc/nvidia no more: it also contains licence tokens.
    "/etc/nvidia/nvidia-application-profiles-*",
    "/usr/share/nvidia/nvidia-application-profiles-*",
    # Jetson
    "/sys/devices/soc0",
    "/sys/firmware/devicetree/base/compatible",
    "/sys/devices/platform/bus@*/*.fuse/fuse/nvmem",
    "/sys/module/tegra_fuse",
    "/etc/nv_tegra_release",
)
NVIDIA_VENDOR, DISPLAY_CLASS = b"0x10de", b"0x03"


@dataclass(frozen=True, slots=True)
class CudaDriver:
    """The files of the CUDA driver on this machine: what a CUDA worker may reach beyond other workers."""

    library: str | None
    """The path of libcuda.so.1 as found, possibly a link; None if it was not found."""

    folders: tuple[str, ...]
    """Folders to read: those of the driver's libraries and of the files that links lead to; none below another."""

    devices: tuple[str, ...]
    """Device nodes, sorted; no folders."""

    kernel_files: tuple[str, ...]
    """Files and folders that the driver reads at its start; empty if library or devices are missing."""

    searched: tuple[str, ...] = ()
    """Folders in which the library was searched."""

    def facts(self) -> dict[str, Any]:
        """Return the driver as a JSON object."""
        return asdict(self)

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> CudaDriver:
        """Return the driver that `facts` describes."""
        names = ("folders", "devices", "kernel_files", "searched")
        return cls(facts["library"], *(tuple(facts[name]) for name in names))


NO_DRIVER = CudaDriver(None, (), (), ())


def find_driver(environment: Mapping[str, str], root: str = "/") -> CudaDriver:
    """Search like the dynamic loader: LD_LIBRARY_PATH, the loader's cache, then the usual folders.

    Paths and links are those below `root`.
    """
    tree = FileTree(root)
    devices = _devices(tree)
    search = library_search(environment, tree, USUAL_FOLDERS)
    library = search.find(LIBRARY)
    if library is None:
        return CudaDriver(None, (), devices, (), search.folders()) if devices else NO_DRIVER
    folders = tuple(outermost(_folders(search, library)))
    kernel_files = tuple(outermost(_kernel_files(tree))) if devices else ()
    return CudaDriver(library, folders, devices, kernel_files, search.folders())


def _devices(tree: FileTree) -> tuple[str, ...]:
    # Elsewhere, /dev/dri contains the graphics cards of all vendors.
    patterns = [*DEVICES, *(JETSON_DEVICES if tree.matches("/dev/nvmap") else ())]
    return tuple(sorted(path for pattern in patterns for path in tree.matches(pattern) if not tree.is_folder(path)))


def _folders(search: LibrarySearch, library: str) -> Iterator[str]:
    """Yield the existing folders of the driver's libraries and of the files that links lead to."""
    tree = search.tree
    beside = glob.escape(tree.real(os.path.dirname(library)))
    files = [library, *tree.matches(f"{beside}/libcuda*.so*"), *tree.matches(f"{beside}/libnvidia-*.so*")]
    files += [path for name in HELPERS if (path := search.find(name))]
    for folder in {os.path.dirname(hop) for file in files for hop in tree.hops(file)}:
        if tree.is_folder(folder) and not search.is_wide(folder):
            yield folder
    # There, the library only loads the one of the Windows driver.
    yield from tree.matches(f"{WSL}/drivers")


def _kernel_files(tree: FileTree) -> Iterator[str]:
    for pattern in KERNEL_FILES:
        yield from tree.matches(pattern)
    for device in tree.matches("/sys/bus/pci/devices/*"):
        vendor, kind = tree.read(f"{device}/vendor", 16), tree.read(f"{device}/class", 16)
        if vendor.strip() == NVIDIA_VENDOR and kind.startswith(DISPLAY_CLASS):
            yield tree.real(device)


def missing_part(driver: CudaDriver, root: str = "/") -> str | None:
    """Return, as a sentence with a remedy, why CUDA cannot start before anything is tried.

    None if nothing is missing, or if neither a driver nor a GPU of NVIDIA is there.
    """
    if driver.library is None:
        # On WSL, /dev/dxg is there for the GPUs of all vendors.
        return _no_library(driver) if set(driver.devices) - {"/dev/dxg"} else None
    if not any(GPU.fullmatch(device) for device in driver.devices):
        return _no_gpu(driver.library)
    is_jetson = "/dev/nvmap" in driver.devices
    if any(map(NUMBERED.fullmatch, driver.devices)) and "/dev/nvidia-uvm" not in driver.devices and not is_jetson:
        # Outside a jail, the driver creates it with a setuid program.
        return "CUDA needs `/dev/nvidia-uvm`, which does not exist; create it with `sudo nvidia-modprobe -c 0 -u`"
    return _closed_device(driver, FileTree(root))


def _no_library(driver: CudaDriver) -> str:
    places = "".join(f", {folder}" for folder in driver.searched)
    return (
        f"there is a GPU, but not the CUDA driver's library `{LIBRARY}` (searched: {LOADER_CACHE}{places}); install "
        "the NVIDIA driver's libraries, or add their folder to LD_LIBRARY_PATH, or start the container with "
        "`--gpus all` and `NVIDIA_DRIVER_CAPABILITIES=compute,utility`"
    )


def _no_gpu(library: str) -> str:
    device, remedy = "/dev/nvidia0", "load the kernel module with `sudo nvidia-modprobe -c 0 -u`"
    if library.startswith(f"{WSL}/"):
        device, remedy = "/dev/dxg", "update WSL with `wsl --update`"
    return (
        f"there is the CUDA driver's library `{library}`, but no GPU (`{device}`); {remedy}, "
        "or start the container with `--gpus all`"
    )


def _closed_device(driver: CudaDriver, tree: FileTree) -> str | None:
    """Return the sentence about a device that a worker may not open; one numbered GPU that it may open is enough."""
    is_root = os.geteuid() == 0
    closed = [device for device in driver.devices if not _may_open(tree.outside(device), is_root)]
    numbered = [device for device in driver.devices if NUMBERED.fullmatch(device)]
    needed = [device for device in closed if OPENED.fullmatch(device)]
    needed += numbered[:1] if set(numbered) <= set(closed) else []
    return _about_closed(needed[0], os.stat(tree.outside(needed[0])), is_root) if needed else None


def _may_open(path: str, is_root: bool) -> bool:
    if is_root:
        # A worker gives up root and its groups.
        return stat.S_IMODE(os.stat(path).st_mode) & 0o006 == 0o006
    return os.access(path, os.R_OK | os.W_OK, effective_ids=True)


def _about_closed(device: str, status: os.stat_result, is_root: bool) -> str:
    mode, owner, group = stat.S_IMODE(status.st_mode), str(status.st_uid), str(status.st_gid)
    # In a container, ids can be without names.
    with contextlib.suppress(KeyError):
        owner = pwd.getpwuid(status.st_uid).pw_name
    with contextlib.suppress(KeyError):
        group = grp.getgrgid(status.st_gid).gr_name
    remedy = f"allow it with `sudo chmod 666 {device}`"
    if mode & 0o060 == 0o060 and status.st_gid:
        remedy = f"add yourself to that group with `sudo usermod -aG {group} $USER` and log in again"
        if is_root:
            remedy = "ptquiz gives up root, so start it as a member of that group"
    return (
        f"CUDA must read and write `{device}` (mode {mode:04o}, owner {owner}, group {group}), "
        f"which this user may not; {remedy}"
    )
