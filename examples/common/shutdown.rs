//! When does a server end? When the person who started it presses Ctrl-C.

/// Waits for Ctrl-C.
pub(crate) async fn ctrl_c() {
    // An error means that there is no such signal here: then it runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        core::future::pending::<()>().await;
    }
}
