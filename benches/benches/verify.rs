//! How long does each verification take, as criterion shows it: `cargo bench`.
//!
//! Criterion runs one case after the other, so a machine that slows down meanwhile falsifies its
//! comparisons. The ratios that count come from the report.

use criterion::{Criterion, criterion_group, criterion_main};
use iap_benches::{BACK_END, Fixtures, GoogleFixtures, cases};

fn verify(criterion: &mut Criterion) {
    let mut cases = cases(&Fixtures::new(), &GoogleFixtures::new());
    cases.sort_by_key(group);
    for same_work in cases.chunk_by(|one, other| group(one) == group(other)) {
        let mut benchmark = criterion.benchmark_group(group(&same_work[0]));
        for case in same_work {
            benchmark.bench_function(case.arm.to_string(), |bencher| bencher.iter(|| case.run()));
        }
        benchmark.finish();
    }
}

fn group(case: &iap_benches::Case) -> String {
    format!("{BACK_END}, {}, {}", case.subject, case.cache)
}

criterion_group!(benches, verify);
criterion_main!(benches);
