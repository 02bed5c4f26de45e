"""Time and memory of every report of a large result; and whether LibreOffice opens the workbook.

    python3 benches/reports/measure.py [--revere PROGRAM] [--records 1000000] [--work FOLDER]

README.md says what is measured. Needs Python alone; `soffice` for the workbook, if it is there.
"""

import argparse
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIRST = ["Tobias", "Maeve", "Samuel", "Patricia", "Marcus", "Ingrid", "Rosalind", "Wendell"]
LAST = ["Hargrove", "Lindqvist", "Levine", "Donovan", "Halvorsen", "Kowalczyk", "Ferreira", "Brightwater"]
PER_FILE = 1000
FORMATS = ["jsonl", "json", "csv", "xlsx", "sarif", "xml", "gitlab:json"]


def share(folder, records):
    """Tables of invented people; the numbers are random ones of assigned areas."""
    numbers = random.Random(201)
    for n in range(-(-records // PER_FILE)):
        path = folder / f"department{n % 50:02}" / f"export{n:05}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = ["last_name,first_name,ssn,state"]
        for _ in range(min(PER_FILE, records - n * PER_FILE)):
            area, group, serial = numbers.randrange(1, 650), numbers.randrange(1, 99), numbers.randrange(1, 9999)
            name = f"{numbers.choice(LAST)},{numbers.choice(FIRST)}"
            rows.append(f"{name},{area:03}-{group:02}-{serial:04},MA")
        path.write_text("\n".join(rows) + "\n")


def measured(command):
    """Seconds, CPU seconds and peak MiB of a process that must succeed."""
    start = time.monotonic()
    pid = os.posix_spawnp(command[0], [os.fspath(word) for word in command], os.environ)
    _, status, used = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        sys.exit(f"{' '.join(map(str, command))} ended with {code}")
    return time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def line(what, told, size):
    seconds, cpu, memory = told
    print(f"{what:12} {seconds:8.1f} s {cpu:8.1f} s CPU {memory:8.0f} MiB peak {size / 2**20:9.1f} MiB written", flush=True)


def office(workbook, work):
    """Opens a workbook in LibreOffice and counts the rows of its sheets."""
    made = work / "sheets"
    filter_of_all = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    command = ["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to", filter_of_all]
    subprocess.run([*command, "--outdir", made, workbook], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for sheet in sorted(made.iterdir()):
        rows = list(csv.reader(open(sheet, encoding="utf-8", newline="")))
        print(f"  {sheet.stem}: {len(rows)} rows of {max(map(len, rows), default=0)} columns")
        wrong = [cell for row in rows for cell in row if cell.startswith(("#REF", "#NAME", "#VALUE", "Err:"))]
        if not rows or wrong:
            sys.exit(f"{sheet.name} is empty or holds errors: {wrong[:3]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revere", default="target/release/revere")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path, help="folder for the data; kept")
    given = parser.parse_args()
    work = (given.work or Path(tempfile.mkdtemp(prefix="reports-"))).resolve()
    try:
        run(given.revere, given.records, work)
    finally:
        if not given.work:
            shutil.rmtree(work)


def run(program, records, work):
    data, result, out = work / "share", work / "r.jsonl", work / "out"
    quiet = ["--no-config", "--quiet"]
    out.mkdir(parents=True, exist_ok=True)
    if not result.exists():
        share(data, records)
        told = measured([program, "scan", data, "--ephemeral-key", "--out", result, *quiet])
        line("scan", told, result.stat().st_size)
    summary = measured([program, "report", result, "--no-config", "--quiet"])
    line("summary", summary, 0)
    for form in FORMATS:
        prefix, _, extension = form.rpartition(":")
        target = out / f"{prefix or 'report'}.{extension}"
        target.unlink(missing_ok=True)
        name = f"{prefix}:{target}" if prefix else target
        told = measured([program, "report", result, "--out", name, *quiet])
        line(prefix or extension, told, target.stat().st_size)
    if shutil.which("soffice"):
        small = work / "small"
        share(small / "share", 5 * PER_FILE)
        measured([program, "scan", small / "share", "--ephemeral-key", "--out", small / "r.jsonl", "--out", small / "r.xlsx", *quiet])
        print("LibreOffice opens the workbook of 5,000 records:")
        office(small / "r.xlsx", work)


if __name__ == "__main__":
    main()
