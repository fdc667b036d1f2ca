//! The closed list of codes: one line each, with the page that explains them.
//!
//! A code is never used again for something else after a release. What each means,
//! with an example and what to do, stands in `codes.md` beside this file, under a
//! heading of the code's name.

use super::Severity;

/// The pages behind `mittari explain CODE`, one heading a code.
const PAGES: &str = include_str!("codes.md");

macro_rules! codes {
    ($($name:ident $text:literal $severity:ident)*) => {
        /// Which message a diagnostic is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "codes.md explains each, and a test sees to it")]
        pub enum Code { $($name),* }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name people see: `unknown-field`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The weight of its messages.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),* }
            }
        }
    };
}

codes! {
    // The text of an expression (parse).
    FormulaEmpty "formula-empty" Error
    FormulaTooLong "formula-too-long" Error
    FormulaTooManyWords "formula-too-many-words" Error
    FormulaTooDeep "formula-too-deep" Error
    TextNotEnded "text-not-ended" Error
    TextOverLines "text-over-lines" Error
    CurlyQuote "curly-quote" Error
    InvisibleCharacter "invisible-character" Error
    CombiningCharacter "combining-character" Error
    ForeignSign "foreign-sign" Error
    CommentWouldSwallow "comment-would-swallow" Error
    BracketNotClosed "bracket-not-closed" Error
    BracketNotOpened "bracket-not-opened" Error
    BracketMismatch "bracket-mismatch" Error
    NumberForm "number-form" Error
    DecimalComma "decimal-comma" Error
    PercentSign "percent-sign" Error
    UnknownUnit "unknown-unit" Error
    DurationForm "duration-form" Error
    MoneySign "money-sign" Error
    DateForm "date-form" Error
    InstantForm "instant-form" Error
    ForeignOperator "foreign-operator" Error
    ForeignWord "foreign-word" Error
    KeywordCase "keyword-case" Error
    ReservedWord "reserved-word" Error
    OperatorExpected "operator-expected" Error
    ValueExpected "value-expected" Error
    Unexpected "unexpected" Error
    Colon "colon" Error
    Comma "comma" Error
    ChainedComparison "chained-comparison" Error
    AndOrMixed "and-or-mixed" Warning
    NeedsParentheses "needs-parentheses" Error
    OrElseWord "or-else-word" Error
    IsWord "is-word" Error
    ComparedWithMissing "compared-with-missing" Error
    BetweenAnd "between-and" Error
    ListBrackets "list-brackets" Error
    ListEmpty "list-empty" Error
    IfForm "if-form" Error
    IfIncomplete "if-incomplete" Error
    CallForm "call-form" Error
    Star "star" Error
    ArgumentForm "argument-form" Error
    ArgumentAfterClause "argument-after-clause" Error
    ClauseTwice "clause-twice" Error
    ClauseOutsideCall "clause-outside-call" Error
    UnknownArgument "unknown-argument" Error
    DotForm "dot-form" Error
    ValueForm "value-form" Error
    TargetForm "target-form" Error
    NameTooLong "name-too-long" Error
    TextTooLong "text-too-long" Error
    ClauseForm "clause-form" Error
    AtForm "at-form" Error

    // The layout of a file (read).
    YamlPlainStart "yaml-plain-start" Error
    YamlColon "yaml-colon" Error
    YamlIndent "yaml-indent" Error
    YamlKey "yaml-key" Error
    YamlComment "yaml-comment" Error
    YamlFlow "yaml-flow" Error
    YamlQuote "yaml-quote" Error
    YamlDash "yaml-dash" Error
    YamlTab "yaml-tab" Error
    YamlAnchor "yaml-anchor" Error
    YamlAlias "yaml-alias" Error
    YamlTag "yaml-tag" Error
    YamlTooDeep "yaml-too-deep" Error
    YamlSyntax "yaml-syntax" Error
    YamlSecondDocument "yaml-second-document" Error
    YamlTooLarge "yaml-too-large" Error
    YamlTooMany "yaml-too-many" Error
    YamlNotText "yaml-not-text" Error
    TooManyProblems "too-many-problems" Error
    DuplicateKey "duplicate-key" Error
    UnknownKey "unknown-key" Error
    MissingKey "missing-key" Error
    ValueShape "value-shape" Error
    ValueMissing "value-missing" Error
    ValueWord "value-word" Error
    TextCut "text-cut" Warning
    ClockTime "clock-time" Error
    FileName "file-name" Error
    NothingToCheck "nothing-to-check" Error

    // Names (check).
    ReservedName "reserved-name" Error
    DuplicateName "duplicate-name" Error
    UnknownField "unknown-field" Error
    UnknownTable "unknown-table" Error
    UnknownFunction "unknown-function" Error
    UnknownMetric "unknown-metric" Error
    UnknownValue "unknown-value" Error
    UnknownCalendar "unknown-calendar" Error
    UnknownZone "unknown-zone" Error
    UnknownParameter "unknown-parameter" Error
    UnknownBreakdown "unknown-breakdown" Error
    UnknownCurrency "unknown-currency" Error
    FieldConflict "field-conflict" Error
    ParameterShadowsField "parameter-shadows-field" Error
    ParameterUnused "parameter-unused" Warning
    TablePrefix "table-prefix" Error
    TableNotCovering "table-not-covering" Error
    TableWithoutKey "table-without-key" Error
    NoClock "no-clock" Error
    DefinedInCircle "defined-in-circle" Error
    MetricInCircle "metric-in-circle" Error
    AtMissing "at-missing" Error
    NoWayBack "no-way-back" Error
    PeriodElsewhere "period-elsewhere" Error
    KeepElsewhere "keep-elsewhere" Error
    PausesForm "pauses-form" Error

    // Kinds, units, grain (check).
    MixedGrain "mixed-grain" Error
    NestedAggregate "nested-aggregate" Error
    ConstantFormula "constant-formula" Error
    ConstantArgument "constant-argument" Warning
    UnitExpected "unit-expected" Error
    UnitsDiffer "units-differ" Error
    UnitProduct "unit-product" Error
    UnitMismatch "unit-mismatch" Error
    CurrenciesDiffer "currencies-differ" Error
    PercentOfWhat "percent-of-what" Error
    PercentMissing "percent-missing" Warning
    TimesHundred "times-hundred" Error
    PerDuration "per-duration" Error
    PerMoney "per-money" Error
    InstantArithmetic "instant-arithmetic" Error
    DateArithmetic "date-arithmetic" Error
    TruthArithmetic "truth-arithmetic" Error
    TextArithmetic "text-arithmetic" Error
    MissingOperand "missing-operand" Error
    TruthExpected "truth-expected" Error
    BranchesDiffer "branches-differ" Error
    NoOrder "no-order" Error
    DateAndInstant "date-and-instant" Error
    BetweenInstants "between-instants" Error
    CategoriesDiffer "categories-differ" Error
    TextAndCategory "text-and-category" Error
    OrOfValues "or-of-values" Error
    ArgumentKind "argument-kind" Error
    ArgumentCount "argument-count" Error
    WhereMissing "where-missing" Error
    DatedKind "dated-kind" Error
    DatedMissing "dated-missing" Error
    PopulationMissing "population-missing" Error
    CalendarMissing "calendar-missing" Error
    DayInWorkingTime "day-in-working-time" Error
    PatternForm "pattern-form" Error
    NeverMissing "never-missing" Warning
    IfOnUnknown "if-on-unknown" Warning
    ValueNotNamed "value-not-named" Warning
    ValueUndecided "value-undecided" Error
    DistributionAlone "distribution-alone" Error
    PreviousNested "previous-nested" Error
    StockOverTime "stock-over-time" Error

    // The card as a whole (check).
    TargetUnitMismatch "target-unit-mismatch" Error
    TargetDirection "target-direction" Error
    TargetOnActivity "target-on-activity" Warning
    SanctionClass "sanction-class" Error
    PersonalBreakdown "personal-breakdown" Error
    CalendarForm "calendar-form" Error
    CalendarEmpty "calendar-empty" Error
    VocabularyForm "vocabulary-form" Error
    SourceForm "source-form" Error
    WorkspaceForm "workspace-form" Error
}

impl Code {
    /// The code with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// The page of this code: what it means, an example, what to do. Markdown.
    pub fn explain(self) -> &'static str {
        let heading = format!("\n## {}\n", self.name());
        let Some(start) = PAGES.find(&heading) else { return "" };
        let page = PAGES.get(start + heading.len()..).unwrap_or("");
        page.find("\n## ").map_or(page, |end| page.get(..end).unwrap_or("")).trim()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_again() {
        for code in Code::ALL {
            assert_eq!(Code::named(code.name()), Some(*code));
        }
    }

    #[test]
    fn every_code_has_a_page() {
        let bare: Vec<_> =
            Code::ALL.iter().filter(|code| code.explain().is_empty()).collect();
        assert!(bare.is_empty(), "codes without a page in codes.md: {bare:?}");
    }
}
