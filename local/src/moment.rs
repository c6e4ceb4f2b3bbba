//! What a process that is just being started holds for a moment: copies of every listener and lock of its parent, those
//! that the parent lets go included, until its own program begins.

use std::time::Duration;

const LOOKS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(20);

/// Tries, and tries again for a moment while the result is one that may pass.
pub(crate) fn unless_it_passes<T>(attempt: impl Fn() -> T, may_pass: impl Fn(&T) -> bool) -> T {
    for _ in 1..LOOKS {
        let result = attempt();
        if !may_pass(&result) {
            return result;
        }
        std::thread::sleep(PAUSE);
    }
    attempt()
}
