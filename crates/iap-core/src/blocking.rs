//! For programs without async: runs any call of any client to its end.

use core::fmt;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::Error;

/// Runs calls on the present thread and waits for them.
///
/// Every client is async; this is the one adapter for programs that are not. Make one and share it:
/// what is asked once for all callers, such as the keys of a store, goes on only while the one that
/// began it runs something.
///
/// ```
/// use iap_core::{Blocking, Error};
///
/// async fn call() -> Result<u32, Error> {
///     Ok(42)
/// }
///
/// let blocking = Blocking::new()?;
/// assert_eq!(blocking.run(call())?, 42);
/// # Ok::<(), Error>(())
/// ```
pub struct Blocking {
    runtime: Runtime,
}

impl Blocking {
    /// An adapter with an event loop of its own.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](crate::ErrorKind::Misconfigured) if the system gives no event loop.
    pub fn new() -> Result<Self, Error> {
        Builder::new_current_thread()
            .enable_all()
            .build()
            .map(|runtime| Self { runtime })
            .map_err(|error| Error::misconfigured("no event loop").with_source(error))
    }

    /// Runs `call` to its end.
    ///
    /// # Errors
    ///
    /// Those of `call`; [`Misconfigured`](crate::ErrorKind::Misconfigured) from within async code,
    /// which must `.await` instead of blocking its thread.
    pub fn run<T, E: From<Error>>(&self, call: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        if Handle::try_current().is_ok() {
            return Err(Error::misconfigured("blocking within async code: use .await").into());
        }
        self.runtime.block_on(call)
    }
}

impl fmt::Debug for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn within_async_code_it_refuses_instead_of_panicking() {
        let outer = Blocking::new().unwrap();
        let inner = Blocking::new().unwrap();
        let result = outer.run(async { inner.run(async { Ok::<_, Error>(1) }) });
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Misconfigured);
        // A runtime must not be dropped within another one.
        drop(outer);
    }

    #[test]
    fn several_threads_may_share_one() {
        let blocking = Blocking::new().unwrap();
        std::thread::scope(|scope| {
            for number in 0..4 {
                let blocking = &blocking;
                scope.spawn(move || {
                    assert_eq!(
                        blocking.run(async { Ok::<_, Error>(number) }).unwrap(),
                        number
                    );
                });
            }
        });
    }
}
