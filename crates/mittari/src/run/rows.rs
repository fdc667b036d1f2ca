//! The rows behind one result: which counted, which missed, which were left out and why.

use std::sync::Arc;

use indexmap::IndexMap;
use mittari_lang::metric::{Catalog, DimensionId, Population};
use mittari_lang::schema::TableId;
use mittari_lang::types::Kind;

use super::calendars::{make_ready, none_ready};
use super::cohort::Traced;
use super::evaluate::{Facts, Prepared, Rows};
use super::gather::{names, newest, spans};
use super::happened::{as_it_was, happened};
use super::needs::mapping_of;
use super::placing::PlacingState;
use super::quality::{key_of, names_of, row_key};
use super::sides::{Ground, SideTables};
use super::spec::{Binder, PlacingSpec};
use super::status::{COUNTED, EXCLUDED, OUTSIDE, UNDECIDED};
use crate::batch::Batch;
use crate::dataset::Dataset;
use crate::error::RunError;
use crate::failure::Error;
use crate::gathered::Key;
use crate::load::scan;
use crate::options::RunOptions;
use crate::plan::nodes::Nodes;
use crate::plan::sides::Sides;
use crate::plan::{Cohort, CohortUse, Membership, Plan, Question};

/// Which result is asked about.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The place of the question in the plan.
    pub question: usize,
    /// The name of the period: `2026-01`.
    pub period: String,
    /// Names of dimensions with the value as shown; `missing` for none.
    pub segment: Vec<(String, String)>,
}

/// The rows of one population of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PopulationRows {
    /// Which population: its table and what dates it.
    pub population: String,
    /// Its rows in the order of the table.
    pub rows: Vec<RowFate>,
}

/// One row and where it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFate {
    /// The key of the row.
    pub key: String,
    /// Where it went.
    pub fate: Fate,
    /// Of a proportion, whether a counted row stands above the line; none if unknown.
    pub hit: Option<bool>,
}

/// Where a row went.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It counts.
    Counted,
    /// The population is not about it.
    Outside,
    /// Whether the population is about it is unknown.
    Undecided,
    /// The exclusion of this name took it.
    Excluded(String),
}

/// Lists the rows behind one result, population by population.
pub fn rows(
    catalog: &Catalog,
    plan: &Plan,
    dataset: &Dataset,
    options: &RunOptions<'_>,
    asked: &Asked,
) -> Result<Vec<PopulationRows>, Error> {
    let question = plan
        .questions
        .get(asked.question)
        .ok_or(RunError::Broken("a question that is not in the plan"))?;
    let as_of = match plan.selection.as_of.or(dataset.as_of()) {
        Some(as_of) => Some(as_of),
        None => newest(catalog, dataset, options, &[])?,
    };
    let dimensions = dimensions(catalog, question, asked)?;
    let mut all = Vec::new();
    for used in &question.accounts {
        let listing = Listing {
            catalog,
            plan,
            dataset,
            asked,
            used: *used,
            dimensions: &dimensions,
        };
        all.push(listing.read(as_of, options)?);
    }
    Ok(all)
}

/// The dimensions of the segment asked for.
fn dimensions(
    catalog: &Catalog,
    question: &Question,
    asked: &Asked,
) -> Result<Vec<DimensionId>, RunError> {
    let possible =
        catalog.metric(question.metric).map(|metric| metric.possible.as_slice());
    let possible = possible.unwrap_or_default();
    let named = |name: &String| {
        let is =
            |id: &&DimensionId| catalog.dimension(**id).is_some_and(|d| d.name == *name);
        possible.iter().find(is).copied().ok_or_else(|| {
            RunError::Request(format!("the metric cannot be broken down by `{name}`"))
        })
    };
    asked.segment.iter().map(|(name, _)| named(name)).collect()
}

/// One population whose rows are listed.
struct Listing<'a> {
    catalog: &'a Catalog,
    plan: &'a Plan,
    dataset: &'a Dataset,
    asked: &'a Asked,
    used: CohortUse,
    dimensions: &'a [DimensionId],
}

/// What one worker has listed.
struct State {
    placing: PlacingState,
    keys: IndexMap<u64, String>,
}

impl Listing<'_> {
    fn read(
        &self,
        as_of: Option<i64>,
        options: &RunOptions<'_>,
    ) -> Result<PopulationRows, Error> {
        let cohort = self.cohort()?;
        let population = self
            .catalog
            .population(cohort.population)
            .ok_or(RunError::Broken("a cohort without a population"))?;
        let table = population.table;
        let sides = self.sides(table);
        let (spec, nodes) = self.bind(&cohort, table, (as_of, &sides))?;
        let ground = Ground { catalog: self.catalog, dataset: self.dataset, options };
        let (beside, _) = SideTables::new(ground, &sides, nodes.places())?.make(as_of)?;
        let mut calendars = none_ready(self.catalog);
        make_ready(&mut calendars, self.catalog, &nodes)?;
        let facts = Facts {
            schema: &self.catalog.schema,
            calendars: &calendars,
            as_of,
            beside: &beside,
            timings: None,
        };
        let key = key_of(&self.catalog.schema, table);
        let names: Vec<Vec<String>> =
            key.iter().map(|(_, kind)| names_of(&self.catalog.schema, *kind)).collect();
        let happened = happened(self.catalog, table, self.dataset);
        let mut needed = vec![false; happened.len()];
        for column in nodes.columns().chain(key.iter().map(|(column, _)| *column)) {
            if let Some(slot) = needed.get_mut(column as usize) {
                *slot = true;
            }
        }
        let prepared = Prepared::new(nodes)?;
        let hits = self.hits();
        let start = || State {
            placing: PlacingState::traced(&spec, hits),
            keys: IndexMap::new(),
        };
        let step = |state: &mut State, batch: Batch| {
            let batch = as_it_was(batch, &happened, as_of)?;
            for row in 0..batch.n_rows {
                state
                    .keys
                    .insert(batch.order_of(row), row_key(&batch, &key, &names, row)?);
            }
            state.placing.take(&spec, &mut Rows::new(&prepared, &facts, &batch))
        };
        let states = self.scan((table, needed), options, start, step)?;
        Ok(self.listed(population, &spec, states)?)
    }

    fn scan<S: Send>(
        &self,
        (table, needed): (TableId, Vec<bool>),
        options: &RunOptions<'_>,
        start: impl Fn() -> S + Sync,
        step: impl Fn(&mut S, Batch) -> Result<(), RunError> + Sync,
    ) -> Result<Vec<S>, Error> {
        let input = self.dataset.input(table).ok_or_else(|| RunError::Lacking {
            metric: self.asked.period.clone(),
            what: "a table".to_owned(),
            because: None,
        })?;
        let options = options.scanning(needed);
        let schema = &self.catalog.schema;
        Ok(scan(input, (schema, table), &options, start, step)?.0)
    }

    /// The cohort with the asked segment as its only grouping; a stock is listed by its
    /// members and not by its movements.
    fn cohort(&self) -> Result<Cohort, RunError> {
        let cohort = self.plan.cohorts.get(self.used.cohort);
        let mut cohort = cohort.cloned().ok_or(RunError::Broken("no cohort"))?;
        cohort.groupings = vec![self.dimensions.to_vec()];
        if cohort.membership == Membership::Movements {
            cohort.membership = Membership::Members(0);
        }
        Ok(cohort)
    }

    /// The side tables of the plan, with those of the segment asked for.
    fn sides(&self, table: TableId) -> Arc<Sides> {
        let mut sides = (*self.plan.sides).clone();
        for id in self.dimensions {
            let of = self.catalog.dimension(*id).map(|one| one.of.as_slice());
            for (_, expr) in of.unwrap_or_default().iter().filter(|(t, _)| *t == table) {
                sides.add(expr);
            }
        }
        Arc::new(sides)
    }

    fn bind(
        &self,
        cohort: &Cohort,
        table: TableId,
        (as_of, sides): (Option<i64>, &Arc<Sides>),
    ) -> Result<(PlacingSpec, Nodes), RunError> {
        let spans =
            spans(self.catalog, self.plan, self.used.cohort, self.dataset, as_of)?;
        let number = spans.parse(&self.asked.period).ok_or_else(|| {
            RunError::Request(format!(
                "no period is called `{}`; a {} is written like {}",
                self.asked.period,
                cohort.period.word(),
                spans.example(as_of),
            ))
        })?;
        let names = names(self.catalog, self.plan, self.used.cohort);
        let nodes = Nodes::of_source(mapping_of(self.dataset, table), sides);
        let mut binder = Binder::new(self.catalog, nodes);
        binder.bind((self.used.cohort, cohort), spans, &names)?;
        let Binder { nodes, mut placings, .. } = binder;
        let mut spec =
            placings.pop().ok_or(RunError::Broken("a cohort that was not bound"))?;
        let back = i32::try_from(self.used.window).unwrap_or(1) - 1;
        spec.bounds = (Some(number.saturating_sub(back)), Some(number));
        Ok((spec, nodes))
    }

    /// The fold whose rows stand above the line.
    fn hits(&self) -> Option<usize> {
        let question = self.plan.questions.get(self.asked.question)?;
        let mut hits = None;
        question.numerator.as_ref().unwrap_or(&question.formula).each_fold(&mut |used| {
            if used.of == self.used && hits.is_none() {
                hits = Some(used.fold);
            }
        });
        hits
    }

    fn listed(
        &self,
        population: &Population,
        spec: &PlacingSpec,
        states: Vec<State>,
    ) -> Result<PopulationRows, RunError> {
        let (mut placings, mut keys) = (Vec::new(), IndexMap::new());
        for state in states {
            placings.push(state.placing);
            keys.extend(state.keys);
        }
        PlacingState::settle(spec, &mut placings)?;
        let mut traced: Vec<Traced> = placings
            .into_iter()
            .flat_map(|placing| placing.into_trace(spec))
            .filter(|(_, segment)| self.is_asked(segment))
            .map(|(traced, _)| traced)
            .collect();
        traced.sort_by_key(|traced| traced.order);
        let rows = traced.into_iter().map(|traced| RowFate {
            key: keys.get(&traced.order).cloned().unwrap_or_default(),
            fate: fate(population, traced.status),
            hit: traced.hit.filter(|_| traced.status == COUNTED),
        });
        Ok(PopulationRows { population: population.label.clone(), rows: rows.collect() })
    }

    fn is_asked(&self, segment: &[Key]) -> bool {
        self.asked.segment.iter().zip(self.dimensions).zip(segment).all(
            |(((_, wanted), id), key)| {
                let kind = self.catalog.dimension(*id).map_or(Kind::Missing, |d| d.kind);
                key.name(&names_of(&self.catalog.schema, kind)) == *wanted
            },
        )
    }
}

fn fate(population: &Population, status: u16) -> Fate {
    match status {
        COUNTED => Fate::Counted,
        OUTSIDE => Fate::Outside,
        UNDECIDED => Fate::Undecided,
        rule => {
            let place = usize::from(rule.saturating_sub(EXCLUDED));
            let name =
                population.exclusions.get(place).map(|exclusion| exclusion.name.clone());
            Fate::Excluded(name.unwrap_or_default())
        }
    }
}
