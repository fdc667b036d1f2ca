"""Makes the data of the comparison: tickets and calls of a made-up desk over two years.

    python generate.py FOLDER TICKETS

writes tickets and calls (half as many again) as Parquet and as CSV, and `hours.parquet`,
a table of the hours of those years with their local month and the open time before them,
which spares the SQL and data-frame programs all conversion of time zones. The same
numbers give the same files.
"""

import datetime as dt
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

ZONE = ZoneInfo("Europe/Helsinki")
FROM, TO = dt.datetime(2024, 1, 1, tzinfo=ZONE), dt.datetime(2026, 1, 1, tzinfo=ZONE)
CLOSED_DAYS = {(1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26)}
GROUP = 1 << 17


def hours():
    """Every hour from a day before to a day after the two years."""
    first = int(FROM.timestamp()) // 3600 - 24
    last = int(TO.timestamp()) // 3600 + 24
    month, opened, before, total = [], [], [], 0
    for hour in range(first, last):
        local = dt.datetime.fromtimestamp(hour * 3600, ZONE)
        is_open = (local.weekday() < 5 and 8 <= local.hour < 16
                   and (local.month, local.day) not in CLOSED_DAYS)
        month.append(f"{local.year:04}-{local.month:02}")
        opened.append(int(is_open))
        before.append(total)
        total += 3600 * is_open
    return pa.table({"hour": pa.array(range(first, last), pa.int64()), "month": month,
                     "open": pa.array(opened, pa.int64()),
                     "before": pa.array(before, pa.int64())})


def coded(random, n, values, weights):
    codes = random.choice(len(values), n, p=weights).astype(np.int8)
    return pa.DictionaryArray.from_arrays(pa.array(codes), values).cast(pa.string())


def instants(seconds, known=None):
    micros = pa.array(seconds * 1_000_000, pa.int64(), mask=None if known is None else ~known)
    return micros.cast(pa.timestamp("us", "UTC"))


def tickets(random, n):
    low, high = int(FROM.timestamp()), int(TO.timestamp())
    opened = np.sort(random.integers(low, high, n))
    took = np.minimum(random.lognormal(10.5, 1.6, n), 40 * 86_400).astype(np.int64) + 60
    resolved, closed = opened + took, opened + took + random.integers(0, 5 * 86_400, n)
    agent = random.integers(0, 400, n)
    teams = [f"L1-{n}" for n in range(1, 9)] + [f"L2-{n}" for n in range(1, 13)]
    return pa.table({
        "ticket_id": pa.array(np.char.mod("T%09d", np.arange(n))),
        "kind": coded(random, n, ["incident", "request"], [0.45, 0.55]),
        "priority": coded(random, n, ["P1", "P2", "P3", "P4"], [0.03, 0.12, 0.6, 0.25]),
        "channel": coded(random, n, ["phone", "mail", "web", "chat"], [0.3, 0.3, 0.3, 0.1]),
        "team": coded(random, n, teams, [0.08] * 8 + [0.03] * 12),
        "status": coded(random, n, ["done", "withdrawn"], [0.96, 0.04]),
        "opened_at": instants(opened),
        "resolved_at": instants(resolved, resolved < high),
        "closed_at": instants(closed, closed < high),
        "reopened": pa.array(random.poisson(0.08, n).astype(np.int16)),
        "agent": pa.array(np.char.mod("A%03d", agent), mask=random.random(n) < 0.02),
        "effort_s": pa.array(random.gamma(2.0, 600.0, n).astype(np.int32)),
    })


def calls(random, n):
    low, high = int(FROM.timestamp()), int(TO.timestamp())
    ended = random.choice(3, n, p=[0.88, 0.08, 0.04])
    names = pa.array(["answered", "abandoned", "forwarded"])
    answered = ended == 0
    return pa.table({
        "call_id": pa.array(np.char.mod("C%09d", np.arange(n))),
        "line": coded(random, n, ["general", "urgent", "chat"], [0.6, 0.15, 0.25]),
        "arrived_at": instants(np.sort(random.integers(low, high, n))),
        "ended": pa.DictionaryArray.from_arrays(pa.array(ended.astype(np.int8)), names)
                   .cast(pa.string()),
        "waited_s": pa.array(random.exponential(18.0, n).astype(np.int32)),
        "talk_s": pa.array(random.gamma(2.0, 150.0, n).astype(np.int32), mask=~answered),
        "wrap_s": pa.array(random.gamma(2.0, 40.0, n).astype(np.int32), mask=~answered),
    })


def main():
    folder, n = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(hours(), folder / "hours.parquet")
    random = np.random.default_rng(20260101)
    for name, table in [("tickets", tickets(random, n)), ("calls", calls(random, n * 3 // 2))]:
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd",
                       row_group_size=GROUP)
        columns = [table[c].cast(pa.timestamp("s")) if pa.types.is_timestamp(table[c].type)
                   else table[c] for c in table.column_names]
        plain = pa.table(columns, names=table.column_names)
        options = pacsv.WriteOptions(quoting_style="none")
        pacsv.write_csv(plain, folder / f"{name}.csv", options)


if __name__ == "__main__":
    main()
