//! How is an account of your system attached to a purchase afterwards?

use serde::{Deserialize, Serialize};

use super::{
    common::AppAccountToken,
    invalid::{InvalidRequest, checked_when_read},
    text,
};

/// Attaches an account to a purchase, in place of the one that the app attached.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/updateappaccounttokenrequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct UpdateAppAccountTokenRequest {
    app_account_token: AppAccountToken,
}

impl UpdateAppAccountTokenRequest {
    /// Attaches this account; a UUID, sent in lower case.
    ///
    /// # Errors
    ///
    /// When the token is no UUID.
    pub fn new(app_account_token: impl Into<AppAccountToken>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            app_account_token: account_uuid(&app_account_token.into())?,
        })
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        account_uuid(&self.app_account_token).map(drop)
    }
}

checked_when_read!(UpdateAppAccountTokenRequest);

/// The token in lower case, if it is the UUID that Apple demands in a request.
pub(super) fn account_uuid(token: &AppAccountToken) -> Result<AppAccountToken, InvalidRequest> {
    text::uuid(token.as_str().to_owned())
        .map(AppAccountToken::from)
        .map_err(|reason| InvalidRequest::new("appAccountToken", reason))
}
