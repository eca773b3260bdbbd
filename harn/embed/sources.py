"""Where the modules of a program come from that was given as text: the files of the host it runs on."""

from __future__ import annotations

import errno
import os

from harn.host.files import Files
from harn.resolve.paths import Sources
from harn.values.errors import HarnError, LimitReached


class HostSources(Sources):
    """The files of a host. What is compiled from them is not kept: another host may show other files under the same names."""

    cached = False

    def __init__(self, files: Files) -> None:
        self.files = files

    def is_file(self, path: str) -> bool:
        """Whether there is a file that the host lets the program read."""
        try:
            return self.files.facts(path)["is_file"] is True
        except HarnError:
            return False

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder that the host lets the program see."""
        try:
            return self.files.facts(path)["is_dir"] is True
        except HarnError:
            return False

    def exists(self, path: str) -> bool:
        """Whether there is anything the host lets the program see."""
        return self.is_file(path) or self.is_folder(path)

    def real(self, path: str) -> str:
        """The one name of a file."""
        return os.path.normpath(os.path.join(self.files.folder(), path))

    def read(self, path: str) -> bytes:
        """The content of a file; OSError."""
        try:
            return self.files.read(path)
        except (HarnError, LimitReached):
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT)) from None
