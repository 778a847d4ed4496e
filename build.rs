//! Rebuilds when a bundled file changes; `include_dir!` does not tell cargo.

fn main() {
    println!("cargo::rerun-if-changed=sql");
}
