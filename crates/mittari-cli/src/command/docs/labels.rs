//! The words of the card's form in three languages, as HDI Nordic's guide calls its fields.

use mittari_lang::card::{Class, Direction, View};

/// The words of one language.
#[derive(Debug)]
pub(super) struct Labels {
    pub(super) metrics: &'static str,
    pub(super) card: &'static str,
    pub(super) language: &'static str,
    pub(super) keys: &'static str,
    pub(super) functions: &'static str,
    pub(super) view: &'static str,
    pub(super) class: &'static str,
    pub(super) owner: &'static str,
    pub(super) success_factor: &'static str,
    pub(super) strategy: &'static str,
    pub(super) goal: &'static str,
    pub(super) description: &'static str,
    pub(super) period: &'static str,
    pub(super) unit: &'static str,
    pub(super) direction: &'static str,
    pub(super) formula: &'static str,
    pub(super) rows: &'static str,
    pub(super) exclusions: &'static str,
    pub(super) reason: &'static str,
    pub(super) parameters: &'static str,
    pub(super) breakdowns: &'static str,
    pub(super) data_source: &'static str,
    pub(super) reliability: &'static str,
    pub(super) collected_by: &'static str,
    pub(super) baseline: &'static str,
    pub(super) target: &'static str,
    pub(super) justification: &'static str,
    pub(super) uses: &'static str,
    pub(super) notes: &'static str,
    pub(super) sanction: &'static str,
    pub(super) origin: &'static str,
    pub(super) related: &'static str,
    pub(super) tests: &'static str,
    pub(super) fingerprint: &'static str,
    classes: [&'static str; 3],
    views: [&'static str; 4],
    directions: [&'static str; 4],
}

impl Labels {
    /// The words of a language; English where there are none of its own.
    pub(super) fn of(language: &str) -> &'static Self {
        match language.split('-').next() {
            Some("fi") => &FINNISH,
            Some("sv") => &SWEDISH,
            _ => &ENGLISH,
        }
    }

    pub(super) const fn class(&self, class: Class) -> &'static str {
        let [sla, ola, internal] = self.classes;
        match class {
            Class::Sla => sla,
            Class::Ola => ola,
            Class::Internal => internal,
        }
    }

    pub(super) const fn of_view(&self, view: View) -> &'static str {
        let [finance, customer, process, people] = self.views;
        match view {
            View::Finance => finance,
            View::Customer => customer,
            View::Process => process,
            View::People => people,
        }
    }

    pub(super) const fn of_direction(&self, direction: Direction) -> &'static str {
        let [up, down, band, none] = self.directions;
        match direction {
            Direction::Up => up,
            Direction::Down => down,
            Direction::Band => band,
            Direction::None => none,
        }
    }
}

static ENGLISH: Labels = Labels {
    metrics: "Metrics",
    card: "Metric",
    language: "The language of cards",
    keys: "Keys",
    functions: "Functions",
    view: "View",
    class: "Class",
    owner: "Owner",
    success_factor: "Critical success factor",
    strategy: "Strategy",
    goal: "Goal",
    description: "Description",
    period: "Period",
    unit: "Unit",
    direction: "Direction",
    formula: "Formula",
    rows: "Rows",
    exclusions: "Left out",
    reason: "Reason",
    parameters: "Parameters",
    breakdowns: "Broken down by",
    data_source: "Data source",
    reliability: "Reliability",
    collected_by: "Collected and reported by",
    baseline: "Baseline",
    target: "Target",
    justification: "Justification of the target",
    uses: "Uses",
    notes: "Notes",
    sanction: "Sanction",
    origin: "Source",
    related: "Read beside",
    tests: "Tests",
    fingerprint: "Fingerprint",
    classes: ["SLA (customers)", "OLA (teams)", "Internal"],
    views: ["finance", "customers", "processes", "people"],
    directions: ["up", "down", "inside a band", "none"],
};

static FINNISH: Labels = Labels {
    metrics: "Mittarit",
    card: "Mittari",
    language: "Korttien kieli",
    keys: "Avaimet (englanniksi)",
    functions: "Funktiot (englanniksi)",
    view: "Näkökulma",
    class: "Luokka",
    owner: "Omistaja",
    success_factor: "Kriittinen menestystekijä",
    strategy: "Strategia",
    goal: "Tavoite",
    description: "Kuvaus",
    period: "Mittausjakso",
    unit: "Mittausyksikkö",
    direction: "Tavoiteltava suunta",
    formula: "Laskentakaava",
    rows: "Rivit",
    exclusions: "Pois jätetään",
    reason: "Perustelu",
    parameters: "Parametrit",
    breakdowns: "Erittely",
    data_source: "Tietolähde",
    reliability: "Luotettavuus",
    collected_by: "Keruu- ja raportointivastuu",
    baseline: "Lähtötaso",
    target: "Tavoitearvo",
    justification: "Tavoitearvon perustelu",
    uses: "Käyttö",
    notes: "Muut huomiot",
    sanction: "Sanktio",
    origin: "Lähde",
    related: "Luettava rinnalla",
    tests: "Testit",
    fingerprint: "Tunniste",
    classes: ["SLA (asiakkaat)", "OLA (tiimit)", "Sisäinen"],
    views: ["talous", "asiakkuudet", "prosessit", "osaaminen ja henkilöstö"],
    directions: ["ylös", "alas", "vaihteluvälin sisällä", "ei suuntaa"],
};

static SWEDISH: Labels = Labels {
    metrics: "Mått",
    card: "Mått",
    language: "Kortens språk",
    keys: "Nycklar (på engelska)",
    functions: "Funktioner (på engelska)",
    view: "Perspektiv",
    class: "Klass",
    owner: "Ägare",
    success_factor: "Kritisk framgångsfaktor",
    strategy: "Strategi",
    goal: "Mål",
    description: "Beskrivning",
    period: "Mätperiod",
    unit: "Måttenhet",
    direction: "Önskad riktning",
    formula: "Beräkningsformel",
    rows: "Rader",
    exclusions: "Utelämnas",
    reason: "Skäl",
    parameters: "Parametrar",
    breakdowns: "Uppdelning",
    data_source: "Datakälla",
    reliability: "Tillförlitlighet",
    collected_by: "Insamlas och rapporteras av",
    baseline: "Utgångsnivå",
    target: "Målvärde",
    justification: "Målvärdets motivering",
    uses: "Användning",
    notes: "Övriga anmärkningar",
    sanction: "Sanktion",
    origin: "Källa",
    related: "Läses tillsammans med",
    tests: "Tester",
    fingerprint: "Fingeravtryck",
    classes: ["SLA (kunder)", "OLA (team)", "Internt"],
    views: ["ekonomi", "kunder", "processer", "medarbetare"],
    directions: ["uppåt", "nedåt", "inom ett intervall", "ingen"],
};
