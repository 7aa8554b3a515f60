//! What an app sends, a line for each proof.

use iap::Proof;

/// Reads one proof per line; see `--help`. `package` is the app at Google Play: its tokens name none.
pub(crate) fn parse(input: &str, package: Option<&str>) -> Result<Vec<Proof>, String> {
    let lines = input.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let words: Vec<_> = line.split_whitespace().collect();
            proof(&words, package)
                .map_err(|problem| format!("line {}: {problem}", number.saturating_add(1)))
        })
        .collect()
}

fn proof(words: &[&str], package: Option<&str>) -> Result<Proof, &'static str> {
    let package = || package.ok_or("a proof of Google Play needs --package");
    Ok(match *words {
        ["apple-jws", jws] => Proof::apple_signed_transaction(jws),
        ["google-subscription", token] => Proof::google_subscription(package()?, token),
        ["google-product", token] => Proof::google_product(package()?, token),
        ["amazon-receipt", user_id, receipt_id] => Proof::amazon_receipt(receipt_id, user_id),
        _ => return Err("not a proof; see --help"),
    })
}
