//! A group of calls under Google's name for it, borrowed from the client.

/// Defines a group of calls. Made by the method of [`PlayClient`](crate::PlayClient) of that name.
macro_rules! resource {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<'a> {
            pub(in crate::client) client: &'a $crate::client::PlayClient,
        }
    };
}

pub(super) use resource;
