//! A small desk: its words, its hours, and a card that others may name.

use mittari_lang::source::Sources;

/// The words.
pub const VOCABULARY: &str = "\
tables:
  tickets:
    key: ticket_id
    fields:
      ticket_id: text
      type: {values: [incident, request]}
      priority: {values: [P1, P2]}
      opened_at: instant
      resolved_at: instant
      promised_at: {type: instant, planned: true}
      day: date
      waited: duration
      cost: {type: money, currency: EUR}
      count_of: number
      reopened: boolean
      subject: text
      handler: {type: text, personal: true}
  contacts:
    key: contact_id
    lookups: {ticket: tickets by ticket_id}
    fields:
      contact_id: text
      ticket_id: text
      arrived_at: instant
      outcome: {values: [answered, abandoned]}
";

/// The settings.
pub const SETTINGS: &str = "time_zone: Europe/Helsinki\ncalendar: desk\n";

/// The hours.
pub const HOURS: &str = "\
calendar: desk
time_zone: Europe/Helsinki
hours: {mon-fri: 08:00-16:00, sat: 22:00-02:00}
known_until: 2030-12-31
";

/// Hours without an end.
pub const ALWAYS: &str = "calendar: 24x7\nhours: {mon-sun: 00:00-24:00}\n";

/// A second card, which the first may name.
pub const OTHER: &str = "\
metric: other
title: Other
class: internal
measures: outcome
owner: Nobody
period: month
unit: count
direction: none
population: {from: tickets, dated: opened_at}
formula: count()
";

/// The texts of the desk without a card.
pub fn sources() -> Sources {
    let mut sources = Sources::new();
    sources.add("workspace.yaml", SETTINGS);
    sources.add("vocabulary.yaml", VOCABULARY);
    sources.add("calendars/desk.yaml", HOURS);
    sources.add("calendars/24x7.yaml", ALWAYS);
    sources.add("internal/other.yaml", OTHER);
    sources
}
