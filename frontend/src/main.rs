//! The operator console, as the browser starts it.

fn main() {
    frontend::start();
}
