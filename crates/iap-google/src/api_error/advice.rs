//! What to do about the failures that developers get stuck on.

use super::{body::Author, class::FailureClass, reason::ApiErrorReason};

impl FailureClass {
    /// What happened and what to do, in one sentence.
    pub(super) const fn advice(
        self,
        author: Author,
        reason: Option<&ApiErrorReason>,
    ) -> &'static str {
        use ApiErrorReason as Reason;

        match (self, reason) {
            (Self::Setup, _) if matches!(author, Author::SomebodyElse) => {
                "refused without Google's error object; check the base URL and the proxy"
            }
            (Self::Setup, Some(Reason::AccessNotConfigured)) => {
                "switch on the Google Play Android Developer API in the Cloud project of the \
                 service account"
            }
            (Self::Setup, Some(Reason::InsufficientPermissions)) => {
                "the access token is not good for scope androidpublisher; on Compute Engine the \
                 scopes are fixed when the machine is made"
            }
            (Self::Setup, Some(Reason::ProjectNotLinked)) => {
                "link the Cloud project of the service account in the Play Console"
            }
            // A right that is missing has a sentence of its own, whoever misses it.
            (Self::Setup, reason)
                if matches!(author, Author::Platform)
                    && !matches!(
                        reason,
                        Some(
                            Reason::Forbidden
                                | Reason::PermissionDenied
                                | Reason::UserInsufficientPermission
                        )
                    ) =>
            {
                "Google's platform refuses the call before Google Play has seen it; check the base \
                 URL, the credentials and the Cloud project"
            }
            (
                Self::Setup,
                Some(
                    Reason::ApplicationNotFound
                    | Reason::BadRequest
                    | Reason::Invalid
                    | Reason::NotFound,
                ),
            ) => {
                "Google does not know this app; check the package name, that it has been uploaded \
                 to a track once, and that the service account belongs to its developer"
            }
            (Self::Setup, Some(Reason::DeveloperDoesNotOwnApplication)) => {
                "the app belongs to another developer; check the package name and the service \
                 account"
            }
            (Self::Setup, _) => {
                "the service account may not do this; check that (1) its address is invited as a \
                 user in the Play Console, (2) with the right to view financial data, and for \
                 refunds, cancellations and acknowledgements to manage orders and subscriptions, \
                 (3) the Google Play Android Developer API is switched on in its Cloud project; \
                 rights given just now may take up to 48 hours"
            }
            (Self::Auth, _) => {
                "Google refuses the access token; check the credentials and that they are meant \
                 for Google Play"
            }
            (Self::Quota, Some(Reason::DailyLimitExceeded)) => {
                "the calls of the day are used up, until midnight in California"
            }
            (Self::Quota, _) => {
                "too many calls; wait for the next minute, and ask once per purchase and \
                 notification instead of polling"
            }
            (Self::Gone, _) => "Google no longer knows this purchase: end what is left of it",
            (Self::NotFound, _) => {
                "Google does not know it; a purchase made less than a minute ago may be known later"
            }
            (Self::NotGenuine, _) => {
                "this token is no token of a purchase of this kind, app and product"
            }
            (Self::StateConflict, _) => {
                "the purchase is not in a state that allows this, or it has been done: read it"
            }
            (Self::WrongCall, Some(Reason::SubscriptionInvalidArgument)) => {
                "the call does not fit this purchase: use subscriptionsv2"
            }
            (Self::WrongCall, _) => "Google refuses this call; correct it, repeating does not help",
            (Self::Retry, Some(Reason::ConcurrentUpdate)) => {
                "somebody else, perhaps the app, wrote at the same time: read, and decide"
            }
            (Self::Retry, _) => "Google cannot answer now; try again later",
            (Self::Unreadable, _) => {
                "Google never answers with this status; check the base URL and the proxy"
            }
        }
    }
}
