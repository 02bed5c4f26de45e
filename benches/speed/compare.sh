#!/usr/bin/env bash
# Compares `revere scan` with cat and ripgrep on the corpora of corpora.py, and checks that the records planted there,
# and no others, are found.
#
#     benches/speed/compare.sh CORPORA [REVERE] [ROUNDS]
#
# One thread each. What counts is CPU time (user and system, children included), in rounds in which the tools take
# turns; ratios are taken within a round. Needs ripgrep (cargo install ripgrep) and Python 3.
set -euo pipefail
corpora=${1:?folder made by corpora.py}
revere=${2:-target/release/revere}
rounds=${3:-5}
for tool in rg cat python3 "$revere"; do
    command -v "$tool" >/dev/null || { echo "compare.sh: $tool is missing" >&2; exit 2; }
done
exec python3 "$(dirname "$0")/compare.py" "$corpora" "$revere" "$rounds"
