"""The numbers of the comparison by hand, in DuckDB and in Polars, each in one program.

    python engines.py duckdb|polars FOLDER parquet|csv OUT.json

Each table is read once for all numbers that can share it.
"""

import json
import sys
from pathlib import Path

TARGET = {"P1": 4, "P2": 8, "P3": 24, "P4": 40}
OPENED = ["opened", "incident_share"]
RESOLVED = ["resolved", "reopened", "effort", "within", "agents", "mean", "median", "p90"]
CALLS = ["answered_in_target", "waited", "handled"]
INSTANTS = ["opened_at", "resolved_at", "closed_at", "arrived_at"]


def duckdb_numbers(folder, form):
    import duckdb
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")

    def table(name):
        path = folder / f"{name}.{form}"
        if form == "parquet":
            return f"read_parquet('{path}')"
        types = {"tickets": "{'opened_at': 'TIMESTAMP', 'resolved_at': 'TIMESTAMP',"
                            " 'closed_at': 'TIMESTAMP'}",
                 "calls": "{'arrived_at': 'TIMESTAMP'}"}[name]
        return f"read_csv('{path}', header=true, types={types})"

    db.execute(f"CREATE TABLE hours AS FROM read_parquet('{folder / 'hours.parquet'}')")
    target = " ".join(f"WHEN '{p}' THEN {h * 3600}" for p, h in TARGET.items())
    numbers = {}

    def keep(names, rows):
        for month, segment, *values in rows:
            for name, value in zip(names, values):
                numbers[f"{name}|{month}|{segment or ''}"] = value

    db.execute(f"""
        CREATE VIEW base AS
        SELECT t.kind, t.priority, t.reopened, t.effort_s, t.agent,
               o.month AS opened, r.month AS resolved,
               epoch(t.resolved_at) - epoch(t.opened_at) AS elapsed,
               r.before + r.open * (epoch(t.resolved_at)::BIGINT % 3600)
             - o.before - o.open * (epoch(t.opened_at)::BIGINT % 3600) AS worked
        FROM {table('tickets')} t
        JOIN hours o ON o.hour = epoch(t.opened_at)::BIGINT // 3600
        LEFT JOIN hours r ON r.hour = epoch(t.resolved_at)::BIGINT // 3600
        WHERE t.status <> 'withdrawn'""")
    keep(OPENED, db.execute("""
        SELECT opened, priority, count(*), avg((kind = 'incident')::INT)
        FROM base GROUP BY GROUPING SETS ((opened), (opened, priority))""").fetchall())
    resolved = db.execute(f"""
        SELECT resolved, priority, count(*), avg((reopened > 0)::INT), avg(effort_s),
               avg((worked <= CASE priority {target} END)::INT), count(DISTINCT agent),
               avg(elapsed), quantile_cont(elapsed, [0.5, 0.9])
        FROM base WHERE resolved IS NOT NULL
        GROUP BY GROUPING SETS ((resolved), (resolved, priority))""").fetchall()
    keep(RESOLVED, [(*row[:-1], *row[-1]) for row in resolved])
    keep(CALLS, db.execute(f"""
        SELECT h.month, c.line,
               count(*) FILTER (ended = 'answered' AND waited_s <= 20) / count(*),
               avg(waited_s) FILTER (ended = 'answered'), avg(talk_s + wrap_s)
        FROM {table('calls')} c
        JOIN hours h ON h.hour = epoch(c.arrived_at)::BIGINT // 3600
        WHERE ended <> 'forwarded'
        GROUP BY GROUPING SETS ((h.month), (h.month, c.line))""").fetchall())
    return numbers


def polars_numbers(folder, form):
    import polars as pl
    hours = pl.read_parquet(folder / "hours.parquet").lazy()

    def scan(name):
        path = folder / f"{name}.{form}"
        if form == "parquet":
            return pl.scan_parquet(path)
        frame = pl.scan_csv(path)
        named = [c for c in INSTANTS if c in frame.collect_schema().names()]
        return frame.with_columns(
            pl.col(named).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us"))

    def seconds(column):
        return pl.col(column).dt.epoch("s")

    def placed(frame, column, prefix):
        own = hours.select(pl.col("hour").alias(f"{prefix}_hour"),
                           pl.col("month").alias(f"{prefix}_month"),
                           pl.col("before").alias(f"{prefix}_before"),
                           pl.col("open").alias(f"{prefix}_open"))
        frame = frame.with_columns((seconds(column) // 3600).alias(f"{prefix}_hour"))
        return frame.join(own, on=f"{prefix}_hour", how="left")

    base = scan("tickets").filter(pl.col("status") != "withdrawn").select(
        "kind", "priority", "reopened", "effort_s", "agent", "opened_at", "resolved_at")
    base = placed(placed(base, "opened_at", "o"), "resolved_at", "r")
    worked = (pl.col("r_before") + pl.col("r_open") * (seconds("resolved_at") % 3600)
              - pl.col("o_before") - pl.col("o_open") * (seconds("opened_at") % 3600))
    target = pl.col("priority").replace_strict(
        {p: h * 3600 for p, h in TARGET.items()}, return_dtype=pl.Int64)
    base = base.select(
        "kind", "priority", "reopened", "effort_s", "agent", "o_month", "r_month",
        (seconds("resolved_at") - seconds("opened_at")).alias("elapsed"),
        (worked <= target).alias("in_time"))
    calls = placed(scan("calls").filter(pl.col("ended") != "forwarded"), "arrived_at", "a")
    answered = pl.col("ended") == "answered"
    of = {
        "opened": (base, "o_month", "priority", OPENED,
                   [pl.len(), (pl.col("kind") == "incident").mean()]),
        "resolved": (base.filter(pl.col("r_month").is_not_null()), "r_month", "priority",
                     RESOLVED,
                     [pl.len(), (pl.col("reopened") > 0).mean(), pl.col("effort_s").mean(),
                      pl.col("in_time").mean(), pl.col("agent").drop_nulls().n_unique(),
                      pl.col("elapsed").mean(), pl.col("elapsed").median(),
                      pl.col("elapsed").quantile(0.9, "linear")]),
        "calls": (calls, "a_month", "line", CALLS,
                  [(answered & (pl.col("waited_s") <= 20)).mean(),
                   pl.col("waited_s").filter(answered).mean(),
                   (pl.col("talk_s") + pl.col("wrap_s")).mean()]),
    }
    queries, shapes = [], []
    for frame, month, segment, names, exprs in of.values():
        named = [expr.alias(name) for name, expr in zip(names, exprs)]
        queries += [frame.group_by(month).agg(named), frame.group_by(month, segment).agg(named)]
        shapes += [(names, 1), (names, 2)]
    numbers = {}
    for result, (names, keys) in zip(pl.collect_all(queries), shapes):
        for row in result.rows():
            segment = row[1] if keys == 2 else ""
            for name, value in zip(names, row[keys:]):
                numbers[f"{name}|{row[0]}|{segment}"] = value
    return numbers


def main():
    engine, folder, form, out = sys.argv[1:5]
    numbers = {"duckdb": duckdb_numbers, "polars": polars_numbers}[engine](Path(folder), form)
    Path(out).write_text(json.dumps(numbers))


if __name__ == "__main__":
    main()
