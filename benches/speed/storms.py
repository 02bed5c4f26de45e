#!/usr/bin/env python3
"""Storms: input made to be slow. Time must grow with the size, memory must not, and what is planted must be found.

    storms.py BINARY [--mb 64] [--files 200000] [--only digits,quotes] [--folder DIR]

Each storm is one text of --mb, most of them in one line, with a person and a number before and behind it on lines of
their own; and one of half the size. CPU time (user and system, children included) of the larger over the smaller is to be
2.3 at most, memory at most 1.25 times as much, and both people are to be found in each. Last come --files files of one
byte: all are to be settled as examined. Exit code 1 if anything is missed.
"""
import argparse, json, os, subprocess, sys, tempfile

STORMS = {
    "digits": b"7",
    "lone digits": b"1 ",
    "groups": b"024-61-",
    "numbers": b"024-61-3387 ",
    "cards": b"4716 2532 9110 8473 ",
    "near misses": b"900-61-3387 ",
    "labels": b"SSN ",
    "labels and numbers": b"Acct 12345 ",
    "dashes": b"-",
    "quotes": b'"',
    "quotes and commas": b'","',
    "commas": b",",
    "tabs": b"\t",
    "braces": b"{",
    "brackets": b"[",
    "tags": b"<a>",
    "key": b'{"ssn":',
    "names": b"Tobias Hargrove ",
    "listed names": b"Hargrove, Tobias; ",
    "mixed": b"Tobias Hargrove SSN 12 ",
    "segments": b"PID|1234|",
    "tokens": b"aB3x",
    "hexadecimal": b"4d5c6d ",
    "letters beyond ASCII": "é".encode(),
    "such letters and digits": "é 1234    ".encode(),
    "marks": b"*34*",
    "statements": b"INSERT INTO t VALUES (1,'x');",
    "line feeds": b"\n",
}
FIRST = b"Name: Odile Farnsworth, SSN: 517-38-2946\n\n"
LAST = b"\n\nName: Magnus Thornbury, SSN: 238-51-7462\n"


def scan(binary, folder, out):
    """Runs a scan; CPU seconds, memory at most in MB, the summary."""
    if os.path.exists(out):
        os.remove(out)
    quiet = subprocess.DEVNULL
    child = subprocess.Popen([binary, "scan", folder, "--jobs", "1", "-o", out], stdout=quiet, stderr=quiet)
    _, _, used = os.wait4(child.pid, 0)
    with open(out, "rb") as lines:
        lines.seek(max(0, os.path.getsize(out) - (1 << 20)))
        summary = json.loads(lines.read().splitlines()[-1])
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, summary


def people(out):
    """The masked names of the people whose numbers were found."""
    found = set()
    with open(out, "rb") as lines:
        for line in lines:
            if line.startswith(b'{"event":"record"'):
                found.add(json.loads(line)["person"]["masked"][:1])
    return found


def judged(name, small, large, faults):
    """Prints a line, and notes what is not as it should be."""
    ratio, memory = large[0] / max(small[0], 1e-3), large[1] / small[1]
    # Below this what is started weighs more than what is measured.
    slow = large[0] > 0.1 and ratio > 2.3
    fat = memory > 1.25
    wrong = faults + ["time"] * slow + ["memory"] * fat
    print(f"{name:24} {small[0]:8.3f} {large[0]:8.3f} s  x {ratio:4.2f}   {small[1]:6.0f} {large[1]:6.0f} MB  "
          f"records {sum(large[2]['records'].values())}  {' '.join(wrong)}", flush=True)
    return bool(wrong)


def text_storm(binary, folder, out, name, unit, size):
    runs, faults = [], []
    path = os.path.join(folder, "storm.txt")
    for part in (size // 2, size):
        with open(path, "wb") as text:
            # Piece by piece: memory of this process would count as that of the scan which it starts.
            piece, left = unit * (1 + (1 << 16) // len(unit)), part
            text.write(FIRST)
            while left > 0:
                left -= text.write(piece[:left])
            text.write(LAST)
        runs.append(scan(binary, folder, out))
        if not {"O", "M"} <= people(out):
            faults.append("people missing")
        if not runs[-1][2]["complete"]:
            faults.append("incomplete")
    os.remove(path)
    return judged(name, *runs, faults)


def file_storm(binary, folder, out, count):
    runs, faults, n = [], [], 0
    for part in (count // 2, count):
        for n in range(n, part):
            below = os.path.join(folder, f"{n // 1000:04}")
            if n % 1000 == 0:
                os.makedirs(below)
            with open(os.path.join(below, f"{n:06}"), "wb") as file:
                file.write(b"%d" % (n % 10))
        n += 1
        runs.append(scan(binary, folder, out))
        if runs[-1][2]["files"]["by_coverage"]["examined"] != part or not runs[-1][2]["complete"]:
            faults.append("files missing")
    return judged("files of one byte", *runs, faults)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("binary")
    args.add_argument("--mb", type=float, default=64)
    args.add_argument("--files", type=int, default=200_000)
    args.add_argument("--only", default="")
    args.add_argument("--folder")
    a = args.parse_args()
    only = [name for name in a.only.split(",") if name]
    missed = 0
    with tempfile.TemporaryDirectory(dir=a.folder) as place:
        folder, out = os.path.join(place, "in"), os.path.join(place, "out.jsonl")
        os.makedirs(folder)
        for name, unit in STORMS.items():
            if not only or name in only:
                missed += text_storm(a.binary, folder, out, name, unit, int(a.mb * 1e6))
        if a.files and (not only or "files" in only):
            missed += file_storm(a.binary, folder, out, a.files)
    sys.exit(missed > 0)


if __name__ == "__main__":
    main()
