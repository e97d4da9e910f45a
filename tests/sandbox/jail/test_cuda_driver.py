"""The search for the CUDA driver, in fabricated file trees."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from quizapp.sandbox.jail import cuda_driver
from quizapp.sandbox.jail.cuda_driver import NO_DRIVER, CudaDriver, find_driver, missing_part
from quizapp.sandbox.jail.shared_libraries import FileTree, cache_entries

HEADER = Path("/proc/self/exe").read_bytes()[:64] if Path("/proc/self/exe").exists() else b""
OTHER_PROCESSOR = HEADER[:18] + b"\x28\x00" + HEADER[20:]
OTHER_WORD_SIZE = HEADER[:4] + bytes([3 - HEADER[4]]) + HEADER[5:] if HEADER else b""
MULTIARCH = cuda_driver.USUAL_FOLDERS[0]
LIBRARY = f"{MULTIARCH}/libcuda.so.1"
CARD = ("/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools")

pytestmark = pytest.mark.skipif(not HEADER, reason="CUDA needs Linux")


class Tree:
    """A file tree below a folder of the test."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def file(self, *paths: str, content: bytes = HEADER, mode: int = 0o666) -> Tree:
        for path in paths:
            place = self.root / path.strip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            place.chmod(mode)
        return self

    def link(self, path: str, target: str) -> Tree:
        place = self.root / path.strip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
        return self

    def folder(self, path: str) -> Tree:
        (self.root / path.strip("/")).mkdir(parents=True, exist_ok=True)
        return self

    def found(self, path: str = "", home: str = "/home/ada") -> CudaDriver:
        return find_driver({"LD_LIBRARY_PATH": path, "HOME": home}, str(self.root))

    def missing(self, path: str = "") -> str | None:
        return missing_part(self.found(path), str(self.root))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def loader_cache(*entries: tuple[str, str]) -> bytes:
    """Return a loader's cache in the newer format."""
    head = 48 + 24 * len(entries)
    strings, rows = b"", b""
    for name, path in entries:
        rows += struct.pack("=iIIIQ", 0x303, head + len(strings), head + len(strings) + len(name) + 1, 0, 0)
        strings += f"{name}\0{path}\0".encode()
    return struct.pack("=20sII20x", b"glibc-ld.so.cache1.1", len(entries), len(strings)) + rows + strings


def after_old_format(cache: bytes) -> bytes:
    old = struct.pack("=11sxI", b"ld.so-1.7.0", 2) + struct.pack("=iII", 3, 0, 5) * 2
    return old + b"\0" * (-len(old) % 8) + cache


def test_nothing_is_found_on_a_machine_without_a_driver(tree: Tree) -> None:
    tree.file("/proc/version", "/proc/devices", "/usr/lib64/libc.so.6")
    assert tree.found("/opt/cuda/lib64") == NO_DRIVER
    assert tree.missing() is None


@pytest.mark.parametrize("folder", cuda_driver.USUAL_FOLDERS)
def test_the_library_is_found_in_each_usual_folder(tree: Tree, folder: str) -> None:
    driver = tree.file(f"{folder}/libcuda.so.1", *CARD).found()
    assert driver.library == f"{folder}/libcuda.so.1"
    assert driver.folders == (folder,)
    assert driver.devices == tuple(sorted(CARD))
    assert missing_part(driver, str(tree.root)) is None


@pytest.mark.parametrize("wrap", [bytes, after_old_format], ids=["new format", "after the old format"])
def test_the_loader_cache_names_folders(tree: Tree, wrap: Callable[[bytes], bytes]) -> None:
    cache = loader_cache(("libc.so.6", "/lib/libc.so.6"), ("libcuda.so.1", "/opt/nvidia/lib/libcuda.so.1"))
    tree.file("/etc/ld.so.cache", content=wrap(cache)).file("/opt/nvidia/lib/libcuda.so.1", LIBRARY)
    assert tree.found().library == "/opt/nvidia/lib/libcuda.so.1"


def test_ld_library_path_comes_before_the_cache_and_the_cache_before_usual_folders(tree: Tree) -> None:
    tree.file("/etc/ld.so.cache", content=loader_cache(("libcuda.so.1", "/opt/cached/lib/libcuda.so.1")))
    places = ("/opt/named/lib/libcuda.so.1", "/opt/cached/lib/libcuda.so.1", LIBRARY)
    tree.file(*places)
    for place in places:
        assert tree.found("/opt/absent:/opt/named/lib").library == place
        (tree.root / place.strip("/")).unlink()


def test_an_entry_of_ld_library_path_may_end_with_a_semicolon(tree: Tree) -> None:
    assert tree.file("/opt/b/lib/libcuda.so.1").found("/opt/a/lib;/opt/b/lib").library == "/opt/b/lib/libcuda.so.1"


@pytest.mark.parametrize("path", ["", ":", ".", "lib:", "./lib", "$ORIGIN/lib"])
def test_the_current_folder_is_never_searched(tree: Tree, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.file("libcuda.so.1", "lib/libcuda.so.1", *CARD)
    monkeypatch.chdir(tree.root)
    assert tree.found(path).library is None


@pytest.mark.parametrize("content", [OTHER_PROCESSOR, OTHER_WORD_SIZE, b"", b"\x7fELF", b"not a library" * 9])
def test_a_library_for_another_processor_is_skipped(tree: Tree, content: bytes) -> None:
    tree.file("/opt/bad/lib/libcuda.so.1", content=content)
    assert tree.found("/opt/bad/lib") == NO_DRIVER
    assert tree.file(LIBRARY).found("/opt/bad/lib").library == LIBRARY


def test_a_stub_is_skipped_also_behind_a_link(tree: Tree) -> None:
    tree.file("/usr/local/cuda-13/lib64/stubs/libcuda.so.1")
    tree.link("/opt/cuda/lib/libcuda.so.1", "/usr/local/cuda-13/lib64/stubs/libcuda.so.1")
    assert tree.found("/usr/local/cuda-13/lib64/stubs:/opt/cuda/lib") == NO_DRIVER


def test_a_fifo_in_place_of_the_library_does_not_block(tree: Tree) -> None:
    tree.folder("/opt/odd/lib")
    os.mkfifo(tree.root / "opt/odd/lib/libcuda.so.1")
    assert tree.found("/opt/odd/lib") == NO_DRIVER


@pytest.mark.parametrize(
    "folder", ["/", "/usr", "/opt", "/usr/local", "/home", "/home/ada", "/home/ada/..", "/srv/users", "/mnt/c"]
)
def test_a_library_in_a_wide_folder_is_not_used(tree: Tree, folder: str) -> None:
    tree.folder("/home/ada").file(f"{folder}/libcuda.so.1", *CARD)
    driver = tree.found(folder, home="/srv/users/ada" if "srv" in folder else "/home/ada")
    assert (driver.library, driver.folders) == (None, ())


def test_a_link_to_a_wide_folder_is_not_used(tree: Tree) -> None:
    tree.file("/home/ada/libcuda.so.1").link("/opt/cuda/lib", "/home/ada")
    assert tree.found("/opt/cuda/lib") == NO_DRIVER


def test_a_link_through_a_wide_folder_is_not_used(tree: Tree) -> None:
    tree.file("/opt/nvidia/lib/libcuda.so.580").link("/home/ada/libcuda.so.1", "/opt/nvidia/lib/libcuda.so.580")
    assert tree.link("/opt/cuda/lib", "/home/ada").found("/opt/cuda/lib") == NO_DRIVER


def test_folders_are_those_of_all_files_that_links_lead_to(tree: Tree) -> None:
    """As in Debian, where the alternatives system is between them."""
    tree.link(LIBRARY, "/etc/alternatives/nvidia--libcuda.so.1").file("/opt/nvidia/current/libcuda.so.580")
    tree.link("/etc/alternatives/nvidia--libcuda.so.1", "../../opt/nvidia/current/libcuda.so.1")
    tree.link("/opt/nvidia/current/libcuda.so.1", "libcuda.so.580")
    driver = tree.found()
    assert driver.library == LIBRARY
    assert driver.folders == ("/etc/alternatives", "/opt/nvidia/current", MULTIARCH)


def test_nixos_links_each_library_into_the_store(tree: Tree) -> None:
    tree.link("/run/opengl-driver", "/nix/store/aaa-graphics-drivers")
    farm = "/nix/store/aaa-graphics-drivers/lib"
    tree.link(f"{farm}/libcuda.so.1", "/nix/store/bbb-nvidia/lib/libcuda.so.1")
    tree.link(f"{farm}/libnvidia-gpucomp.so.580", "/nix/store/ccc-gpucomp/lib/libnvidia-gpucomp.so.580")
    tree.file("/nix/store/bbb-nvidia/lib/libcuda.so.1", "/nix/store/ccc-gpucomp/lib/libnvidia-gpucomp.so.580")
    driver = tree.found("/run/opengl-driver/lib")
    assert driver.library == "/run/opengl-driver/lib/libcuda.so.1"
    assert driver.folders == (farm, "/nix/store/bbb-nvidia/lib", "/nix/store/ccc-gpucomp/lib", "/run/opengl-driver/lib")


def test_a_library_beside_it_makes_no_wide_folder_readable(tree: Tree) -> None:
    tree.file(LIBRARY, "/home/ada/libnvidia-x.so").link(f"{MULTIARCH}/libnvidia-x.so", "/home/ada/libnvidia-x.so")
    assert tree.found().folders == (MULTIARCH,)


def test_libraries_that_the_driver_loads_may_be_in_another_folder(tree: Tree) -> None:
    tree.file("/usr/local/cuda-13/compat/libcuda.so.1", f"{MULTIARCH}/libnvidia-ptxjitcompiler.so.1")
    driver = tree.link("/usr/local/cuda", "cuda-13").found("/usr/local/cuda/compat")
    assert driver.folders == (MULTIARCH, "/usr/local/cuda-13/compat", "/usr/local/cuda/compat")


def test_wsl_needs_the_folder_of_the_windows_drivers(tree: Tree) -> None:
    driver = tree.file("/usr/lib/wsl/lib/libcuda.so.1", "/dev/dxg").folder("/usr/lib/wsl/drivers").found()
    assert driver.folders == ("/usr/lib/wsl/drivers", "/usr/lib/wsl/lib")
    assert driver.devices == ("/dev/dxg",)
    assert missing_part(driver, str(tree.root)) is None


def test_none_of_the_folders_is_below_another(tree: Tree) -> None:
    driver = tree.file("/usr/lib/nvidia/libcuda.so.580").link("/usr/lib/libcuda.so.1", "nvidia/libcuda.so.580").found()
    assert driver.folders == ("/usr/lib",)


def test_a_loop_of_links_is_not_a_library(tree: Tree) -> None:
    tree.link("/opt/a/lib/libcuda.so.1", "/opt/b/lib/libcuda.so.1").link("/opt/b/lib/libcuda.so.1", "../../a/lib/x")
    tree.link("/opt/a/lib/x", "libcuda.so.1")
    assert tree.found("/opt/a/lib") == NO_DRIVER


@pytest.mark.parametrize(
    ("present", "absent"),
    [
        ((*CARD, "/dev/nvidia12"), ("/dev/nvidia-modeset", "/dev/null", "/dev/dri/renderD128")),
        (("/dev/nvidia-caps/nvidia-cap1", "/dev/nvidia-caps/nvidia-cap2"), ("/dev/nvidia-caps/folder/x",)),
        (("/dev/nvidia-caps-imex-channels/channel0",), ()),
        (("/dev/nvmap", "/dev/nvhost-gpu", "/dev/nvgpu/igpu0/ctrl", "/dev/host1x-fence", "/dev/dri/renderD128"), ()),
    ],
)
def test_devices_are_listed_one_by_one(tree: Tree, present: tuple[str, ...], absent: tuple[str, ...]) -> None:
    assert tree.file(*present, *absent).found().devices == tuple(sorted(present))


def test_kernel_files_are_narrow(tree: Tree) -> None:
    bridge = "/sys/devices/pci0000:00/0000:00:01.0"
    gpu, sound, disk = f"{bridge}/0000:01:00.0", f"{bridge}/0000:01:00.1", "/sys/devices/pci0000:00/0000:00:02.0"
    nvidia, intel = b"0x10de\n", b"0x8086\n"
    devices = ((gpu, nvidia, b"0x030200\n"), (sound, nvidia, b"0x040300\n"), (disk, intel, b"0x010802\n"))
    for device, vendor, kind in devices:
        tree.file(f"{device}/vendor", content=vendor).file(f"{device}/class", content=kind)
        tree.link(f"/sys/bus/pci/devices/{Path(device).name}", "../../.." + device.removeprefix("/sys"))
    wanted = ("/proc/devices", "/proc/driver/nvidia", "/proc/sys/vm/mmap_min_addr", "/sys/module/nvidia_uvm")
    tree.file("/proc/driver/nvidia/params", "/sys/module/nvidia_uvm/initstate", "/proc/devices", wanted[2])
    tree.file("/proc/kcore", "/etc/nvidia/ClientConfigToken/secret.tok", LIBRARY, *CARD)
    assert tree.found().kernel_files == tuple(sorted([*wanted, "/sys/bus/pci/devices", gpu]))


@pytest.mark.parametrize("files", [CARD, (LIBRARY,)], ids=["no library", "no device"])
def test_kernel_files_are_not_needed_where_cuda_cannot_start(tree: Tree, files: tuple[str, ...]) -> None:
    assert tree.file("/proc/devices", *files).found().kernel_files == ()


def test_a_driver_survives_json(tree: Tree) -> None:
    driver = tree.file(LIBRARY, "/proc/devices", *CARD).found("/opt/x")
    assert driver.kernel_files and driver.searched
    assert CudaDriver.of(json.loads(json.dumps(driver.facts()))) == driver
    assert CudaDriver.of(json.loads(json.dumps(NO_DRIVER.facts()))) == NO_DRIVER


def test_devices_without_the_library(tree: Tree) -> None:
    sentence = tree.file(*CARD).folder("/usr/lib64").missing("/opt/nvidia/lib64:relative")
    assert sentence is not None
    assert "libcuda.so.1" in sentence and "--gpus all" in sentence
    assert "(searched: /etc/ld.so.cache, /opt/nvidia/lib64, /usr/lib64)" in sentence


def test_wsl_with_a_gpu_of_another_vendor_misses_nothing(tree: Tree) -> None:
    assert tree.file("/dev/dxg").missing() is None


@pytest.mark.parametrize(
    ("library", "remedies"),
    [
        (LIBRARY, ("/dev/nvidia0", "--gpus all", "nvidia-modprobe")),
        ("/usr/lib/wsl/lib/libcuda.so.1", ("/dev/dxg", "wsl --update", "--gpus all")),
    ],
)
@pytest.mark.parametrize("devices", [(), ("/dev/nvidiactl",)])
def test_the_library_without_a_gpu(
    tree: Tree, library: str, remedies: tuple[str, ...], devices: tuple[str, ...]
) -> None:
    sentence = tree.file(library, *devices).missing()
    assert sentence is not None
    assert all(part in sentence for part in (library, *remedies))


def test_the_unified_memory_device_is_missing(tree: Tree) -> None:
    sentence = tree.file(LIBRARY, "/dev/nvidia0", "/dev/nvidiactl").missing()
    assert sentence is not None and "`/dev/nvidia-uvm`" in sentence and "sudo nvidia-modprobe -c 0 -u" in sentence
    assert tree.file("/dev/nvmap").missing() is None, "a Jetson has no such device"


@pytest.mark.parametrize("device", CARD)
def test_a_device_that_may_not_be_opened(tree: Tree, device: str) -> None:
    sentence = tree.file(LIBRARY, *CARD).file(device, mode=0o400).missing()
    owner = (tree.root / device.strip("/")).owner()
    assert sentence is not None
    assert f"`{device}` (mode 0400, owner {owner}, group " in sentence
    assert f"sudo chmod 666 {device}" in sentence


def test_one_gpu_of_two_is_enough(tree: Tree) -> None:
    tree.file(LIBRARY, *CARD).file("/dev/nvidia1", mode=0o000)
    assert tree.missing() is None
    assert "`/dev/nvidia0`" in (tree.file("/dev/nvidia0", mode=0o000).missing() or "")


def test_parts_of_a_gpu_need_not_be_writable(tree: Tree) -> None:
    tree.file(LIBRARY, *CARD).file("/dev/nvidia-caps/nvidia-cap1", mode=0o400)
    assert tree.missing() is None


@pytest.mark.parametrize(
    ("is_root", "mode", "group", "remedy"),
    [
        (False, 0o660, 44, "add yourself to that group with `sudo usermod -aG "),
        (True, 0o660, 44, "ptquiz gives up root, so start it as a member of that group"),
        (False, 0o660, 0, "sudo chmod 666 /dev/nvidia0"),
        (False, 0o600, 44, "sudo chmod 666 /dev/nvidia0"),
        (
            False,
            0o640,
            4_000_000,
            "group 4000000), which this user may not; allow it with `sudo chmod 666 /dev/nvidia0`",
        ),
    ],
)
def test_the_remedy_for_a_closed_device(is_root: bool, mode: int, group: int, remedy: str) -> None:
    status = os.stat_result((0o20000 | mode, 0, 0, 1, 0, group, 0, 0, 0, 0))
    sentence = cuda_driver._about_closed("/dev/nvidia0", status, is_root)
    assert f"(mode {mode:04o}, owner root, group " in sentence
    assert remedy in sentence


@pytest.mark.parametrize(("mode", "may"), [(0o666, True), (0o660, False), (0o664, False), (0o777, True)])
def test_root_opens_a_device_only_if_all_users_may(tree: Tree, mode: int, may: bool) -> None:
    tree.file("/dev/nvidia0", mode=mode)
    assert cuda_driver._may_open(str(tree.root / "dev/nvidia0"), is_root=True) is may


GOOD = loader_cache(("libcuda.so.1", "/opt/nvidia/lib/libcuda.so.1"), ("libc.so.6", "/lib/libc.so.6"))


@pytest.mark.parametrize("length", range(0, len(GOOD), 5))
def test_a_truncated_cache_yields_only_whole_entries(length: int) -> None:
    assert set(cache_entries(GOOD[:length])) <= set(cache_entries(GOOD))


@pytest.mark.parametrize("position", range(20, len(GOOD), 3))
def test_a_damaged_cache_raises_nothing(position: int) -> None:
    damaged = GOOD[:position] + b"\xff\xff\xff\xff" + GOOD[position + 4 :]
    assert all(path.startswith("/") for _, path in cache_entries(damaged))


@pytest.mark.parametrize("data", [b"", b"glibc-ld.so.cache1.1", b"ld.so-1.7.0\0" + b"\xff" * 99, b"\0" * 4096])
def test_another_file_is_an_empty_cache(data: bytes) -> None:
    assert list(cache_entries(data)) == []


def test_the_cache_of_this_machine_contains_the_c_library() -> None:
    data = FileTree().read("/etc/ld.so.cache", 1 << 24)
    if not data:
        pytest.skip("this machine has no loader's cache")
    assert "libc.so.6" in dict(cache_entries(data))


@pytest.mark.parametrize("environment", [{}, {"LD_LIBRARY_PATH": "\0:/\udcff", "HOME": ""}])
def test_this_machine_can_be_searched(environment: Mapping[str, str]) -> None:
    driver = find_driver(environment)
    assert not {"/", "/usr", "/etc", "/home"} & set(driver.folders)
    missing_part(driver)
