#!/usr/bin/env python3
"""Writes a labelled share: OUT/share, OUT/truth.jsonl (one line a planted record) and OUT/residents.jsonl.

    python3 benches/labelled/make_labelled.py OUT --seed N [--files 1500]
    python3 benches/labelled/make_labelled.py OUT --seed N --every-format 20

The same seed gives the same bytes. All people and numbers are invented, and none of the word lists comes from the
program. About two files in five hold records.
"""

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import codes
import decoys
import every
import mail
import prose
import tables
from people import crowd
from share import Share

FOLDERS = (
    "hr|hr/2019|hr/benefits|finance|finance/ap|finance/archive/2012|clinic|clinic/intake|legal|legal/closed|school|school/office|sales|it|it/exports|"
    "it/logs|police|housing|Users/front desk|Users/kmurphy/Downloads|shared/to sort|retirement board|fuel assistance|old server/D|marketing|web"
).split("|")
MAKERS = [
    (tables.table_file, 0.19),
    (prose.prose_file, 0.12),
    (mail.mail_file, 0.04),
    (codes.code_file, 0.03),
    (codes.archive_file, 0.02),
    (decoys.decoy_file, 0.60),
]


def build(seed, files):
    """The share of a seed. Each folder has a crew of its own and meets some people of the others."""
    rng = random.Random(f"labelled share {seed}")
    people = crowd(rng, max(300, files * 2 // 3))
    share = Share()
    crews = {f: rng.sample(people, min(len(people), 170)) for f in FOLDERS}
    quota = [m for m, part in MAKERS for _ in range(round(part * files))]
    quota += [decoys.decoy_file] * (files - len(quota))
    rng.shuffle(quota)
    for maker in quota[:files]:
        folder = rng.choice(FOLDERS)
        maker(share, random.Random(rng.getrandbits(64)), folder, crews[folder])
    return share


def build_every(seed, count):
    """So many files of each format that can be written here."""
    rng = random.Random(f"every format {seed}")
    share = Share()
    every.build(share, rng, crowd(rng, 600), count)
    return share


def residents(share):
    """Distinct people per folder (with all below it) and in all, by identity."""
    found = defaultdict(set)
    for line in share.truth:
        parts = line["path"].split("/")[:-1]
        for n in range(len(parts) + 1):
            found["/".join(parts[:n])].add(line["person_key"])
    return [{"folder": folder, "people": len(keys)} for folder, keys in sorted(found.items())]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--files", type=int, default=1500)
    parser.add_argument("--every-format", type=int, metavar="N", help="N files of each format instead")
    args = parser.parse_args()
    if args.out.exists() and any(args.out.iterdir()):
        parser.error(f"{args.out} is not empty")
    share = build_every(args.seed, args.every_format) if args.every_format else build(args.seed, args.files)
    for path, content in share.files.items():
        target = args.out / "share" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    dump = lambda lines: "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (args.out / "truth.jsonl").write_text(dump(share.truth), encoding="utf-8")
    (args.out / "residents.jsonl").write_text(dump(residents(share)), encoding="utf-8")
    (args.out / "kinds.json").write_text(
        json.dumps(share.kinds, ensure_ascii=False, indent=0), encoding="utf-8"
    )
    with_records = len({line["path"] for line in share.truth})
    print(
        f"{len(share.files)} files, {with_records} with records, {len(share.truth)} records of {len({t['person_key'] for t in share.truth})} people"
    )
    print(dict(Counter(e["type"] for t in share.truth for e in t["elements"])))


if __name__ == "__main__":
    main()
