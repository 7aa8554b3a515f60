//! How do older lists lead from page to page?

use super::wire::{int32, model};

model! {
    /// The way to the pages around one. Newer lists have a `next_page_token` of their own.
    pub struct TokenPagination {
        /// What to ask for the next page with; missing on the last one.
        pub next_page_token: Option<String>,
        /// What to ask for the page before with.
        pub previous_page_token: Option<String>,
    }

    /// How much there is in all; often missing.
    pub struct PageInfo {
        /// How many entries there are in all.
        #[serde(with = "int32")]
        pub total_results: Option<i32>,
        /// How many entries a page can have.
        #[serde(with = "int32")]
        pub result_per_page: Option<i32>,
        /// The number of the first entry of the page.
        #[serde(with = "int32")]
        pub start_index: Option<i32>,
    }
}
