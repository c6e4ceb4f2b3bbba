//! Something that is copied when it is changed, so that a world can be copied often.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A part of a world that is shared with the copies of that world until one of them changes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept<T>(Arc<T>);

impl<T> Kept<T> {
    /// Whether nobody changed either since one was copied from the other.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Kept<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}
