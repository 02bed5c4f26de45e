#!/usr/bin/env python3
"""Scores a result against the truth of a labelled share.

    python3 benches/labelled/score.py RESULT.jsonl OUT --key HEX [--show N] [--only TEXT]

OUT is the folder that make_labelled.py wrote; RESULT.jsonl comes of `revere scan OUT/share --key-file F -o RESULT.jsonl`
and HEX is the content of F. Values and names are never printed in full.
"""

import argparse
import hashlib
import hmac
import json
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

LEVELS = {"high": 3, "medium": 2, "low": 1}


class Ids:
    """Fingerprints as docs/OUTPUT.md describes them."""

    def __init__(self, key):
        self.key = bytes.fromhex(key)
        self.memory = {}

    def of(self, word, value):
        raw = value if isinstance(value, bytes) else value.encode()
        if (word, raw) not in self.memory:
            self.memory[word, raw] = hmac.new(
                self.key, word.encode() + b"\0" + raw, hashlib.sha256
            ).hexdigest()[:32]
        return self.memory[word, raw]

    def element(self, kind, value):
        return self.of("drivers_license" if kind == "state_id" else kind, value.upper())

    def people(self, first, last):
        """Ids of a person; a hyphenated given name may count whole or by its first part."""
        surname, given = letters(last), first.split()[0]
        return {
            self.of("person", f"{surname}\x1f{g}")
            for g in {letters(given), letters(given.split("-")[0]), plain(given).upper()}
        }

    def initial(self, first, last):
        return self.of("person-initial", f"{letters(last)}\x1f{letters(first)[:1]}")


def plain(text):
    for a, b in (
        ("ß", "SS"),
        ("Æ", "AE"),
        ("æ", "AE"),
        ("Ø", "O"),
        ("ø", "O"),
        ("Ł", "L"),
        ("ł", "L"),
        ("Đ", "D"),
        ("đ", "D"),
    ):
        text = text.replace(a, b)
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def letters(text):
    return "".join(c for c in plain(text).upper() if c.isalpha())


class Result:
    """The settled lines of a result, by place."""

    def __init__(self, path):
        lines = [json.loads(line) for line in open(path, encoding="utf-8") if line.endswith("\n")]
        settled = {}
        for line in lines:
            if line["event"] == "file" and not line["member"]:
                settled[line["path_id"]] = line["seq"]
        keep = set(settled.values())
        self.records, self.elements, self.files, self.summary = defaultdict(list), defaultdict(list), {}, None
        for line in lines:
            if line["event"] == "summary":
                self.summary = line
            elif line.get("seq") in keep:
                place = (line.get("path_id"), tuple(line.get("member", ())))
                if line["event"] == "record":
                    self.records[place].append(line)
                elif line["event"] == "element":
                    self.elements[place].append(line)
                elif line["event"] == "file":
                    self.files[place] = line


def same_member(masked, raw):
    """A member path of the result may be masked: digits are bullets."""
    return len(masked) == len(raw) and all(
        len(m) == len(r) and all(a == b or a == "•" for a, b in zip(m, r)) for m, r in zip(masked, raw)
    )


class Truth:
    """Planted records by place, each with its ids."""

    def __init__(self, folder, ids, result):
        self.kinds = json.loads((folder / "kinds.json").read_text(encoding="utf-8"))
        self.residents = [json.loads(line) for line in open(folder / "residents.jsonl", encoding="utf-8")]
        self.paths = {ids.of("path", p): p for p in self.kinds}
        members = defaultdict(list)
        for path_id, member in result.files:
            members[path_id].append(member)
        self.records, self.lines, self.known, self.kind_of = defaultdict(list), [], defaultdict(set), {}
        for line in map(json.loads, open(folder / "truth.jsonl", encoding="utf-8")):
            path_id, raw = ids.of("path", line["path"]), tuple(line["member"])
            member = next((m for m in members[path_id] if same_member(m, raw)), raw)
            line["place"] = (path_id, member)
            line["ids"] = ids.people(line["person"]["first"], line["person"]["last"])
            line["initial_id"] = ids.initial(line["person"]["first"], line["person"]["last"])
            line["numbers"] = {
                (e["type"], ids.element(e["type"], e["value"])): e["value"] for e in line["elements"]
            }
            self.records[line["place"]].append(line)
            self.kind_of[line["place"]] = line["kind"]
            self.lines.append(line)

    def kind(self, place):
        return self.kind_of.get(place) or self.kinds.get(self.paths.get(place[0]), "?")


def mask(value):
    return "•" * (len(value) - 4) + value[-4:] if len(value) > 8 else "•" * len(value)


class Score:
    """Compares pairs (place, person, number), the unit of record precision and recall."""

    def __init__(self, truth, result):
        self.truth, self.result = truth, result
        self.hits, self.misses, self.false = [], [], []
        self.whole = Counter()
        for place in set(truth.records) | set(result.records):
            self.compare(place)

    def compare(self, place):
        wanted = {}
        for line in self.truth.records.get(place, ()):
            for number in line["numbers"]:
                pair = (number, frozenset(line["ids"]))
                if pair in wanted and wanted[pair]["residency"] != line["residency"]:
                    line = line | {"residency": None}  # planted twice here, with other circumstances
                wanted[pair] = line
        found = {}
        for record in self.result.records.get(place, ()):
            for e in record["elements"]:
                pair = ((e["type"], e["id"]), record["person"]["id"])
                level = LEVELS[record["confidence"]]
                if pair not in found or level > found[pair][0]:
                    found[pair] = (level, record, e)
        used = set()
        for (number, people), line in wanted.items():
            best = (
                max((found[number, p][0], p) for p in people if (number, p) in found)
                if any((number, p) in found for p in people)
                else None
            )
            if best:
                used.add((number, best[1]))
                self.hits.append((best[0], number[0], place, line, found[number, best[1]][1]))
            else:
                self.misses.append((self.cause(place, number, line), number, place, line))
        for pair, (level, record, e) in found.items():
            if pair not in used:
                self.false.append(
                    (level, self.false_cause(place, pair, record), pair[0][0], place, record, e)
                )
        self.count_whole(place)

    def count_whole(self, place):
        """Records with exactly the planted set of numbers, at medium and above."""
        got = defaultdict(set)
        for record in self.result.records.get(place, ()):
            if LEVELS[record["confidence"]] >= 2:
                got[record["person"]["id"]] |= {(e["type"], e["id"]) for e in record["elements"]}
        want = defaultdict(set)
        for line in self.truth.records.get(place, ()):
            want[frozenset(line["ids"])] |= set(line["numbers"])
        right = sum(any(got.get(p) == numbers for p in people) for people, numbers in want.items())
        self.whole += Counter(right=right, got=len(got), want=len(want))

    def cause(self, place, number, line):
        """Why a planted number was not reported with its person."""
        settled = self.result.files.get(place)
        if settled is None:
            return "place not settled"
        for record in self.result.records.get(place, ()):
            for e in record["elements"]:
                if e["id"] == number[1]:
                    if e["type"] != number[0]:
                        return f"type {e['type']} instead"
                    if record["person"].get("initial_id") == line["initial_id"]:
                        return "given name read differently"
                    others = {i for other in self.truth.records[place] for i in other["ids"]}
                    if record["person"]["id"] in others:
                        return "given to another planted person"
                    return "given to another name, or the name was read differently"
        for e in self.result.elements.get(place, ()):
            if e["id"] == number[1]:
                return (
                    f"number without name ({e['class']}, {e['confidence']}: {e.get('reason', '')})"
                    if e["type"] == number[0]
                    else f"loose, as {e['type']} ({e['class']})"
                )
        if settled["coverage"] != "examined":
            return f"coverage {settled['coverage']}"
        return "number not found"

    def false_cause(self, place, pair, record):
        for line in self.truth.records.get(place, ()):
            if any(n[1] == pair[0][1] for n in line["numbers"]):
                if pair[0] not in line["numbers"]:
                    return "planted number, other type"
                if record["person"].get("initial_id") == line["initial_id"]:
                    return "planted number, given name read differently"
                return "planted number, other person"
        return "not a planted number" + ("" if place in self.truth.records else ", harmless file")


def ratio(a, b):
    return f"{a / b:7.4f}" if b else "      –"


def line_of(name, tp, fp, fn):
    p, r = (tp / (tp + fp) if tp + fp else 1), (tp / (tp + fn) if tp + fn else 1)
    f1 = 2 * p * r / (p + r) if p + r else 0
    print(f"  {name:<26}{tp:>7}{fp:>7}{fn:>7}   {p:.4f}  {r:.4f}  {f1:.4f}")


def tables(score):
    """Precision, recall and F1 at medium and above: in all, by type, by format; then the threshold curve."""
    hits = [h for h in score.hits if h[0] >= 2]
    low = [h for h in score.hits if h[0] < 2]
    false = [f for f in score.false if f[0] >= 2]
    head = f"  {'':<26}{'right':>7}{'false':>7}{'missed':>7}   precis  recall  F1"
    print("Records (place, person, number) at medium and above\n" + head)
    line_of("all", len(hits), len(false), len(low) + len(score.misses))
    w = score.whole
    line_of("whole records", w["right"], w["got"] - w["right"], w["want"] - w["right"])
    print("\nBy type\n" + head)
    for kind in sorted({h[1] for h in score.hits} | {m[1][0] for m in score.misses} | {f[2] for f in false}):
        line_of(
            kind,
            sum(h[1] == kind for h in hits),
            sum(f[2] == kind for f in false),
            sum(h[1] == kind for h in low) + sum(m[1][0] == kind for m in score.misses),
        )
    print("\nBy format\n" + head)
    kind_of = score.truth.kind
    tp, fp, fn = (
        Counter(kind_of(h[2]) for h in hits),
        Counter(kind_of(f[3]) for f in false),
        Counter(kind_of(h[2]) for h in low) + Counter(kind_of(m[2]) for m in score.misses),
    )
    for kind in sorted(set(tp) | set(fp) | set(fn)):
        line_of(kind, tp[kind], fp[kind], fn[kind])
    print("\nThreshold curve             right  false   precision   recall")
    total = len(score.hits) + len(score.misses)
    for name, least in (("high", 3), ("medium and above", 2), ("low and above", 1)):
        a, b = sum(h[0] >= least for h in score.hits), sum(f[0] >= least for f in score.false)
        print(f"  {name:<24}{a:>7}{b:>7}   {ratio(a, a + b)}   {ratio(a, total)}")
    for name, level in LEVELS.items():
        a, b = sum(h[0] == level for h in score.hits), sum(f[0] == level for f in score.false)
        print(f"  {name + ' alone':<24}{a:>7}{b:>7}   {ratio(a, a + b)}")
    flagged = {f[3][0] for f in false} - {p[0] for p in score.truth.records}
    harmless = len(score.truth.kinds) - len({p[0] for p in score.truth.records})
    print(f"\nHarmless files with a record at medium or above: {len(flagged)} of {harmless}")


def residency(score):
    """Grades of records that were found; those that the rules leave open are not counted."""
    pairs = [(h[3]["residency"], h[4]["residency"], h) for h in score.hits if h[0] >= 2 and h[3]["residency"]]
    exact = sum(a == b for a, b, _ in pairs)
    ma = ("confirmed", "likely")
    tp, fp, fn = (
        sum((a in ma, b in ma) == x for a, b, _ in pairs)
        for x in ((True, True), (False, True), (True, False))
    )
    print(
        f"\nResidency of {len(pairs)} records: exact {ratio(exact, len(pairs))}; Massachusetts precision {ratio(tp, tp + fp)} recall {ratio(tp, tp + fn)}"
    )
    grid = Counter((a, b) for a, b, _ in pairs)
    for (a, b), n in sorted(grid.items(), key=lambda x: -x[1]):
        if a != b:
            kinds = Counter(score.truth.kind(h[2]) for x, y, h in pairs if (x, y) == (a, b)).most_common(6)
            rules = Counter(
                ",".join(h[4].get("residency_rules", [])) for x, y, h in pairs if (x, y) == (a, b)
            ).most_common(3)
            print(f"  {a} read as {b}: {n}  {dict(kinds)} rules {dict(rules)}")


class Sets:
    """Union-find."""

    def __init__(self):
        self.up = {}

    def find(self, x):
        self.up.setdefault(x, x)
        while self.up[x] != x:
            self.up[x] = self.up[self.up[x]]
            x = self.up[x]
        return x

    def join(self, a, b):
        self.up[self.find(a)] = self.find(b)


def bounds(records):
    """Bounds of distinct people as docs/OUTPUT.md ("Counting people") gives them."""
    sets, seen = Sets(), {}
    for n, (person, _, elements, keys, _) in enumerate(records):
        ties = [("k", v) for v in keys]
        for kind, number, state in elements:
            if kind == "ssn":
                ties.append(("ssn", number))
            elif kind in ("drivers_license", "state_id"):
                ties += [("dl", number, state)] * bool(state) + [("dl", number, person)]
            else:
                ties.append(("fin", number, person))
        for tie in ties:
            if tie in seen:
                sets.join(seen[tie], n)
            else:
                seen[tie] = n
        sets.find(n)
    parts = defaultdict(list)
    for n, record in enumerate(records):
        parts[sets.find(n)].append(record)
    return lower_bound(list(parts.values())), len(parts)


def lower_bound(parts):
    """Fewest people: components of one name or initial are one, but those with different SSNs stay apart. One
    without an SSN counts only with a record of level high."""
    groups, seen = Sets(), {}
    for n, part in enumerate(parts):
        groups.find(n)
        for record in part:
            for name in (("person", record[0]), ("initial", record[1])):
                groups.join(n, seen.setdefault(name, n))
    people = defaultdict(list)
    for n, part in enumerate(parts):
        people[groups.find(n)].append(part)

    def least(group):
        with_ssn = sum(any(kind == "ssn" for r in part for kind, _, _ in r[2]) for part in group)
        return max(with_ssn, int(any(r[4] == "high" for part in group for r in part)))

    return sum(least(group) for group in people.values())


def residents(truth, result):
    """Bounds per folder and in all, from the records, against the people planted there."""
    held = 0
    by_folder = defaultdict(list)
    for (path_id, _), records in result.records.items():
        path = truth.paths.get(path_id)
        if path is None:
            continue
        parts = path.split("/")[:-1]
        for record in records:
            strong = [
                e for e in record["elements"] if LEVELS[e["confidence"]] >= 2 and e.get("class", "pi") == "pi"
            ]
            if LEVELS[record["confidence"]] < 2 or not strong:
                continue
            row = (
                record["person"]["id"],
                record["person"].get("initial_id"),
                [(e["type"], e["id"], e.get("state")) for e in strong],
                list(record.get("keys", {}).values()),
                record["confidence"],
            )
            for n in range(len(parts) + 1):
                by_folder["/".join(parts[:n])].append(row)
    print(
        f"\nResidents per folder (lower <= planted <= upper), of medium records\n  {'folder':<28}{'lower':>7}{'planted':>9}{'upper':>7}"
    )
    for entry in truth.residents:
        low, high = bounds(by_folder[entry["folder"]])
        fits = low <= entry["people"] <= high
        held += fits
        print(
            f"  {entry['folder'] or '(all)':<28}{low:>7}{entry['people']:>9}{high:>7}  {'' if fits else 'OUTSIDE'}"
        )
    print(
        f"  holds in {held} of {len(truth.residents)}; the run's own total: {result.summary['residents']['total'] if result.summary else 'none'}"
    )


def shown(score, count, only):
    """Misses and false records, grouped by cause and format."""
    groups = defaultdict(list)
    for cause, number, place, line in score.misses:
        groups["MISSED", cause, number[0], score.truth.kind(place)].append(
            f"{score.truth.paths[place[0]]} {list(place[1])} {initials(line)} {mask(line['numbers'][number])}"
        )
    for level, kind, place, line, record in ((h[0], h[1], h[2], h[3], h[4]) for h in score.hits if h[0] < 2):
        groups["LOW", f"found at low, link {record['link']}", kind, score.truth.kind(place)].append(
            f"{score.truth.paths[place[0]]} {list(place[1])} {initials(line)} {record.get('location')}"
        )
    for level, cause, kind, place, record, e in score.false:
        if level >= 2:
            where = {**record.get("location", {}), **e.get("location", {})}
            groups["FALSE", cause, kind, score.truth.kind(place)].append(
                f"{score.truth.paths.get(place[0], '?')} {list(place[1])} {record['person']['masked']} {e['masked']} {record['confidence']} {record['link']} {where}"
            )
    order = sorted(groups.items(), key=lambda g: (g[0][0], -len(g[1])))
    for (what, cause, kind, form), items in order:
        title = f"{what} {len(items):>5}  {kind:<16} {form:<22} {cause}"
        if only in title:
            print(title)
            for item in items[:count]:
                print("         " + item)


def initials(line):
    return f"{line['person']['first'][0]}••• {line['person']['last'][0]}•••"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("result", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--key", required=True, help="the fingerprint key, 64 hex digits")
    parser.add_argument(
        "--show", type=int, default=-1, help="list misses and false records by cause, N of each"
    )
    parser.add_argument("--only", default="", help="of those, only groups whose title holds this text")
    args = parser.parse_args()
    ids, result = Ids(args.key), Result(args.result)
    truth = Truth(args.truth, ids, result)
    score = Score(truth, result)
    if not score.hits and truth.lines:
        sys.exit("nothing matches: wrong key, or a result of another share")
    tables(score)
    residency(score)
    residents(truth, result)
    if args.show >= 0:
        print()
        shown(score, args.show, args.only)


if __name__ == "__main__":
    main()
