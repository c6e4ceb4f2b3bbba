//! The vehicles, found by how their VIN begins and by where they stand.

use std::{rc::Rc, time::Duration};

use leptos::{ev::SubmitEvent, leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    VehicleStanding,
    api::{Authorize, Cursor, Route, VehicleSummary, VehiclesPage as Answer, VehiclesQuery},
};

use super::not_found::NoSuchFilter;
use crate::{
    address::{self, address},
    api, browser,
    clock::plural,
    components::{
        action_dialog::Carry,
        authorize_dialog::{AuthorizeDialog, AuthorizeDraft},
        badge::{Badge, of_certificate, of_standing},
        filter::Filter,
        fingerprint::ShortCertificateId,
        icon::{Icon, IconView},
        moment::Moment,
        pager::Pager,
        receipt::{Receipt, current_receipt},
        states::{EmptyState, RemoteView, table_skeleton},
        unreadable::{Notice, UnreadableRows},
        vin::VinLink,
    },
    remote::{Remote, patience},
    session,
};

/// So long after the last key the list follows what was typed.
const PAUSE: Duration = Duration::from_millis(250);

/// The page at `/vehicles`.
#[component]
pub fn VehiclesPage() -> impl IntoView {
    browser::title(|| "Vehicles".to_owned());
    let asked = address::vehicles_query();
    let query = Memo::new(move |_| asked.get().unwrap_or_default());
    let exists = Memo::new(move |_| asked.with(Option::is_some));
    let remote = Remote::new(Signal::derive(move || Route::Vehicles(query.get())), api::ask, patience);
    let dialog = RwSignal::new(false);
    let draft = AuthorizeDraft::empty();
    let receipt = current_receipt();
    let authorize = Callback::new(move |vin: String| {
        if !vin.is_empty() {
            draft.vin.set(vin);
        }
        dialog.set(true);
    });
    let done = Callback::new(move |(vin, done): (String, shared::api::Done)| {
        dialog.set(false);
        draft.clear();
        receipt.set(Some(Receipt {
            title: "Vehicle authorized".to_owned(),
            done,
            link: Some(("Open the vehicle", address(&Route::Vehicle(vin)))),
        }));
        remote.refetch();
    });
    let carry: Carry<Authorize> =
        Rc::new(|request| Box::pin(async move { api::call(&Route::Authorize, Some(&request)).await }));
    let carry = StoredValue::new_local(carry);
    let list = move || {
        if !exists.get() {
            return view! { <NoSuchFilter list="/vehicles" /> }.into_any();
        }
        view! {
            <RemoteView remote skeleton=table_skeleton let:answer>
                <VehiclesView answer query authorize />
            </RemoteView>
        }
        .into_any()
    };
    view! {
        <div class="page-head">
            <h1>"Vehicles"</h1>
            <button type="button" class="primary" on:click=move |_| authorize.run(String::new())>
                <IconView icon=Icon::Add />
                "Authorize a vehicle"
            </button>
        </div>
        <Filters query />
        {list}
        <Show when=move || dialog.get()>
            <AuthorizeDialog draft carry=carry.get_value() done close=Callback::new(move |()| dialog.set(false)) />
        </Show>
    }
}

/// The filters. They are in the address, where typing puts them after a pause.
#[component]
fn Filters(query: Memo<VehiclesQuery>) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let complete_vin = session::complete_vin();
    let typed = RwSignal::new(query.with_untracked(|query| query.prefix.clone().unwrap_or_default()));
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop_waiting = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop_waiting);
    // Typing is one step back, not one for each letter; choosing is a step of its own.
    let go = move |query: VehiclesQuery, replace: bool| {
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&address(&Route::Vehicles(query)), options));
    };
    let apply = move || {
        let prefix = Some(typed.with_untracked(|typed| typed.trim().to_owned())).filter(|prefix| !prefix.is_empty());
        let now = query.get_untracked();
        if now.prefix != prefix {
            let replace = now.prefix.is_some();
            go(VehiclesQuery { prefix, cursor: None, ..now }, replace);
        }
    };
    // The back button changes the address, and the field follows.
    Effect::new(move |_| {
        let prefix = query.with(|query| query.prefix.clone().unwrap_or_default());
        if typed.with_untracked(|typed| typed.trim() != prefix) {
            typed.set(prefix);
        }
    });
    let type_in = move |event| {
        typed.set(event_target_value(&event));
        stop_waiting();
        timer.set_value(set_timeout_with_handle(apply, PAUSE).ok());
    };
    let complete = move || typed.with(|typed| complete_vin(typed));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        stop_waiting();
        match untrack(complete) {
            Some(vin) => navigate.with_value(|navigate| navigate(&address::of_vehicle(&vin), Default::default())),
            None => apply(),
        }
    };
    let choose = Callback::new(move |word: String| {
        let standing = VehicleStanding::from_word(&word);
        go(VehiclesQuery { standing, cursor: None, ..query.get_untracked() }, false);
    });
    let standings =
        VehicleStanding::ALL.map(|standing| (standing.as_str().to_owned(), of_standing(standing).word.to_owned()));
    let standing = move || query.with(|query| query.standing.map_or("", VehicleStanding::as_str).to_owned());
    let claim = move || {
        query.with(|query| query.claim.clone()).map(|claim| {
            view! {
                <div class="token">
                    <span>"Claim certificate"</span>
                    <ShortCertificateId id=claim.0 />
                    <button
                        type="button"
                        class="small"
                        aria-label="Show the vehicles of every claim certificate"
                        title="Remove this filter"
                        on:click=move |_| go(VehiclesQuery { claim: None, cursor: None, ..query.get_untracked() }, false)
                    >
                        <IconView icon=Icon::Cross />
                    </button>
                </div>
            }
        })
    };
    view! {
        <search>
            <form class="filters" role="search" on:submit=submit>
                <div class="field grow">
                    <label for="vin-prefix">"VIN, from its beginning"</label>
                    <div class="with-icon">
                        <IconView icon=Icon::Search />
                        <input
                            id="vin-prefix"
                            type="search"
                            class="exact"
                            autocomplete="off"
                            autocapitalize="characters"
                            spellcheck="false"
                            placeholder="1HGCM826…"
                            aria-describedby="vin-prefix-hint"
                            prop:value=typed
                            on:input=type_in
                        />
                    </div>
                    <p class="hint" id="vin-prefix-hint" role="status">
                        {move || complete().map(|_| "This is a complete VIN: Enter opens the vehicle.")}
                    </p>
                </div>
                <Filter
                    id="standing"
                    label="Standing"
                    choices=Signal::stored(standings.to_vec())
                    chosen=Signal::derive(standing)
                    choose
                />
                {claim}
            </form>
        </search>
    }
}

/// A page of vehicles.
#[component]
pub fn VehiclesView(
    /// The page.
    answer: Signal<Answer>,
    /// What was asked for.
    query: Memo<VehiclesQuery>,
    /// Begins to authorize a vehicle, this one if its VIN is given.
    authorize: Callback<String>,
) -> impl IntoView {
    let filtered =
        move || query.with(|query| query.prefix.is_some() || query.standing.is_some() || query.claim.is_some());
    let at = move |cursor: Option<Cursor>| address(&Route::Vehicles(VehiclesQuery { cursor, ..query.get() }));
    let next = Signal::derive(move || answer.with(|answer| answer.next.clone()).map(|next| at(Some(next))));
    let first = Signal::derive(move || query.with(|query| query.cursor.is_some()).then(|| at(None)));
    let body = move || {
        let vehicles = answer.with(|answer| answer.vehicles.clone());
        if !vehicles.is_empty() {
            return view! { <VehiclesTable vehicles /> }.into_any();
        }
        if next.with(Option::is_some) {
            return view! {
                <EmptyState heading="None in this part of the list">
                    <p>"There is more to look through: go on to the next page."</p>
                </EmptyState>
            }
            .into_any();
        }
        if filtered() {
            let prefix = query.with_untracked(|query| query.prefix.clone().unwrap_or_default());
            return view! {
                <EmptyState heading="No vehicle matches">
                    <p>"No vehicle answers to these filters. A vehicle that was never authorized and never tried is in no list."</p>
                    <div class="buttons">
                        <a class="button" href="/vehicles">
                            "Clear the filters"
                        </a>
                        {(!prefix.is_empty())
                            .then(|| {
                                view! {
                                    <button type="button" on:click=move |_| authorize.run(prefix.clone())>
                                        "Authorize it"
                                    </button>
                                }
                            })}
                    </div>
                </EmptyState>
            }
            .into_any();
        }
        view! {
            <EmptyState heading="No vehicle yet">
                <p>"Authorize the first one here, or let your plant's script write the table of authorized vehicles."</p>
                <div class="buttons">
                    <button type="button" on:click=move |_| authorize.run(String::new())>
                        "Authorize the first vehicle"
                    </button>
                </div>
            </EmptyState>
        }
        .into_any()
    };
    let counted = move || {
        let (count, more) = answer.with(|answer| (answer.vehicles.len(), answer.next.is_some()));
        format!("{}{}", plural(count as i64, "vehicle"), if more { ", and more on the next page" } else { "" })
    };
    view! {
        {move || view! { <Notice notice=answer.with(|answer| answer.notice.clone()) /> }}
        {move || view! { <UnreadableRows rows=answer.with(|answer| answer.unreadable.clone()) /> }}
        <p class="count" role="status">
            {counted}
        </p>
        {body}
        <Pager next first />
    }
}

#[component]
fn VehiclesTable(vehicles: Vec<VehicleSummary>) -> impl IntoView {
    let rows: Vec<_> = vehicles.into_iter().map(|vehicle| view! { <VehicleRow vehicle /> }).collect();
    view! {
        <table class="list" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col" role="columnheader">
                        "VIN"
                    </th>
                    <th scope="col" role="columnheader">
                        "Vehicle"
                    </th>
                    <th scope="col" role="columnheader">
                        "Standing"
                    </th>
                    <th scope="col" role="columnheader">
                        "Certificate"
                    </th>
                    <th scope="col" role="columnheader">
                        "Provisioned"
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

#[component]
fn VehicleRow(vehicle: VehicleSummary) -> impl IntoView {
    let VehicleSummary { vin, make, model, year, standing, certificate_status, provisioned_at } = vehicle;
    let nothing = || view! { <span class="quiet">"–"</span> };
    let name = name_of(&make, &model, &year);
    view! {
        <tr role="row" data-vin=vin.as_str().to_owned()>
            <td role="cell" class="head">
                <VinLink vin=vin.clone() />
            </td>
            <td role="cell" data-label="Vehicle" class:none=name.is_none()>
                {match name.clone() {
                    Some(name) => name.into_any(),
                    None => nothing().into_any(),
                }}
            </td>
            <td role="cell" data-label="Standing" data-standing=standing.as_str()>
                <Badge look=of_standing(standing) />
            </td>
            <td role="cell" data-label="Certificate" class:none=certificate_status.is_none()>
                {match certificate_status {
                    Some(status) => view! { <Badge look=of_certificate(status) /> }.into_any(),
                    None => nothing().into_any(),
                }}
            </td>
            <td role="cell" data-label="Provisioned" class:none=provisioned_at.is_none()>
                {match provisioned_at {
                    Some(at) => view! { <Moment at /> }.into_any(),
                    None => nothing().into_any(),
                }}
            </td>
        </tr>
    }
}

/// Make, model and year as far as they are recorded.
pub fn name_of(make: &Option<String>, model: &Option<String>, year: &Option<String>) -> Option<String> {
    let parts: Vec<&str> = [make, model, year].into_iter().filter_map(Option::as_deref).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use shared::{CertificateStatus, api::UnreadableRow};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{Page, mounted, vin};

    fn shown(answer: Answer, query: VehiclesQuery) -> Page {
        mounted(move || {
            let query = Memo::new(move |_| query.clone());
            view! { <VehiclesView answer=Signal::stored(answer) query authorize=Callback::new(|_| ()) /> }
        })
    }

    #[wasm_bindgen_test]
    fn a_page_lists_its_vehicles_and_what_could_not_be_read() {
        let summary = VehicleSummary {
            vin: vin(),
            make: Some("Honda".to_owned()),
            model: None,
            year: Some("2003".to_owned()),
            standing: VehicleStanding::OnHold,
            certificate_status: Some(CertificateStatus::Inactive),
            provisioned_at: None,
        };
        let row = UnreadableRow { row: "AuthorizedVehicles ???".to_owned(), problem: "It has no VIN.".to_owned() };
        let answer = Answer {
            vehicles: vec![summary],
            next: None,
            unreadable: vec![row],
            notice: Some("The index is missing.".to_owned()),
        };
        let page = shown(answer, VehiclesQuery::default());
        for told in ["Honda 2003", "On hold", "Inactive", "It has no VIN.", "The index is missing.", "1 vehicle"] {
            assert!(page.text().contains(told), "{told}: {}", page.text());
        }
        assert_eq!(page.one("td a").get_attribute("href").unwrap(), format!("/vehicles/{}", vin()));
        assert_eq!(page.one("[data-standing]").get_attribute("data-standing").unwrap(), "on-hold");
    }

    #[wasm_bindgen_test]
    fn an_empty_list_says_whether_filters_are_the_reason() {
        let page = shown(Answer::default(), VehiclesQuery::default());
        assert!(page.text().contains("No vehicle yet"));
        let filtered = VehiclesQuery { standing: Some(VehicleStanding::Revoked), ..VehiclesQuery::default() };
        let page = shown(Answer::default(), filtered);
        assert!(page.text().contains("No vehicle matches"));
        let more = Answer { next: Some(Cursor("x".to_owned())), ..Answer::default() };
        let page = shown(more, VehiclesQuery::default());
        assert!(page.text().contains("None in this part of the list"));
    }
}
