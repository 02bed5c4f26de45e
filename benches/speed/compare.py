"""The measuring part of compare.sh."""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile

PATTERN = (
    r"(?-u:\b)[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}(?-u:\b)|(?-u:\b)(?:[0-9]{4}[- ]?){3}[0-9]{4}(?-u:\b)"
    r"|(?-u:\b)3[47][0-9]{2}[- ]?[0-9]{6}[- ]?[0-9]{5}(?-u:\b)"
)
RG = ["rg", "-a", "--no-ignore", "--hidden", "-j1"]
TOOLS = {
    "cat": lambda path: ["sh", "-c", 'find "$1" -type f -exec cat {} + > /dev/null', "sh", path],
    "rgA": lambda path: [*RG, "--count-matches", "--no-filename", "-e", PATTERN, path],
    "rgJ": lambda path: [*RG, "--json", "-e", PATTERN, path],
}
# The peer of each corpus, and the ratio to reach.
PEERS = {
    "prose": ("cat", 0.8), "logs": ("rgA", 4), "csv-clean": ("rgA", 2.5), "staff-0": ("rgA", 2),
    "staff-1": ("rgA", 2), "staff-100": ("rgJ", 1), "near": ("rgA", 2), "endless": ("rgA", 3), "tree": ("rgA", 2.5),
}


def cpu(command, codes):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if code not in codes:
        sys.exit(f"compare.py: {command[0]} ended with {code}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def scan(revere, path, folder):
    """CPU seconds, and the number of records at medium or above; stops if the result is not complete."""
    result, key = os.path.join(folder, "r.jsonl"), os.path.join(folder, "key")
    if os.path.exists(result):
        os.remove(result)
    seconds = cpu([revere, "scan", path, "--jobs", "1", "--key-file", key, "-o", result], (0, 3))
    with open(result, "rb") as f:
        f.seek(max(0, os.path.getsize(result) - 65536))
        summary = json.loads(f.read().splitlines()[-1])
    if summary.get("event") != "summary" or not summary["complete"]:
        sys.exit(f"compare.py: the result of {path} is not complete")
    return seconds, summary["records"]["high"] + summary["records"]["medium"]


def spread(values, places=2):
    return "-".join(f"{v:.{places}f}" for v in (min(values), statistics.median(values), max(values)))


def main():
    corpora, revere, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(os.path.join(corpora, "truth.json"), encoding="utf-8") as f:
        truth = json.load(f)
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "key"), "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as f:
            f.write("ab" * 32 + "\n")
        small = os.path.join(folder, "small")
        os.mkdir(small)
        with open(os.path.join(small, "a.txt"), "w", encoding="utf-8") as f:
            f.write("nothing\n" * 60)
        start = statistics.median(scan(revere, small, folder)[0] for _ in range(rounds * 2))
        print(f"start-up, one small file: {start * 1000:.0f} ms")
        print(f"{'corpus':10} {'MB/s':>6}  {'peer':4} {'ratio min-median-max':24} bar  records")
        short = False
        for corpus, (peer, bar) in PEERS.items():
            path = os.path.join(corpora, corpus)
            size = sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(path) for f in fs)
            ratios, speeds = [], []
            for _ in range(rounds):
                other = cpu(TOOLS[peer](path), (0, 1))
                own, records = scan(revere, path, folder)
                if records != truth[corpus]:
                    sys.exit(f"compare.py: {corpus}: {records} records, {truth[corpus]} are planted")
                own = max(own - start, 1e-6) if corpus == "prose" else own
                ratios.append(other / own)
                speeds.append(size / 1e6 / own)
            short |= statistics.median(ratios) < bar
            print(f"{corpus:10} {statistics.median(speeds):6.0f}  {peer:4} {spread(ratios):24} {bar:<4} {records}", flush=True)
        print("some are below their bar" if short else "all reach their bar")


if __name__ == "__main__":
    main()
