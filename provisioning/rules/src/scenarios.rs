//! Stories of one vehicle, played over a small world.
