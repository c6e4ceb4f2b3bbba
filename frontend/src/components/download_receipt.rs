//! A receipt as a file.

use leptos::prelude::*;
use shared::Receipt;

use crate::browser;

/// Hands the receipt over as JSON, named after its vehicle and its time.
#[component]
pub fn DownloadReceipt(receipt: Receipt) -> impl IntoView {
    let download = move |_| {
        // A receipt is made of texts and times, which JSON can always hold.
        let text = serde_json::to_string_pretty(&receipt).unwrap_or_default();
        browser::download(&file_name(&receipt), &text, "application/json");
    };
    view! {
        <button type="button" class="small" on:click=download>
            "Download receipt"
        </button>
    }
}

/// No colon is in it, which not every file system takes.
fn file_name(receipt: &Receipt) -> String {
    format!("receipt-{}-{}.json", receipt.vin, format!("{:.0}", receipt.began_at).replace(':', "-"))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::receipt;

    #[wasm_bindgen_test]
    fn the_file_is_named_after_vehicle_and_time() {
        assert_eq!(file_name(&receipt()), "receipt-1HGCM82633A004352-2026-11-23T10-00-00Z.json");
    }
}
