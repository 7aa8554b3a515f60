//! Prints rows as a table that a person can read.

use std::error::Error as _;

use iap::{Access, AccessPolicy, Error, Purchase, Store, Timestamp};

/// One verified or rejected item.
pub(crate) struct Row {
    pub(crate) store: Store,
    pub(crate) what: String,
    pub(crate) verdict: &'static str,
    pub(crate) product: String,
    pub(crate) access_until: String,
    pub(crate) why: String,
}

impl Row {
    /// What a store answered when it was asked.
    pub(crate) fn new(
        store: Store,
        what: &str,
        result: Result<Purchase, Error>,
        now: Timestamp,
    ) -> Self {
        match result {
            Ok(purchase) => {
                let (access_until, why) = access(&purchase, now);
                Self {
                    store,
                    what: what.to_owned(),
                    verdict: "verified",
                    product: purchase.product_id.to_string(),
                    access_until,
                    why,
                }
            }
            Err(error) => {
                let cause = error.source().map(ToString::to_string);
                let why = cause.unwrap_or_else(|| error.to_string());
                Self::rejected(store, what.to_owned(), why)
            }
        }
    }

    pub(crate) fn rejected(store: Store, what: String, why: String) -> Self {
        Self {
            store,
            what,
            verdict: "rejected",
            product: "-".to_owned(),
            access_until: "-".to_owned(),
            why,
        }
    }

    fn cells(&self) -> [&str; 6] {
        [
            self.store.as_str(),
            &self.what,
            self.verdict,
            &self.product,
            &self.access_until,
            &self.why,
        ]
    }
}

/// Prints the rows under a heading; each column but the last is as wide as its widest cell.
pub(crate) fn print(rows: &[Row]) {
    let heading = ["store", "what", "verdict", "product", "access until", "why"];
    let cells: Vec<_> = std::iter::once(heading)
        .chain(rows.iter().map(Row::cells))
        .collect();
    let widths = [0, 1, 2, 3, 4].map(|column| {
        let lengths = cells
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        lengths.max().unwrap_or_default()
    });
    for (number, row) in cells.into_iter().enumerate() {
        let [store, what, verdict, product, access_until, why] = row;
        let [a, b, c, d, e] = widths;
        println!("{store:a$}  {what:b$}  {verdict:c$}  {product:d$}  {access_until:e$}  {why}");
        if number == 0 {
            let [a, b, c, d, e] = widths.map(|width| "-".repeat(width));
            println!("{a}  {b}  {c}  {d}  {e}  ---");
        }
    }
}

/// Until when a purchase gives access, and why, or why not.
pub(crate) fn access(purchase: &Purchase, now: Timestamp) -> (String, String) {
    match purchase.access_at(now, &AccessPolicy::new()) {
        Access::Granted { until, reason, .. } => (
            until.map_or_else(|| "for good".to_owned(), |until| until.to_string()),
            format!("{reason:?}"),
        ),
        Access::Denied { reason, .. } => ("no access".to_owned(), format!("{reason:?}")),
    }
}
