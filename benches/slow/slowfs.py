"""A folder seen through a slow server: every call to it takes a fixed time more.

    python3 benches/slow/slowfs.py FOLDER MOUNTPOINT MILLISECONDS

Needs `fusepy` and libfuse 2. What the kernel keeps of a network mount it keeps of this one: content as long as a file is
open, names and attributes for as long as `nfs` does at least (3 s). Stays in the foreground; unmount it to end it.
"""

import errno
import os
import sys
import time

import fuse


class Slow(fuse.Operations):
    """Passes everything on, read only, after a pause."""

    def __init__(self, folder, pause):
        self.folder = os.path.realpath(folder)
        self.pause = pause

    def __call__(self, op, path, *args):
        time.sleep(self.pause)
        return super().__call__(op, self.folder + (path or ""), *args)

    def getattr(self, path, fh=None):
        try:
            found = os.lstat(path)
        except OSError as e:
            raise fuse.FuseOSError(e.errno)
        keys = ("st_atime", "st_ctime", "st_gid", "st_ino", "st_mode", "st_mtime", "st_nlink", "st_size", "st_uid")
        return {key: getattr(found, key) for key in keys}

    def readdir(self, path, fh):
        kinds = [(entry.name, {"st_mode": os.lstat(entry.path).st_mode}, 0) for entry in os.scandir(path)]
        return [".", ".."] + kinds

    def getxattr(self, path, name, position=0):
        raise fuse.FuseOSError(errno.ENODATA)

    def open(self, path, flags):
        return os.open(path, os.O_RDONLY)

    def read(self, path, size, offset, fh):
        return os.pread(fh, size, offset)

    def flush(self, path, fh):
        raise fuse.FuseOSError(errno.ENOSYS)

    def release(self, path, fh):
        os.close(fh)


if __name__ == "__main__":
    folder, mountpoint, pause = sys.argv[1:]
    slow = Slow(folder, float(pause) / 1000)
    fuse.FUSE(slow, mountpoint, foreground=True, ro=True, attr_timeout=3, entry_timeout=3, subtype="sshfs", fsname="slow")
