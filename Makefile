.PHONY: ci fmt clippy test demo

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
