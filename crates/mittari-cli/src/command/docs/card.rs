//! The page of one card, in the form of the guide: its fields in their order.

use mittari_lang::card::{
    Card, Dating, Exclusion, ExclusionRule, Formula, Goals, Population,
};
use mittari_lang::prose::Localised;
use mittari_lang::span::Span;

use super::cell;
use super::labels::Labels;
use crate::workspace::Opened;

/// The page.
pub(super) fn page(
    card: &Card,
    opened: &Opened,
    language: &str,
    labels: &'static Labels,
) -> String {
    let mut page = Writer { card, opened, language, labels, text: String::new() };
    page.head();
    page.agreed();
    page.measured();
    page.computed();
    page.judged();
    page.further();
    page.text
}

/// A page while it is written.
struct Writer<'a> {
    card: &'a Card,
    opened: &'a Opened,
    language: &'a str,
    labels: &'static Labels,
    text: String,
}

impl Writer<'_> {
    fn head(&mut self) {
        let name = &self.card.metric.value;
        let title = self.card.agreement.title.get(self.language);
        self.text.push_str(&format!("# {title}\n\n`{name}`\n\n"));
    }

    /// Who agreed on it, and what for.
    fn agreed(&mut self) {
        let (agreed, labels) = (&self.card.agreement, self.labels);
        self.line(labels.class, labels.class(agreed.class.value));
        let views: Vec<&str> =
            agreed.views.iter().map(|view| labels.of_view(view.value)).collect();
        self.line(labels.view, &views.join(", "));
        self.prose(labels.owner, std::slice::from_ref(&agreed.owner));
        self.prose(labels.success_factor, agreed.success_factor.as_slice());
        self.prose(labels.strategy, &agreed.strategy);
        self.prose(labels.goal, agreed.goal.as_slice());
        self.prose(labels.description, agreed.description.as_slice());
    }

    /// Over what, and in what.
    fn measured(&mut self) {
        let (card, labels) = (self.card, self.labels);
        let periods: Vec<&str> =
            card.period.iter().map(|period| period.value.word()).collect();
        self.line(labels.period, &periods.join(", "));
        let label = card.display.unit_label.as_ref();
        let unit = label
            .map_or(card.display.unit.value.word(), |label| label.get(self.language));
        let unit = unit.to_owned();
        self.line(labels.unit, &unit);
        let direction = card.display.direction.value;
        self.line(labels.direction, labels.of_direction(direction));
    }

    /// The half that is computed, as it was written.
    fn computed(&mut self) {
        let (card, labels) = (self.card, self.labels);
        self.section(labels.formula);
        for formula in &card.formulas {
            self.formula(formula);
        }
        if let Some(population) = &card.population {
            self.population(population);
        }
        if !card.parameters.is_empty() {
            self.section(labels.parameters);
            for parameter in &card.parameters {
                let value = cell(self.written(parameter.span));
                let name = &parameter.name.value;
                self.text.push_str(&format!("- `{name}`: `{value}`\n"));
            }
        }
        if !card.by.is_empty() {
            let crossed = |fields: &[String]| fields.join(" x ");
            let by: Vec<String> = card
                .by
                .iter()
                .map(|one| {
                    let fields: Vec<String> =
                        one.fields.iter().map(|field| field.value.clone()).collect();
                    crossed(&fields)
                })
                .collect();
            self.section(labels.breakdowns);
            self.text.push_str(&format!("{}\n", by.join(", ")));
        }
    }

    fn formula(&mut self, formula: &Formula) {
        if let Some(name) = &formula.name {
            let title =
                formula.title.as_ref().map_or("", |title| title.get(self.language));
            let line = format!("`{}` {title}", name.value);
            self.text.push_str(&format!("{}\n\n", line.trim_end()));
        }
        let written = self.written(formula.formula.span).to_owned();
        self.code(&written);
    }

    /// Which rows, and what is left out of them, named populations included.
    fn population(&mut self, population: &Population) {
        let labels = self.labels;
        let mut lines = vec![format!("from: {}", population.from.value)];
        match &population.dating {
            Some(Dating::Dated(at)) => {
                lines.push(format!("dated: {}", self.written(at.span)));
            }
            Some(Dating::Open { span, .. }) => {
                lines.push(format!("open: {}", self.written(*span)));
            }
            None => {}
        }
        if let Some(condition) = &population.condition {
            lines.push(format!("where: {}", self.written(condition.span)));
        }
        let definitions = self.card.define.iter();
        let defined: Vec<String> = definitions
            .map(|one| format!("{}: {}", one.name.value, self.written(one.expr.span)))
            .collect();
        lines.extend(defined);
        self.section(labels.rows);
        self.code(&lines.join("\n"));
        let all = self.exclusions(population);
        if all.is_empty() {
            return;
        }
        self.section(labels.exclusions);
        self.text.push_str(&format!("| | | {} |\n|---|---|---|\n", labels.reason));
        for exclusion in all {
            let rule = match &exclusion.rule {
                ExclusionRule::When(when) => cell(self.written(when.span)),
                ExclusionRule::Keep(keep) => {
                    format!("keep: {}", cell(self.written(keep.span)))
                }
            };
            let reason = cell(exclusion.reason.get(self.language));
            let name = &exclusion.name.value;
            self.text.push_str(&format!("| {name} | `{rule}` | {reason} |\n"));
        }
    }

    /// The exclusions of the named populations first, as they are applied.
    fn exclusions(&self, population: &Population) -> Vec<Exclusion> {
        let named =
            self.opened.written.vocabulary.iter().flat_map(|words| &words.populations);
        let mut all = vec![population.exclude.clone()];
        let mut from = &population.from.value;
        // A population may stand on another one; a circle is refused by the checker.
        for _ in 0..16 {
            let is = |one: &&Population| {
                one.name.as_ref().is_some_and(|name| name.value == *from)
            };
            let Some(below) = named.clone().find(is) else { break };
            all.push(below.exclude.clone());
            from = &below.from.value;
        }
        all.into_iter().rev().flatten().collect()
    }

    /// Where the data come from and what values are held against.
    fn judged(&mut self) {
        let (agreed, labels) = (&self.card.agreement, self.labels);
        self.text.push('\n');
        self.prose(labels.data_source, agreed.data_source.as_slice());
        self.prose(labels.reliability, agreed.reliability.as_slice());
        self.prose(labels.collected_by, agreed.collected_by.as_slice());
        self.prose(labels.baseline, agreed.baseline.as_slice());
        let targets = self.targets();
        self.list(labels.target, &targets);
        self.prose(labels.justification, agreed.justification.as_slice());
        self.prose(labels.uses, &agreed.uses);
        self.prose(labels.notes, &agreed.notes);
        self.prose(labels.sanction, agreed.sanction.as_slice());
        self.prose(labels.origin, &agreed.origin);
    }

    /// The card's targets and the organisation's, as they were written.
    fn targets(&self) -> Vec<String> {
        let card = self.card;
        let mut found = Vec::new();
        let formulas =
            card.formulas.iter().map(|formula| (&formula.goals, formula.name.as_ref()));
        for (goals, name) in std::iter::once((&card.goals, None)).chain(formulas) {
            let name = name.map(|name| name.value.as_str());
            self.goals(goals, name, &mut found);
        }
        let settings = self.opened.written.settings.iter();
        for own in settings.flat_map(|settings| &settings.targets) {
            let mut parts = own.metric.value.splitn(2, '.');
            if parts.next() == Some(card.metric.value.as_str()) {
                let goals = Goals { targets: own.targets.clone(), ..Goals::default() };
                self.goals(&goals, parts.next(), &mut found);
            }
        }
        found
    }

    fn goals(&self, goals: &Goals, formula: Option<&str>, found: &mut Vec<String>) {
        let of = formula.map(|name| format!("`{name}`: ")).unwrap_or_default();
        if let Some(target) = &goals.target {
            found.push(format!("{of}{}", self.written(target.span)));
        }
        for target in &goals.targets {
            let segment: Vec<String> = target
                .segment
                .iter()
                .map(|(field, value)| format!("{} {}", field.value, value.value))
                .collect();
            let segment = if segment.is_empty() {
                String::new()
            } else {
                format!("{}: ", segment.join(", "))
            };
            let since =
                target.since.map(|since| format!(", {}", self.written(since.span)));
            let because = target
                .because
                .as_ref()
                .map(|why| format!(". {}", why.get(self.language)));
            found.push(format!(
                "{of}{segment}{}{}{}",
                self.written(target.target.span),
                since.unwrap_or_default(),
                because.unwrap_or_default()
            ));
        }
    }

    /// What stands beside it: other cards, its tests, its fingerprints.
    fn further(&mut self) {
        let (card, labels) = (self.card, self.labels);
        if !card.related.is_empty() {
            self.section(labels.related);
            for related in &card.related {
                let name = &related.metric.value;
                let file = name.split('.').next().unwrap_or(name);
                let why = cell(related.because.get(self.language));
                // A card of another folder may be meant.
                let mut cards = self.opened.written.cards.iter();
                let known = cards.any(|card| card.metric.value == file);
                let link = if known {
                    format!("[{name}]({file}.md)")
                } else {
                    format!("`{name}`")
                };
                self.text.push_str(&format!("- {link}: {why}\n"));
            }
        }
        let trials = self.opened.written.trials.iter();
        let own = trials.filter(|trials| trials.metric.value == card.metric.value);
        let names: Vec<&str> = own
            .flat_map(|trials| &trials.tests)
            .map(|trial| trial.name.value.as_str())
            .collect();
        if !names.is_empty() {
            self.section(labels.tests);
            for name in names {
                self.text.push_str(&format!("- {}\n", cell(name)));
            }
        }
        self.section(labels.fingerprint);
        let metrics = self.opened.catalog.metrics.iter();
        for metric in metrics.filter(|metric| metric.card_name == card.metric.value) {
            let (name, print) = (&metric.name, &metric.fingerprint);
            self.text.push_str(&format!("- `{name}`: `{print}`\n"));
        }
    }

    /// A text as it stands in its file.
    fn written(&self, span: Span) -> &str {
        self.opened.sources.text(span)
    }

    fn section(&mut self, title: &str) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        self.text.push_str(&format!("## {title}\n\n"));
    }

    /// Lines as they were written, the indentation of their file taken off.
    fn code(&mut self, written: &str) {
        let lines: Vec<&str> = written.lines().map(str::trim).collect();
        self.text.push_str(&format!("```\n{}\n```\n\n", lines.join("\n")));
    }

    fn line(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            self.text.push_str(&format!("**{label}:** {value}\n\n"));
        }
    }

    fn prose(&mut self, label: &str, texts: &[Localised]) {
        let texts: Vec<String> =
            texts.iter().map(|text| text.get(self.language).to_owned()).collect();
        self.list(label, &texts);
    }

    /// One text on the line of its label, several below it.
    fn list(&mut self, label: &str, texts: &[String]) {
        match texts {
            [] => {}
            [only] => self.line(label, &joined(only)),
            several => {
                self.text.push_str(&format!("**{label}:**\n\n"));
                for one in several {
                    self.text.push_str(&format!("- {}\n", joined(one)));
                }
                self.text.push('\n');
            }
        }
    }
}

/// A text on one line.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
