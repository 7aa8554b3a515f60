//! DER as text (RFC 7468).

use base64::{Engine as _, prelude::BASE64_STANDARD};

/// `der` between the lines that begin and end a `label`.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(LINE) {
        pem.extend(line.iter().copied().map(char::from));
        pem.push('\n');
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    pem
}

/// Characters on a line (RFC 7468, section 2).
const LINE: usize = 64;
