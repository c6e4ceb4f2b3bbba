use std::collections::BTreeMap;

use serde::Deserialize;

const FILE: &str = include_str!("../../prices.json");

/// The unit prices of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct Prices {
    /// When they were stated: a date.
    pub stated: String,
    /// What is to be known of them.
    pub note: String,
    prices: BTreeMap<String, Price>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Price {
    usd: f64,
    source: String,
}

/// Why there are no prices.
#[derive(Debug, thiserror::Error)]
pub enum PriceProblem {
    /// The region is not in the file.
    #[error("prices.json has no prices of {region}: name one of {known} with --region, or add its prices there")]
    NoSuchRegion {
        /// The region.
        region: String,
        /// Those that are.
        known: String,
    },
    /// A file that comes with the program cannot be read.
    #[error("{file} cannot be read: {source}")]
    File {
        /// The file.
        file: &'static str,
        /// What is wrong.
        source: serde_json::Error,
    },
}

#[derive(Deserialize)]
struct File {
    stated: String,
    note: String,
    prices: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "unit")]
    _unit: String,
    #[serde(flatten)]
    regions: BTreeMap<String, Price>,
}

impl Prices {
    /// The prices of a region.
    pub fn of(region: &str) -> Result<Self, PriceProblem> {
        let file: File =
            serde_json::from_str(FILE).map_err(|source| PriceProblem::File { file: "prices.json", source })?;
        let mut prices = BTreeMap::new();
        for (name, entry) in file.prices {
            let known = entry.regions.keys().cloned().collect::<Vec<_>>().join(", ");
            let price = entry.regions.get(region).cloned();
            let missing = || PriceProblem::NoSuchRegion { region: region.to_owned(), known };
            prices.insert(name, price.ok_or_else(missing)?);
        }
        Ok(Prices { stated: file.stated, note: file.note, prices })
    }

    /// A price in US dollars, and whether a source confirms it. What is not in the file is not a number, and shows.
    pub(super) fn price(&self, name: &str) -> (f64, bool) {
        let price = self.prices.get(name);
        price.map_or((f64::NAN, false), |price| (price.usd, price.source.starts_with("https://")))
    }
}
