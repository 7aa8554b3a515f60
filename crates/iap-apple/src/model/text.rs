//! Which texts does Apple take in a request? Each is a type of its own that only holds such texts.

use serde::{Deserialize, Serialize};

use super::invalid::{InvalidReason, InvalidRequest};

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $member:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes the text if Apple would.
            ///
            /// # Errors
            ///
            /// When the text is not of the form or length that the type describes.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidRequest> {
                let check: fn(String) -> Result<String, InvalidReason> = $check;
                check(text.into())
                    .map(Self)
                    .map_err(|reason| InvalidRequest::new($member, reason))
            }

            /// The text as it is sent.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidRequest;

            fn try_from(text: String) -> Result<Self, InvalidRequest> {
                Self::new(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = InvalidRequest;

            fn try_from(text: &str) -> Result<Self, InvalidRequest> {
                Self::new(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

checked_text! {
    /// The identifier that you give to an image of a retention message; a UUID, kept in lower case.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/imageidentifier)
    ImageIdentifier, "imageIdentifier", uuid
}

checked_text! {
    /// The identifier that you give to a retention message; a UUID, kept in lower case.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/messageidentifier)
    MessageIdentifier, "messageIdentifier", uuid
}

checked_text! {
    /// The identifier that you give to a request of the Advanced Commerce API, a new one for each; a
    /// UUID, kept in lower case.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/requestreferenceid)
    RequestReferenceId, "requestReferenceId", uuid
}

checked_text! {
    /// The identifier that you give to the extension of renewal dates; any text that is not empty,
    /// a UUID for choice.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/requestidentifier)
    RequestIdentifier, "requestIdentifier", |text| sized(text, 1, usize::MAX)
}

checked_text! {
    /// The header of a retention message; up to 66 characters.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/header)
    MessageHeader, "header", |text| sized(text, 0, 66)
}

checked_text! {
    /// The body of a retention message; up to 144 characters.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/body)
    MessageBody, "body", |text| sized(text, 0, 144)
}

checked_text! {
    /// The text of a bullet point in a retention message; up to 66 characters.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/bulletpoint)
    BulletPointText, "text", |text| sized(text, 0, 66)
}

checked_text! {
    /// What a screen reader says in place of an image; up to 150 characters.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/alttext)
    AltText, "altText", |text| sized(text, 0, 150)
}

checked_text! {
    /// Where your server answers which message to show; an `https` address of up to 256 characters.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/realtimeurl)
    RealtimeUrl, "realtimeURL", https_url
}

checked_text! {
    /// Your own identifier of an item that is sold with the Advanced Commerce API; 1 to 128
    /// characters.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/sku)
    #[doc(alias = "SKU")]
    Sku, "SKU", |text| sized(text, 1, 128)
}

checked_text! {
    /// The description of an item that the customer sees; up to 45 characters.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/description)
    AdvancedCommerceDescription, "description", |text| sized(text, 0, 45)
}

checked_text! {
    /// The name of an item that the customer sees; up to 30 characters.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/displayname)
    AdvancedCommerceDisplayName, "displayName", |text| sized(text, 0, 30)
}

checked_text! {
    /// The App Store of a country or region, by its ISO 3166-1 alpha-3 code: three upper-case
    /// letters, such as `ISL`.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/storefrontcountrycode)
    StorefrontCountryCode, "storefront", |text| {
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(text)
        } else {
            let expected = "a country code of three upper-case letters";
            Err(InvalidReason::Malformed { expected })
        }
    }
}

/// A text of `min` to `max` characters: Unicode scalar values, as Apple's Python library counts.
/// Its Java library counts UTF-16 units (more), its Swift library graphemes (fewer).
pub(super) fn sized(text: String, min: usize, max: usize) -> Result<String, InvalidReason> {
    let found = text.chars().count();
    if found < min {
        return Err(InvalidReason::Empty);
    }
    if found > max {
        return Err(InvalidReason::TooLong { found, max });
    }
    Ok(text)
}

/// A UUID: 8-4-4-4-12 hexadecimal digits, put in lower case.
pub(super) fn uuid(mut text: String) -> Result<String, InvalidReason> {
    let groups = text.split('-').map(|group| {
        let is_hexadecimal = group.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hexadecimal.then_some(group.len())
    });
    if !groups.eq([8, 4, 4, 4, 12].map(Some)) {
        let expected = "a UUID of 8-4-4-4-12 hexadecimal digits";
        return Err(InvalidReason::Malformed { expected });
    }
    text.make_ascii_lowercase();
    Ok(text)
}

/// An `https` address with a host, without what no address contains.
fn https_url(text: String) -> Result<String, InvalidReason> {
    let host = text
        .get(..HTTPS.len())
        .filter(|scheme| scheme.eq_ignore_ascii_case(HTTPS))
        .and_then(|scheme| text.get(scheme.len()..))
        .and_then(|rest| rest.split(['/', '?', '#']).next());
    let is_clean = text.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_clean || host.is_none_or(|host| host.is_empty() || host.starts_with(':')) {
        let expected = "an ASCII address that begins with https:// and names a host";
        return Err(InvalidReason::Malformed { expected });
    }
    sized(text, 1, MAX_REALTIME_URL)
}

const HTTPS: &str = "https://";

/// Apple's limit for the realtime URL.
const MAX_REALTIME_URL: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    /// One character of four bytes and two UTF-16 units.
    const EMOJI: &str = "🏊";
    /// Two characters of three bytes that are seen as one.
    const COMBINED: &str = "e\u{301}";

    fn reason<T: std::fmt::Debug>(result: Result<T, InvalidRequest>) -> InvalidReason {
        result.unwrap_err().reason
    }

    /// Checks a text type at the border: `max` characters of any size are taken, one more is not.
    macro_rules! check_border {
        ($($name:ident: $member:literal, $max:literal;)+) => { $(
            for unit in ["a", "é", EMOJI] {
                let full = unit.repeat($max);
                assert_eq!($name::new(full.clone()).unwrap().as_str(), full);
                let error = $name::new(unit.repeat($max + 1)).unwrap_err();
                assert_eq!(error.member, $member);
                assert_eq!(error.reason, InvalidReason::TooLong { found: $max + 1, max: $max });
            }
            let combined = COMBINED.repeat($max / 2 + 1);
            let found = ($max / 2 + 1) * 2;
            assert_eq!(reason($name::new(combined)), InvalidReason::TooLong { found, max: $max });
        )+ };
    }

    #[test]
    fn a_text_is_taken_up_to_its_last_character_whatever_its_bytes() {
        check_border! {
            MessageHeader: "header", 66;
            MessageBody: "body", 144;
            BulletPointText: "text", 66;
            AltText: "altText", 150;
            Sku: "SKU", 128;
            AdvancedCommerceDescription: "description", 45;
            AdvancedCommerceDisplayName: "displayName", 30;
        }
    }

    #[test]
    fn an_identifier_is_not_empty() {
        assert_eq!(reason(Sku::new("")), InvalidReason::Empty);
        assert_eq!(reason(RequestIdentifier::new("")), InvalidReason::Empty);
        let long = "x".repeat(1_000);
        assert_eq!(RequestIdentifier::new(&*long).unwrap().as_str(), long);
    }

    #[test]
    fn a_uuid_is_sent_in_lower_case() {
        let upper = "3F8B0F0A-7D2E-4C3F-9D7A-2B6A0C1D5E4F";
        let lower = "3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f";
        assert_eq!(ImageIdentifier::new(upper).unwrap().as_str(), lower);
        assert_eq!(MessageIdentifier::new(upper).unwrap().as_str(), lower);
        assert_eq!(RequestReferenceId::new(upper).unwrap().as_str(), lower);
    }

    #[test]
    fn what_is_no_uuid_is_refused_by_the_name_of_its_member() {
        for text in [
            "",
            "3f8b0f0a7d2e4c3f9d7a2b6a0c1d5e4f",
            "{3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f}",
            "3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4",
            "3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f0",
            "3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4g",
            "3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f-",
            " 3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f",
            "3f8b0f0a-7d2e-4c3f-9d7a2-b6a0c1d5e4f",
            "３f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f",
        ] {
            let error = MessageIdentifier::new(text).unwrap_err();
            assert_eq!(error.member, "messageIdentifier");
            assert!(
                matches!(error.reason, InvalidReason::Malformed { .. }),
                "{text}"
            );
        }
        assert_eq!(
            ImageIdentifier::new("x").unwrap_err().member,
            "imageIdentifier"
        );
        assert_eq!(
            RequestReferenceId::new("x").unwrap_err().member,
            "requestReferenceId"
        );
    }

    #[test]
    fn a_realtime_url_is_https_and_has_at_most_256_characters() {
        let url = |length: usize| format!("https://swim.example/{}", "x".repeat(length - 21));
        assert_eq!(RealtimeUrl::new(url(256)).unwrap().as_str(), url(256));
        assert_eq!(
            reason(RealtimeUrl::new(url(257))),
            InvalidReason::TooLong {
                found: 257,
                max: 256
            }
        );
        for taken in [
            "https://swim.example",
            "HTTPS://swim.example:8443/a?b#c",
            "https://[2001:db8::1]/retention",
        ] {
            assert_eq!(RealtimeUrl::new(taken).unwrap().as_str(), taken);
        }
        for refused in [
            "",
            "https",
            "https://",
            "https:///path",
            "https://:443/path",
            "https://?x",
            "http://swim.example",
            "ftp://swim.example",
            "//swim.example",
            " https://swim.example",
            "https://swim.example/a b",
            "https://swim.example/\n",
            "https://schwümmen.example",
            "httpsé://swim.example",
        ] {
            let error = RealtimeUrl::new(refused).unwrap_err();
            assert_eq!(error.member, "realtimeURL");
            assert!(
                matches!(error.reason, InvalidReason::Malformed { .. }),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_storefront_is_three_upper_case_letters() {
        assert_eq!(StorefrontCountryCode::new("ISL").unwrap().as_str(), "ISL");
        for refused in ["", "IS", "ISLA", "isl", "I5L", "ÍS", "IS "] {
            let error = StorefrontCountryCode::new(refused).unwrap_err();
            assert!(
                matches!(error.reason, InvalidReason::Malformed { .. }),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_text_is_checked_when_it_is_read_too() {
        let long = serde_json::to_string(&"x".repeat(67)).unwrap();
        let error = serde_json::from_str::<MessageHeader>(&long).unwrap_err();
        assert!(error.to_string().contains("67 characters"), "{error}");
        let sku: Sku = serde_json::from_str(r#""pool.lane""#).unwrap();
        assert_eq!(serde_json::to_string(&sku).unwrap(), r#""pool.lane""#);
        assert_eq!(Sku::try_from("pool.lane").unwrap(), sku);
        assert_eq!(sku.to_string(), "pool.lane");
    }
}
