//! The first page: the cards by class and by view.

use mittari_lang::card::{Card, Class, View};

use super::cell;
use super::labels::Labels;
use crate::workspace::Opened;

/// The page with links to all others.
pub(super) fn page(opened: &Opened, language: &str, labels: &Labels) -> String {
    let settings = opened.written.settings.as_ref();
    let title = settings.and_then(|settings| settings.title.as_ref());
    let title = title.map_or(labels.metrics, |title| title.get(language));
    let mut text = format!("# {title}\n");
    let cards = &opened.written.cards;
    for (class, _) in Class::WORDS {
        let own: Vec<&Card> =
            cards.iter().filter(|card| card.agreement.class.value == *class).collect();
        section(&mut text, labels.class(*class), &own, language, labels);
    }
    for (view, _) in View::WORDS {
        let has =
            |card: &&Card| card.agreement.views.iter().any(|one| one.value == *view);
        let own: Vec<&Card> = cards.iter().filter(has).collect();
        let title = format!("{}: {}", labels.view, labels.of_view(*view));
        section(&mut text, &title, &own, language, labels);
    }
    text.push_str(&format!(
        "\n## {}\n\n- [{}](keys.md)\n- [{}](functions.md)\n",
        labels.language, labels.keys, labels.functions
    ));
    text
}

fn section(
    text: &mut String,
    title: &str,
    cards: &[&Card],
    language: &str,
    labels: &Labels,
) {
    if cards.is_empty() {
        return;
    }
    text.push_str(&format!(
        "\n## {title}\n\n| {} | {} |\n|---|---|\n",
        labels.card, labels.description
    ));
    for card in cards {
        let name = &card.metric.value;
        let description = card.agreement.description.as_ref();
        let description = description.map_or("", |description| description.get(language));
        text.push_str(&format!(
            "| [{}](cards/{name}.md) | {} |\n",
            cell(card.agreement.title.get(language)),
            cell(description)
        ));
    }
}
