//! The folder of a stack: one stack at a time, and a mark of how the last one ended.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::left_over::end_left_overs;
use crate::moment::unless_it_passes;
use crate::private_file::private_folder;

/// The state folder, held for this stack alone.
pub(crate) struct KeptState {
    folder: PathBuf,
    _lock: File,
    /// Whether an earlier stack in this folder was not stopped in order.
    pub(crate) was_interrupted: bool,
}

impl KeptState {
    /// Takes the folder. The error says when another stack has it.
    pub(crate) fn take(folder: &Path) -> Result<Self> {
        private_folder(folder)?;
        private_folder(&folder.join("logs"))?;
        let lock = File::create(folder.join("lock")).context("cannot write to the state folder")?;
        let is_held = |result: &std::result::Result<(), TryLockError>| matches!(result, Err(TryLockError::WouldBlock));
        match unless_it_passes(|| lock.try_lock(), is_held) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("a local stack is running on {} already: stop it first", folder.display())
            }
            Err(TryLockError::Error(error)) => return Err(error).context("cannot lock the state folder"),
        }
        let mark = folder.join("running");
        let was_interrupted = mark.exists();
        if was_interrupted {
            end_left_overs(&mark);
        }
        fs::write(&mark, "").context("cannot write to the state folder")?;
        Ok(KeptState { folder: folder.to_owned(), _lock: lock, was_interrupted })
    }

    /// The record of what is started; it is there as long as a stack runs.
    pub(crate) fn record(&self) -> PathBuf {
        self.path("running")
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for KeptState {
    // Whoever holds the folder lets go of it last, when everything it started has ended.
    fn drop(&mut self) {
        // If it stays, the next start merely mentions it.
        let _ = fs::remove_file(self.folder.join("running"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stack_at_a_time_and_an_interrupted_one_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let first = KeptState::take(folder.path()).unwrap();
        assert!(!first.was_interrupted);
        assert!(KeptState::take(folder.path()).is_err());
        drop(first);
        assert!(!KeptState::take(folder.path()).unwrap().was_interrupted);
        fs::write(folder.path().join("running"), "").unwrap();
        assert!(KeptState::take(folder.path()).unwrap().was_interrupted);
    }
}
