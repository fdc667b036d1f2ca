"""Metrics of the sample desk, computed a second time.

The formulas are written here from the cards' descriptions, over the raw exports, in
pandas; nothing of mittari is used. The answer is one JSON object on standard output: the
name of a number, as `tests/ask/results.rs` writes it, and the number.

    python metrics.py METRICS_FOLDER
"""

import datetime as dt
import json
import pathlib
import re
import sys

import numpy as np
import pandas as pd

ZONE = "Europe/Helsinki"
AS_OF = pd.Timestamp("2026-10-01", tz=ZONE)
MONTHS = [f"2026-{month:02}" for month in range(1, 10)]
ENDS = [pd.Timestamp(m + "-01", tz=ZONE) + pd.offsets.MonthBegin(1) for m in MONTHS]
STATES = {"New": "new", "Work in Progress": "in_progress", "Awaiting User": "pending_customer",
          "Awaiting Vendor": "pending_vendor", "Resolved": "resolved", "Closed": "closed",
          "Cancelled": "cancelled"}
ENDINGS = {"AGENT": "answered", "HANG": "abandoned", "IVR": "abandoned_ivr",
           "CALLBACK": "callback_requested", "CLOSED": "rejected_closed"}

numbers = {}


def text(value):
    if value is None or value is pd.NaT or value != value:
        return "missing"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def put(name, rows, month, measure, by=()):
    """The number of each month, and of each month and group of some breakdowns."""
    rows = rows.assign(month_=month).dropna(subset=["month_"])
    rows = rows[rows.month_.isin(MONTHS)]
    for breakdown in [[], *[[field] for field in by]]:
        for keys, part in rows.groupby(["month_", *breakdown], dropna=False):
            label, *values = keys
            title = " ".join([f"{name} {label}"] + [
                f"{field}={text(value)}" for field, value in zip(breakdown, values)])
            value = measure(part)
            if value == value and value is not None:
                numbers[title] = float(value)


def parts(name, rows, month, field, by):
    """How the known values of a field are shared out, by month and by group."""
    rows = rows.assign(month_=month, part_=rows[field])
    rows = rows[rows.month_.isin(MONTHS) & rows.part_.notna()]
    for breakdown in [[], *[[field] for field in by]]:
        for keys, part in rows.groupby(["month_", *breakdown], dropna=False):
            label, *values = keys
            of = "".join(f" {field}={text(value)}" for field, value in zip(breakdown, values))
            for value, n in part.part_.value_counts().items():
                numbers[f"{name}.{text(value)} {label}{of}"] = n / len(part)


def share(condition):
    return lambda rows: condition(rows).fillna(False).astype(bool).mean() if len(rows) else np.nan


def mean(field):
    return lambda rows: rows[field].mean()


def quantile(field, q):
    return lambda rows: rows[field].dropna().quantile(q)


def put_spread(name, rows, month, field, by, prefix=""):
    """Mean, median and 90th percentile of a field."""
    for figure, measure in {"mean": mean(field), "median": quantile(field, 0.5),
                            "p90": quantile(field, 0.9)}.items():
        put(f"{name}.{prefix}{figure}", rows, month, measure, by)


def instant(column, form="%Y-%m-%d %H:%M"):
    """Local clock times; the first of two where clocks go back, none after `AS_OF`."""
    local = pd.to_datetime(column, format=form)
    found = local.dt.tz_localize(ZONE, ambiguous=np.ones(len(local), bool),
                                 nonexistent=pd.Timedelta("1h"))
    return found.where(~(found > AS_OF))


def instants_of(found, rows):
    return pd.Series(pd.to_datetime(found, utc=True), index=rows.index).dt.tz_convert(ZONE)


def month(instants):
    return instants.dt.strftime("%Y-%m")


def seconds(times):
    return times.dt.total_seconds()


class Hours:
    """The open hours of the desk as instants, and working time by adding them up."""

    def __init__(self, file):
        closed = {dt.date.fromisoformat(day) for day in
                  re.findall(r"^  (\d{4}-\d\d-\d\d): ", file.read_text(), re.M)}
        days = pd.date_range("2024-01-01", "2027-12-31")
        days = [day for day in days if day.weekday() < 5 and day.date() not in closed]
        naive = pd.DatetimeIndex(days)
        self.opens = self._stamps(naive + pd.Timedelta("8h"))
        self.closes = self._stamps(naive + pd.Timedelta("16h"))
        self.before = np.concatenate([[0], np.cumsum(self.closes - self.opens)])

    @staticmethod
    def _stamps(naive):
        return np.array([stamp.timestamp() for stamp in naive.tz_localize(ZONE)])

    def passed(self, at):
        """Open seconds before an instant."""
        place = np.searchsorted(self.opens, at, side="right")
        if place == 0:
            return 0.0
        return self.before[place - 1] + min(at, self.closes[place - 1]) - self.opens[place - 1]

    def between(self, a, b):
        if a is pd.NaT or b is pd.NaT or b < a:
            return np.nan
        return self.passed(b.timestamp()) - self.passed(a.timestamp())

    def due(self, at, budget, pauses=()):
        """When so many open seconds outside the pauses have passed; 0 is the next opening."""
        at = at.timestamp()
        first = np.searchsorted(self.closes, at, side="right")
        for opens, closes in zip(self.opens[first:], self.closes[first:]):
            pieces = [(max(opens, at), closes)]
            for begins, ends in pauses:
                pieces = [piece for a, b in pieces for piece in
                          ((a, min(b, begins)), (max(a, ends), b)) if piece[0] < piece[1]]
            for a, b in sorted(pieces):
                if b - a >= budget:
                    return pd.Timestamp(a + budget, unit="s", tz="UTC").tz_convert(ZONE)
                budget -= b - a
        return pd.NaT


def read_tickets(folder):
    t = pd.read_csv(folder / "tickets.csv", dtype=str)
    for name in ["Opened", "First response", "Resolved", "Closed", "Cancelled"]:
        t[name] = instant(t[name])
    t["type"] = t.Type.str.lower()
    t["priority"] = "P" + t.Priority
    t["channel"] = t.Channel
    t["status"] = t.State.map(STATES)
    t["gone"] = t.Resolved.fillna(t.Cancelled)
    return t.rename(columns={"Number": "ticket"})


def received(t):
    return t[~t.Validity.isin(["spam", "test", "duplicate", "monitoring"])].copy()


def served(t):
    return received(t[t.status != "cancelled"])


def read_contacts(folder):
    c = pd.read_csv(folder / "contacts.csv", dtype=str, sep=";")
    for name in ["Arrived", "Answered", "Ended"]:
        c[name] = instant(c[name], "%d.%m.%Y %H:%M:%S")
    c["outcome"] = c.Result.map(ENDINGS)
    c["channel"], c["queue"] = c.Channel, c.Queue
    for name, field in {"Wait s": "waited", "Talk s": "talk", "Hold s": "hold",
                        "After work s": "wrap"}.items():
        c[field] = c[name].astype(float)
    c["handled"] = c.talk + c.hold + c.wrap
    return c


def read_history(folder):
    h = pd.read_csv(folder / "history.csv", dtype=str).rename(columns={"Number": "ticket"})
    for name in ["From", "Until"]:
        h[name] = instant(h[name])
    h["status"] = h.State.map(STATES)
    return h


def of_contacts(c):
    month_ = month(c.Arrived)
    real = c[c.Channel.isin(["phone", "chat"])]
    sought = real[(real.outcome == "answered")
                  | ((real.outcome == "abandoned") & (real.waited >= 20))]
    put("answered-in-target.rate", sought, month(sought.Arrived),
        share(lambda r: (r.outcome == "answered") & (r.waited <= 20)), ["channel", "queue"])
    long = real[(real.outcome == "answered")
                | ((real.outcome == "abandoned") & (real.waited > 5))]
    put("abandonment.rate", long, month(long.Arrived),
        share(lambda r: r.outcome == "abandoned"), ["channel", "queue"])
    answered = c[c.outcome == "answered"]
    at = month(answered.Arrived)
    put_spread("average-speed-of-answer", answered, at, "waited", ["channel", "queue"])
    put_spread("handling-time", answered, at, "handled", ["channel", "queue"])
    parts("contact-outcomes.channels", c, month_, "channel", ["channel", "outcome"])
    parts("contact-outcomes.endings", c, month_, "outcome", ["channel", "outcome"])


def of_calls(c):
    calls = c[(c.Direction != "out") & (c.channel == "phone") & (c.outcome == "answered")
              & ~(c.talk < 5)]
    for name, measure in {"talk": mean("talk"), "talk_median": quantile("talk", 0.5),
                          "handling": mean("handled")}.items():
        put(f"call-duration.{name}", calls, month(calls.Ended), measure, ["queue"])


def of_money(folder, c, r):
    costs = pd.read_csv(folder / "costs.csv", sep=";", dtype=str)
    costs = costs[(costs.Taso == "1") & (costs.Kustannuslaji != "Projektit")]
    euros = costs.Euroa.str.replace(",", ".").astype(float)
    booked = month(pd.to_datetime(costs.Kuukausi, format="%d.%m.%Y"))
    spent_ = euros.groupby(booked).sum()
    inbound = c[c.Direction != "out"]
    for label in MONTHS:
        numbers[f"cost-per-contact.per_contact {label}"] = (
            spent_[label] / (month(inbound.Arrived) == label).sum())
        numbers[f"cost-per-ticket.per_received {label}"] = (
            spent_[label] / (month(r.Opened) == label).sum())
        numbers[f"cost-per-ticket.per_resolved {label}"] = (
            spent_[label] / (month(r.Resolved) == label).sum())


def of_work(folder, c):
    staff = pd.read_csv(folder / "staffing.csv", sep=";", dtype=str)
    at = month(pd.to_datetime(staff.Day, format="%d.%m.%Y"))
    took = c[c.outcome == "answered"]
    handled = took.handled.groupby(month(took.Arrived)).sum()
    for column, name in {"Worked": "agent-utilisation.rate",
                         "Available": "agent-occupancy"}.items():
        hours_ = staff[column].str.replace(",", ".").astype(float).groupby(at).sum()
        for label in MONTHS:
            numbers[f"{name} {label}"] = handled[label] / (3600 * hours_[label])


def of_small_tables(folder):
    audits = pd.read_csv(folder / "audits.csv", dtype=str)
    read = audits[(audits.Readable == "true") & audits.Passed.notna()]
    put("solution-quality", read, month(instant(read.When)),
        lambda p: (p.Passed == "true").mean())
    lines = (folder / "support-events.ndjson").read_text().splitlines()
    events = pd.DataFrame([json.loads(line) for line in lines])
    events = events[(events.bot != True) & (events.staff != True)]  # noqa: E712
    events["event_kind"] = events.kind
    put("support-events.events", events, month(instant(events["at"], "%Y-%m-%d %H:%M:%S")),
        len, ["event_kind"])


def of_deferred(c, hours):
    d = c[(c.Direction != "out") & c.Channel.isin(["email", "portal"])].copy()
    d["due"] = instants_of([hours.due(at, 4 * 3600) for at in d.Arrived], d)
    d = d[d.due <= AS_OF]
    d["spent"] = [hours.between(a, b) for a, b in zip(d.Arrived, d.Answered)]
    put("answered-in-target-deferred", d, month(d.due),
        share(lambda r: r.spent <= 4 * 3600), ["channel"])


def of_tickets(t, hours):
    r = received(t)
    r["reopened"] = r["Reopen count"].astype(float)
    r["moved"] = r["Reassignment count"].astype(float)
    r["kept"] = r["Made SLA"].map({"true": 1.0, "false": 0.0})
    put("ticket-volumes.tickets", r, month(r.Opened), len, ["channel", "priority", "type"])
    put("made-sla.rate", r, month(r.Closed), lambda p: (p.kept == 1).mean(), ["priority"])
    put("reopened-share.rate", r, month(r.Closed), lambda p: (p.reopened > 0).mean(),
        ["priority"])
    put("without-reassignment.rate", r, month(r.Closed), lambda p: (p.moved == 0).mean(),
        ["priority"])
    r["elapsed"] = seconds(r.Resolved - r.Opened)
    r["worked"] = [hours.between(a, b) for a, b in zip(r.Opened, r.Resolved)]
    put_spread("resolution-time", r, month(r.Resolved), "elapsed", ["priority"])
    put_spread("resolution-time", r, month(r.Resolved), "worked", ["priority"], "working_")
    kept = r[r.status != "cancelled"].copy()
    kept["through"] = seconds(kept.Closed - kept.Opened)
    put_spread("throughput-time", kept, month(kept.Closed), "through", ["priority", "type"])
    put("request-share.share", r, month(r.Opened), lambda p: (p.type == "request").mean(),
        ["channel"])
    written = r[r.channel.isin(["email", "portal"]) & (r["Own record"] != "yes")].copy()
    written["answer"] = [hours.between(a, b) for a, b in
                         zip(written.Opened, written["First response"])]
    put("first-response-time.mean", written, month(written["First response"]),
        mean("answer"), ["channel"])
    put("first-response-time.median", written, month(written["First response"]),
        quantile("answer", 0.5), ["channel"])
    of_flows(r)
    of_stocks(r)


def of_flows(r):
    for breakdown in [None, "type", "priority", "channel"]:
        groups = [(None, r)] if breakdown is None else list(r.groupby(breakdown, dropna=False))
        for value, rows in groups:
            came = month(rows.Opened).value_counts()
            went = month(rows.Closed).value_counts()
            for label in MONTHS:
                if came.get(label, 0):
                    of = f" {breakdown}={text(value)}" if breakdown else ""
                    numbers[f"closed-against-opened.ratio {label}{of}"] = (
                        went.get(label, 0) / came[label])


def of_stocks(r):
    for label, end in zip(MONTHS, ENDS):
        end = min(end, AS_OF)
        stands = r[(r.Opened < end) & ~(r.Closed < end)].copy()
        stands["age"] = seconds(end - stands.Opened)
        put("backlog.not_closed", stands, label, len, ["priority"])
        put("backlog.age_median", stands, label, quantile("age", 0.5), ["priority"])
        put("backlog.age_p90", stands, label, quantile("age", 0.9), ["priority"])
        open_ = r[(r.Opened < end) & ~(r.gone < end)].copy()
        open_["age"] = seconds(end - open_.Opened)
        put("open-tickets.total", open_, label, len, ["type"])
        put("open-tickets.age_median", open_, label, quantile("age", 0.5), ["type"])
        put("open-tickets.older_than_30_days", open_, label,
            lambda p: (p.age > 30 * 86400).sum(), ["type"])


def of_levels(t, h, c, folder):
    s = served(t)
    behind = h[h.Level != "L1"].merge(s[["ticket", "Resolved"]], on="ticket")
    behind = behind[behind.From < behind.Resolved]
    s["others"] = s.ticket.map(behind.groupby("ticket").size()).fillna(0)
    s["alone"] = s.Resolved.notna() & (s.others == 0)
    lists = pd.read_csv(folder / "responsibility.csv", sep=";", dtype=str)
    for name in ["From", "Until"]:
        lists[name] = instant(lists[name], "%d.%m.%Y")
    holds = s[["ticket", "Category", "Opened"]].merge(lists, on="Category")
    holds = holds[(holds.From <= holds.Opened) & ~(holds.Until <= holds.Opened)]
    s["ours"] = s.ticket.isin(holds[holds["Desk solves"] == "yes"].ticket)
    put("first-level-resolution.of_received", s, month(s.Opened), lambda p: p.alone.mean(),
        ["type"])
    ours = s[s.ours]
    put("first-level-resolution.of_resolvable", ours, month(ours.Opened),
        lambda p: p.alone.mean(), ["type"])
    routed = s[s.Misrouted != "yes"]
    put("escalation-share", routed, month(routed.Resolved), lambda p: (p.others > 0).mean(),
        ["type"])
    of_first_contact(s, c)


def of_first_contact(s, c):
    inbound = c[c.Direction != "out"].merge(s[["ticket", "Resolved"]], left_on="Ticket",
                                            right_on="ticket")
    so_far = inbound[inbound.Arrived <= inbound.Resolved].groupby("ticket").size()
    ended = inbound.groupby("ticket").Ended.min()
    f = s[s.channel.isin(["phone", "chat"]) & s.ours & (s["Major"] != "yes")].copy()
    f["first"] = (f.alone & (f.ticket.map(so_far).fillna(0) == 1)
                  & (f.Resolved <= f.ticket.map(ended)))
    for kind, name in {"incident": "incidents", "request": "requests"}.items():
        own = f[f.type == kind]
        put(f"first-contact-resolution.{name}", own, month(own.Opened),
            lambda p: p["first"].mean(), ["channel"])


def of_targets(t, h, hours):
    s = served(t[t.priority.notna()])
    early = {"P1": 4, "P2": 8, "P3": 24, "P4": 40}
    change = pd.Timestamp("2026-07-01", tz=ZONE)
    s["allowed"] = [3600 * (2 if p == "P1" and at >= change else early[p])
                    for p, at in zip(s.priority, s.Opened)]
    waits = h[h.status == "pending_customer"].copy()
    waits["Until"] = waits.Until.fillna(AS_OF)
    pauses = {ticket: merged(rows) for ticket, rows in waits.groupby("ticket")}
    own = [pauses.get(ticket, []) for ticket in s.ticket]
    s["due"] = instants_of([hours.due(at, budget, pause) for at, budget, pause in
                            zip(s.Opened, s.allowed, own)], s)
    s["spent"] = [spent(hours, a, b, pause) for a, b, pause in zip(s.Opened, s.Resolved, own)]
    s = s[~(s.due > AS_OF)]
    put("resolved-in-target", s, month(s.due.fillna(s.Opened)),
        lambda p: (p.spent <= p.allowed).mean(), ["priority", "type"])


def merged(rows):
    """Pauses in seconds, those that touch or overlap made one."""
    found = []
    for a, b in sorted(zip(rows.From, rows.Until)):
        a, b = a.timestamp(), b.timestamp()
        if found and a <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], b))
        elif a < b:
            found.append((a, b))
    return found


def spent(hours, a, b, pauses):
    whole = hours.between(a, b)
    if whole != whole:
        return whole
    a, b = a.timestamp(), b.timestamp()
    for begins, ends in pauses:
        begins, ends = max(begins, a), min(ends, b)
        if begins < ends:
            whole -= hours.passed(ends) - hours.passed(begins)
    return whole


def main():
    metrics = pathlib.Path(sys.argv[1])
    folder = metrics / "sample"
    hours = Hours(metrics / "calendars" / "desk.yaml")
    contacts, tickets = read_contacts(folder), read_tickets(folder)
    history = read_history(folder)
    of_contacts(contacts)
    of_calls(contacts)
    of_deferred(contacts, hours)
    of_work(folder, contacts)
    of_small_tables(folder)
    of_money(folder, contacts, received(tickets))
    of_tickets(tickets, hours)
    of_levels(tickets, history, contacts, folder)
    of_targets(tickets, history, hours)
    json.dump(numbers, sys.stdout, indent=0, sort_keys=True)


main()
