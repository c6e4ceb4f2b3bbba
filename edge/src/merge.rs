//! Reading several sorted partitions as one sorted list.

use std::cmp::Ordering;

/// The first `count` items of several lists that are each sorted by `order`.
///
/// Where every list holds at least `count + 1` items or its whole remainder, the result is what one sorted list would
/// have given. The flag tells whether anything is left.
pub(crate) fn first_of_sorted<I>(
    lists: Vec<Vec<I>>,
    count: usize,
    order: impl Fn(&I, &I) -> Ordering,
) -> (Vec<I>, bool) {
    let mut items: Vec<I> = lists.into_iter().flatten().collect();
    items.sort_by(order);
    let more = items.len() > count;
    items.truncate(count);
    (items, more)
}
