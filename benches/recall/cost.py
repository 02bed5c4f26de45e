"""What reading a document costs: CPU and memory of `revere text` beside the reference tools, by format.

    python3 benches/recall/cost.py FOLDER [--revere PROGRAM] [--runs N] [--most N] [--only EXT …]

Unlike `recall.py` it runs every tool now, one after the other on the same document, and leaves out LibreOffice, which
pays for its start with every file. The least of the runs counts; README.md says what the columns are.
"""

import argparse
import collections
import tempfile
from pathlib import Path

from references import ALIASES, TOOLS, measured

SLOW = {"soffice"}
# A reader in this very process has no peak of its own.
WITHIN = {"python"}


def least(run, times):
    """The run of `times` that took the least CPU."""
    return min((run() for _ in range(times)), key=lambda done: done.cpu)


def with_folder(tool, path):
    with tempfile.TemporaryDirectory() as folder:
        return tool(path, folder)[1]


class Sum:
    """CPU seconds and bytes of all documents, the largest peak, and how many took longest."""

    def __init__(self):
        self.cpu = self.peak = self.slowest = 0

    def add(self, run):
        self.cpu, self.peak, self.slowest = self.cpu + run.cpu, max(self.peak, run.memory), max(self.slowest, run.cpu)

    def shown(self, name, files, mib):
        peak = "–" if name in WITHIN else f"{self.peak / 1024:.0f}"
        return f"{name} {self.cpu / mib:.2f}, {1000 * self.cpu / files:.0f}, {1000 * self.slowest:.0f}, {peak}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--revere", default="target/release/revere")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--most", type=int, default=100, help="documents per format")
    parser.add_argument("--only", nargs="*", default=[], help="extensions")
    given = parser.parse_args()

    formats = collections.defaultdict(list)
    for path in sorted(p for p in given.folder.rglob("*") if p.is_file()):
        extension = path.suffix.lower().lstrip(".")
        form = ALIASES.get(extension, extension)
        if extension in TOOLS and (not given.only or form in given.only) and len(formats[form]) < given.most:
            formats[form].append(path)

    print("| | files, MiB | " + "s/MiB, ms per file, ms of the slowest, peak MiB | the same of references |")
    print("| --- | ---: | --- | --- |")
    for form, paths in sorted(formats.items()):
        sums = collections.defaultdict(Sum)
        for path in paths:
            sums["revere"].add(least(lambda: measured([given.revere, "text", "--no-config", path]), given.runs))
            for name, tool in TOOLS[path.suffix.lower().lstrip(".")].items():
                if name not in SLOW:
                    sums[name].add(least(lambda: with_folder(tool, path), given.runs))
        mib = sum(path.stat().st_size for path in paths) / 2**20
        own, *others = (total.shown(name, len(paths), mib) for name, total in sums.items())
        print(f"| {form} | {len(paths)}, {mib:.1f} | {own.removeprefix('revere ')} | {'; '.join(others) or '–'} |")


if __name__ == "__main__":
    main()
