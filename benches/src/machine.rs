//! On what does a program measure: which processor, which core, and for how long was it busy?

use core::time::Duration;
use std::thread::available_parallelism;

/// The processor, where the system tells.
#[must_use]
pub fn machine() -> String {
    let cores = available_parallelism().map_or(1, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{model}, {cores} cores, {system} {architecture}")
}

/// Keeps the thread that calls it on one core. Only on Linux; elsewhere, and where there is no such
/// core, it runs where the system likes.
pub fn stay_on_core(core: usize) {
    #[cfg(target_os = "linux")]
    {
        let mut cores = rustix::thread::CpuSet::new();
        if core < rustix::thread::CpuSet::MAX_CPU {
            cores.set(core);
            // Only makes the measurement steadier, so a refusal is no failure.
            let _ = rustix::thread::sched_setaffinity(None, &cores);
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = core;
}

/// How long the thread that calls it has been running on a processor, in the kernel too. Only on
/// Linux.
#[must_use]
pub fn thread_cpu_time() -> Option<Duration> {
    #[cfg(target_os = "linux")]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        time.try_into().ok()
    }
    #[cfg(not(target_os = "linux"))]
    None
}
