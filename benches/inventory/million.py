#!/usr/bin/env python3
"""Makes a result of RECORDS records in FILES files, then times and weighs what is made of it.

    benches/inventory/million.py target/release/revere [RECORDS [FILES]]

The result is a stream as docs/OUTPUT.md has it, with invented fingerprints: every second person is met twice, in
different files. The counts of the inventory are held against those that were put in. Needs `b3sum` for the digest of
the summary.
"""
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time

PEOPLE = {"total": {"lower": 0, "upper": 0}, "by_residency": {}}


def id_of(kind, n):
    return hashlib.blake2b(f"{kind}{n}".encode(), digest_size=16).hexdigest()


def lines(records, files):
    yield {"event": "run", "schema": 1, "tool": "revere", "version": "0.1.0", "run_id": "0", "patterns": "p",
           "policy": "ma-201-cmr-17", "roots": ["/srv/share"], "label": "bench",
           "account": {"name": "bench", "privileged": False}, "started": "2026-03-02T08:15:00Z", "key_id": "k",
           "options": {}}
    yield {"event": "volume", "id": 0, "mount": "/srv", "fs": "ext4", "kind": "local", "encrypted": "unknown",
           "atime": "relative"}
    each = records // files
    n = 0
    for f in range(files):
        path = f"d{f % 20}/e{f % 400}/f{f}.csv"
        at = {"seq": f + 1, "root": 0, "path": path, "path_id": id_of("path", f), "member": []}
        for row in range(each):
            person = n if n % 2 else n // 2 % max(records // 4, 1)
            n += 1
            name = id_of("person", person)
            number = {"type": "ssn", "masked": "•••••3387", "id": id_of("ssn", person), "confidence": "high",
                      "score": 95, "why": "0123456789ab", "location": {"column": 2}, "class": "pi"}
            yield {"event": "record", **at, "id": id_of("record", n), "person": {
                "masked": "T••• H•••", "id": name, "initial_id": name[::-1], "confidence": "high",
                "location": {"column": 1}}, "elements": [number], "link": "row", "confidence": "high",
                "residency": ["confirmed", "unknown"][person % 2],
                "keys": {"name-dob": id_of("dob", person)[:16]}, "location": {"line": row + 2, "row": row + 1}}
        yield {"event": "file", **at, "format": "text", "size": 60 * each, "coverage": "examined",
               "modified": f"20{10 + f % 15}-02-28T10:00:00Z", "owner": f"user{f % 50}",
               "exposure": {"read": "everyone", "write": "owner"}, "volume": 0, "content": id_of("content", f),
               "records": {"high": each, "medium": 0, "low": 0}, "elements": {"ssn": each},
               "residents": {"total": {"lower": each, "upper": each}, "by_residency": {}}}
    coverage = {"examined": files, "partial": 0, "encrypted": 0, "not-examined": 0}
    yield {"event": "summary", "files": {"met": files, "by_coverage": coverage},
           "members": {"met": 0, "by_coverage": {key: 0 for key in coverage}}, "gaps": {},
           "records": {"high": each * files, "medium": 0, "low": 0}, "residents": PEOPLE, "bytes": 0, "elapsed": 1.0,
           "complete": True, "interrupted": False}


def write(path, records, files):
    digest = subprocess.Popen(["b3sum", "--no-names"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with open(path, "wb") as out:
        for line in lines(records, files):
            if line["event"] == "summary":
                digest.stdin.close()
                line["digest"] = digest.stdout.read().decode().strip()
            data = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            out.write(data)
            if line["event"] != "summary":
                digest.stdin.write(data)


def timed(args):
    start = time.monotonic()
    process = subprocess.Popen(args, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(args)} failed")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def main():
    program = sys.argv[1]
    records = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    files = int(sys.argv[3]) if len(sys.argv) > 3 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        result = os.path.join(folder, "r.jsonl")
        write(result, records, files)
        print(f"result: {records:,} records in {files:,} files, {os.path.getsize(result) / 2**20:,.0f} MiB")
        table = os.path.join(folder, "i.csv")
        rules = os.path.join(folder, "rules.toml")
        with open(rules, "w", encoding="utf-8") as out:
            out.write('retention = [{ path = "d1/**", years = 7 }, { path = "**", years = 3 }]\n')
        book = os.path.join(folder, "i.xlsx")
        more = ["--quiet", "--as-of", "2026-03-02", "--retention", rules]
        for args in (["report", result, "--out", os.path.join(folder, "r.json")],
                     ["inventory", result, "--out", table, *more], ["inventory", result, "--out", book, *more],
                     ["inventory", result, "--out", table, "--previous", book, *more]):
            seconds, peak = timed([program, *args])
            print(f"{args[0]} {' '.join(os.path.basename(a) for a in args[3:])}: {seconds:.1f} s, {peak:,.0f} MiB")
        with open(table, newline="", encoding="utf-8") as rows:
            listed = [row for row in csv.DictReader(rows) if row["row"] == "file"]
        counted = sum(int(row["records"]) for row in listed)
        if (len(listed), counted) != (files, records // files * files):
            sys.exit(f"{len(listed)} files and {counted} records are listed")


main()
