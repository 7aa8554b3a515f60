//! Keeps every line that the libraries trace.

use core::{
    cell::RefCell,
    fmt::{self, Write as _},
};
use std::sync::Once;

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::set_global_default,
};

/// Records what this thread traces, at every level.
///
/// One subscriber for the whole process, since what a scoped one gets depends on which thread comes
/// first; it keeps only what threads that asked for it trace.
pub(crate) struct Traces(());

thread_local! {
    static TEXT: RefCell<Option<String>> = const { RefCell::new(None) };
}

impl Traces {
    pub(crate) fn record() -> Self {
        static SET: Once = Once::new();
        SET.call_once(|| set_global_default(Recorder).expect("no other subscriber"));
        TEXT.with_borrow_mut(|text| *text = Some(String::new()));
        Self(())
    }

    pub(crate) fn text(&self) -> String {
        TEXT.with_borrow(|text| text.clone().unwrap_or_default())
    }
}

struct Recorder;

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("iap")
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut Line);
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Line);
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Line);
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Line;

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        TEXT.with_borrow_mut(|text| {
            if let Some(text) = text {
                let _ = writeln!(text, "{field}={value:?}");
            }
        });
    }
}
