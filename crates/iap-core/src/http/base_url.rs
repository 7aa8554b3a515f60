//! Which addresses may a client be pointed at? HTTPS, or this machine itself.

use url::{Host, Url};

use crate::Error;

/// Reads the address that all requests of a client begin with: `https`, or plain `http` to this
/// machine itself, for tests; a path is allowed, a query or fragment is not.
///
/// # Errors
///
/// [`Misconfigured`](crate::ErrorKind::Misconfigured) if it is anything else. The error does not
/// repeat the text, which may hold a secret.
pub fn parse_base_url(text: &str) -> Result<Url, Error> {
    let url = Url::parse(text)
        .map_err(|error| Error::misconfigured("the base URL is no URL").with_source(error))?;
    let is_local = match url.host() {
        Some(Host::Domain(host)) => host == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let has_only_a_path = url.query().is_none() && url.fragment().is_none();
    if has_only_a_path && (url.scheme() == "https" || url.scheme() == "http" && is_local) {
        return Ok(url);
    }
    Err(Error::misconfigured(
        "the base URL must begin with https:// and have no query or fragment; \
         http:// is for this machine itself",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn https_and_this_machine_are_accepted_and_nothing_else_is() {
        for good in [
            "https://api.example.com",
            "https://api.example.com/base/",
            "http://localhost:8080/base",
            "http://127.0.0.1:1",
            "http://[::1]",
        ] {
            assert!(parse_base_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "planted.example.com",
            "/planted",
            "http://planted.example.com",
            "http://localhost.planted.com",
            "http://10.0.0.1/planted",
            "ftp://localhost/planted",
            "https://a/?planted",
            "https://a/#planted",
            "data:planted",
        ] {
            let error = parse_base_url(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Misconfigured, "{bad}");
            assert!(
                !format!("{error} {error:?}").contains("planted"),
                "{error:?}"
            );
        }
    }
}
