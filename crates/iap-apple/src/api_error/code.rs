//! Which error does Apple's code mean, and is the call worth repeating?

use iap_core::open_enum;

use super::{
    advanced_commerce::advanced_commerce_errors, retention::retention_errors, server::server_errors,
};

/// Defines [`ApiError`] from the rows of the three tables. A row is: the variant, the code, Apple's
/// name for it, and Apple's pages below `developer.apple.com/documentation`.
macro_rules! define {
    ({ $(
        $(#[doc = $doc:literal])+
        $variant:ident = $code:literal, $name:literal, $($page:literal),+;
    )+ }) => {
        open_enum! {
            /// An error code of the App Store Server, Retention Messaging and Advanced Commerce APIs.
            ///
            /// The three share one set of numbers. A few numbers are documented by two of them, with
            /// the same meaning; they are one variant here, which links to both pages. A code that is
            /// not known keeps its number.
            ///
            /// ```
            /// use iap_apple::ApiError;
            ///
            /// let error = ApiError::from(4040010);
            /// assert_eq!(error, ApiError::TransactionIdNotFound);
            /// assert_eq!(error.name(), Some("TRANSACTION_ID_NOT_FOUND"));
            /// assert_eq!(error.http_status(), Some(404));
            /// assert!(!error.is_retryable());
            /// assert_eq!(ApiError::from(4049999).as_i64(), 4049999);
            /// ```
            ///
            /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi)
            pub enum ApiError: i64 {
                $(
                    $(#[doc = $doc])+
                    #[doc = ""]
                    #[doc = concat!("Code ", $code, ", `", $name, "`.")]
                    $(#[doc = concat!(
                        "[Apple's page](https://developer.apple.com/documentation/", $page, ")"
                    )])+
                    $variant = $code,
                )+
            }
        }

        impl ApiError {
            /// Apple's name for the code, for example `TRANSACTION_ID_NOT_FOUND`; `None` if this
            /// version does not know the code. Apple's answer holds the number only.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $( Self::$variant => Some($name), )+
                    Self::Unknown(_) => None,
                }
            }
        }
    };
}

server_errors!(retention_errors advanced_commerce_errors define {});

impl ApiError {
    /// The HTTP status that the code belongs to: its first three digits. `None` if the number is
    /// not built like Apple's codes.
    #[must_use]
    pub fn http_status(self) -> Option<u16> {
        u16::try_from(self.as_i64() / CODES_PER_STATUS)
            .ok()
            .filter(|status| (100..600).contains(status))
    }

    /// Whether the same call may be repeated after a pause: server failures, rate limits, and what
    /// Apple names `…_RETRYABLE`. Also answers for unknown codes, by their status.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::AccountNotFoundRetryable
                | Self::AppNotFoundRetryable
                | Self::OriginalTransactionIdNotFoundRetryable
        ) || matches!(self.http_status(), Some(429 | 500..=599))
    }

    /// Whether Apple asks for fewer calls. [`ApiFailure::retry_after`](super::ApiFailure::retry_after)
    /// says when to come back.
    #[must_use]
    pub fn is_rate_limit(self) -> bool {
        self.http_status() == Some(429)
    }
}

/// Apple's codes are an HTTP status followed by four digits.
const CODES_PER_STATUS: i64 = 10_000;
