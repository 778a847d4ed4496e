.PHONY: ci fmt clippy test demo bench

# Formatting, lints, and the README's test command.
ci: fmt clippy test

fmt:
	cargo fmt --check

clippy:
	cargo clippy --locked --all-targets -- -D warnings

test:
	cargo test --locked

demo:
	cargo run --locked -- demo

# What the README's figures come from; about an hour for a million rows.
bench:
	cargo bench --locked --bench speed
