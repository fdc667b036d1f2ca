"""Runs mittari, DuckDB and Polars over the same files and prints times and ratios.

    pip install -r tests/bench/requirements.txt
    cargo build --release -p mittari-cli
    python tests/bench/bench.py

Every run is a whole process, from start to written output, engine after engine in turn;
the medians are compared. All engines have to agree on every number to one part in a
thousand million, or nothing is printed but the difference.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
# Values are in the base of their kind: durations in seconds, shares as fractions.
NAMES = {("b-opened", "opened"): "opened", ("b-opened", "incident_share"): "incident_share",
         ("b-resolved", "resolved"): "resolved", ("b-resolved", "agents"): "agents",
         ("b-resolved", "reopened"): "reopened", ("b-resolved", "effort"): "effort",
         ("b-elapsed", "mean"): "mean", ("b-elapsed", "median"): "median",
         ("b-elapsed", "p90"): "p90", ("b-within", ""): "within",
         ("b-calls", "answered_in_target"): "answered_in_target",
         ("b-calls", "waited"): "waited", ("b-calls", "handled"): "handled"}
ENGINES = ["mittari", "duckdb", "polars"]


def command(engine, args, form, out):
    if engine == "mittari":
        return [args.mittari, "run", HERE / "workspace", "--data", args.data,
                "--source", f"generated-{form}", "--from", "2024-01-01", "--to", "2025-12-31",
                "--as-of", "2025-12-31T22:00:00Z", "--format", "csv", "--output", out]
    return [sys.executable, HERE / "engines.py", engine, args.data, form, out]


def timed(words):
    """Wall seconds, processor seconds and the peak in MiB of one process."""
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in words], stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{words[0]} failed:\n{errors.decode()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def numbers(engine, out):
    if engine != "mittari":
        return json.loads(out.read_text())
    found = {}
    with out.open(newline="") as file:
        for row in csv.DictReader(file):
            name = NAMES[row["metric"], row["formula"]]
            segment = row["segment"].partition("=")[2]
            value = float(row["value"]) if row["value"] else None
            found[f"{name}|{row['period']}|{segment}"] = value
    return found


def compare(own, other, engine):
    wrong = [key for key, value in own.items()
             if value is not None and (other.get(key) is None
             or abs(value - other[key]) > 1e-9 * max(1.0, abs(value)))]
    lacking = [key for key in other if key not in own]
    if wrong or lacking:
        key = (wrong + lacking)[0]
        sys.exit(f"{engine} differs in {len(wrong + lacking)} numbers, the first {key}: "
                 f"{own.get(key)} and {other.get(key)}")
    return len(own)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mittari", default=TOP / "target/release/mittari")
    parser.add_argument("--folder", type=Path, default=TOP / "target/bench")
    parser.add_argument("--formats", default="parquet,csv")
    args = parser.parse_args()
    args.data = args.folder / str(args.tickets)
    if not (args.data / "calls.csv").exists():
        subprocess.run([sys.executable, HERE / "generate.py", args.data, str(args.tickets)],
                       check=True)
    print(f"{args.tickets:,} tickets, {args.tickets * 3 // 2:,} calls, "
          f"medians of {args.runs} runs")
    for form in args.formats.split(","):
        runs = {engine: [] for engine in ENGINES}
        outs = {engine: args.folder / f"{engine}.out" for engine in ENGINES}
        for _ in range(args.runs):
            for engine in ENGINES:
                runs[engine].append(timed(command(engine, args, form, outs[engine])))
        own = numbers("mittari", outs["mittari"])
        compared = [compare(own, numbers(e, outs[e]), e) for e in ENGINES[1:]]
        print(f"\n{form}: {compared[0]:,} numbers agree")
        print(f"{'':10}{'wall s':>9}{'ratio':>8}{'CPU s':>9}{'ratio':>8}{'peak MiB':>10}")
        medians = {e: [statistics.median(of) for of in zip(*runs[e])] for e in ENGINES}
        wall, cpu, _ = medians["mittari"]
        for engine, (own_wall, own_cpu, peak) in medians.items():
            print(f"{engine:10}{own_wall:9.2f}{own_wall / wall:8.2f}"
                  f"{own_cpu:9.2f}{own_cpu / cpu:8.2f}{peak:10.0f}")


if __name__ == "__main__":
    main()
