"""The registers of vim. Contains no widget."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Register:
    """Copied text: whole lines, without the last line break, or characters."""

    text: str
    is_lines: bool = False


@dataclass
class Registers:
    """The unnamed register, `0` with the last yank, `a` to `z`, `+` for the clipboard, and `_`, which keeps nothing."""

    clipboard: str = ""
    """The app's clipboard, set before each key and read after it."""

    _contents: dict[str, Register] = field(default_factory=dict)

    def read(self, name: str) -> Register | None:
        """Return the contents of a register; None if it is empty."""
        if name in ("+", "*"):
            text = self.clipboard
            return Register(text.removesuffix("\n"), text.endswith("\n")) if text else None
        return self._contents.get(name.lower() or '"')

    def write(self, name: str, register: Register, is_yank: bool) -> None:
        """Store in the register `name`, or append to it if it is a capital, and in the unnamed one."""
        if name == "_":
            return
        if name in ("+", "*"):
            self.clipboard = register.text + "\n" * register.is_lines
        elif name.isupper() and (old := self._contents.get(name.lower())):
            is_lines = old.is_lines or register.is_lines
            register = Register(old.text + "\n" * is_lines + register.text, is_lines)
        if is_yank and name in ("", '"'):
            self._contents["0"] = register
        if name.isalnum():
            self._contents[name.lower()] = register
        self._contents['"'] = register
