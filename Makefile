.PHONY: ci fmt clippy test demo drill

# Formatting, lints, and the README's test command.
ci: fmt clippy test

fmt:
	cargo fmt --check

clippy:
	cargo clippy --locked --all-targets -- -D warnings

# What the tests need is installed first, where it is missing.
test:
	tests/setup
	cargo test --locked

demo:
	cargo run --locked -- demo

# From a failed validate back to a proven state, timed, with a million rows and a PostgreSQL of its own; ROWS=100000 for less.
drill:
	cargo build --release --locked
	benches/drill.sh $(or $(ROWS),1000000)
