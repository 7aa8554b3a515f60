//! Tokens from a closure: from another library, a file, a secret store.

use core::fmt;

use async_trait::async_trait;
use iap_core::{
    Clock, Error,
    http::{HttpClient, Token},
};

use super::TokenSource;

/// Makes a [`TokenSource`] of a closure.
///
/// ```
/// use iap_core::{Clock, Secret, SystemClock, http::Token};
/// use iap_google::TokenFn;
///
/// let source = TokenFn::new(|| async {
///     let expires_at = SystemClock.now().saturating_add(std::time::Duration::from_secs(3600));
///     Ok(Token::new(Secret::new("from another library"), expires_at))
/// });
/// # let _ = source;
/// ```
pub struct TokenFn<F>(F);

impl<F, R> TokenFn<F>
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = Result<Token, Error>> + Send,
{
    /// Calls `fetch` for each token.
    #[must_use]
    pub const fn new(fetch: F) -> Self {
        Self(fetch)
    }
}

#[async_trait]
impl<F, R> TokenSource for TokenFn<F>
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = Result<Token, Error>> + Send,
{
    async fn fetch(&self, _http: &HttpClient, _clock: &dyn Clock) -> Result<Token, Error> {
        (self.0)().await
    }
}

impl<F> fmt::Debug for TokenFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenFn").finish_non_exhaustive()
    }
}
