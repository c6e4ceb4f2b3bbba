//! What the operator should know of how a list was found, and the rows in it that are no record of ours.

use leptos::prelude::*;
use shared::api::UnreadableRow;

use super::icon::{Icon, IconView};
use crate::clock::plural;

/// A remark of the edge on its answer.
#[component]
pub fn Notice(notice: Option<String>) -> impl IntoView {
    notice.map(|notice| {
        view! {
            <section class="notice" data-testid="notice">
                <IconView icon=Icon::Information />
                <p>{notice}</p>
            </section>
        }
    })
}

/// Rows that could not be read: shown, never dropped in silence.
#[component]
pub fn UnreadableRows(rows: Vec<UnreadableRow>) -> impl IntoView {
    let heading = format!("{} could not be read", plural(rows.len() as i64, "row"));
    (!rows.is_empty()).then(|| {
        let items: Vec<_> = rows
            .into_iter()
            .map(|UnreadableRow { row, problem }| {
                view! {
                    <li>
                        <code>{row}</code>
                        <span>{problem}</span>
                    </li>
                }
            })
            .collect();
        view! {
            <section class="notice warning unreadable" data-testid="unreadable">
                <IconView icon=Icon::Warning />
                <div>
                    <h2>{heading}</h2>
                    <ul>{items}</ul>
                </div>
            </section>
        }
    })
}
