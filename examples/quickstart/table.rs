//! Prints rows as a table that a person can read.

/// One verified or rejected item.
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) verdict: &'static str,
    pub(crate) product: String,
    pub(crate) access_until: String,
    pub(crate) why: String,
}

impl Row {
    fn cells(&self) -> [&str; 5] {
        [
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
    let heading = ["what", "verdict", "product", "access until", "why"];
    let cells: Vec<_> = std::iter::once(heading)
        .chain(rows.iter().map(Row::cells))
        .collect();
    let widths = [0, 1, 2, 3].map(|column| {
        let lengths = cells
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        lengths.max().unwrap_or_default()
    });
    for (number, [what, verdict, product, access_until, why]) in cells.into_iter().enumerate() {
        let [a, b, c, d] = widths;
        println!("{what:a$}  {verdict:b$}  {product:c$}  {access_until:d$}  {why}");
        if number == 0 {
            println!("{:-<a$}  {:-<b$}  {:-<c$}  {:-<d$}  ---", "", "", "", "");
        }
    }
}
