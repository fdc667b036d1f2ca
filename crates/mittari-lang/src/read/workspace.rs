//! The settings of a workspace: their keys and what becomes of them.

use crate::card::Target;
use crate::workspace::{Data, MetricTargets, Settings};

use super::card::TargetDraft;
use super::cx::Cx;
use super::dates::DayOfYear;
use super::field::{Form, Place, Record, form};
use super::kinds::{Either, Named, OneOrMore, Prose, ShortOr, Text};
use super::language::GoalKind;
use crate::span::Spanned;
use crate::syntax::Goal;

form! {
    /// The settings of a workspace while they are read.
    SettingsDraft {
        "title" optional title: Prose, "what the workspace is called";
        "time_zone" required time_zone: Text, "the zone of periods by the IANA name, as `Europe/Helsinki`";
        "fiscal_year_starts" optional fiscal_year_starts: DayOfYear, "the first day of the fiscal year, else 01-01";
        "languages" optional languages: OneOrMore<Text>, "the codes of the languages; the first is the default";
        "calendar" optional calendar: Text, "the service calendar of cards that name none";
        "currencies" optional currencies: OneOrMore<Text>, "codes that written values may use beside the vocabulary's";
        "data" optional data: Named<ShortOr<Text, Record<DataDraft>>>, "the sources in use, behind each the folder of its files, from the workspace's folder on";
        "targets" optional targets: Named<OneOrMore<ShortOr<GoalKind, Record<TargetDraft>>>>, "targets of metrics whose cards carry none: a metric, or with a dot one of its formulas";
    }
}

impl Form for SettingsDraft {
    type Out = Settings;
    const NAME: &'static str = "a workspace";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<Settings> {
        let data = self.data.unwrap_or_default().into_iter();
        let folder = |(mapping, either)| match either {
            Either::Short(folder) => Data { mapping, folder, tables: Vec::new() },
            Either::Long(data) => data,
        };
        let targets = self.targets.unwrap_or_default().into_iter();
        let of_metric = |(metric, list): (Spanned<String>, Vec<Either<Goal, Target>>)| {
            let targets = list.into_iter().map(always).collect();
            MetricTargets { metric, targets }
        };
        Some(Settings {
            source: place.source(),
            title: self.title,
            time_zone: self.time_zone?,
            fiscal_year_starts: self.fiscal_year_starts,
            languages: self.languages.unwrap_or_default(),
            calendar: self.calendar,
            currencies: self.currencies.unwrap_or_default(),
            data: data.map(folder).collect(),
            targets: targets.map(of_metric).collect(),
        })
    }
}

/// A target written alone holds for all segments and always.
fn always(either: Either<Goal, Target>) -> Target {
    match either {
        Either::Short(target) => Target {
            segment: Vec::new(),
            span: target.span,
            target,
            near: None,
            since: None,
            because: None,
        },
        Either::Long(target) => target,
    }
}

form! {
    /// Where the data of a source are, while that is read.
    DataDraft {
        "folder" required folder: Text, "the folder of its files, from the workspace's folder on";
        "tables" optional tables: OneOrMore<Text>, "which of its tables are taken, else all";
    }
}

impl Form for DataDraft {
    type Out = Data;
    const NAME: &'static str = "the data of a source";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<Data> {
        let tables = self.tables.unwrap_or_default();
        Some(Data { mapping: place.key, folder: self.folder?, tables })
    }
}
