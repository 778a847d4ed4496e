.PHONY: ci fmt clippy test faults fault planted property fuzz-sql demo bench drill

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

# The long part of the faults, about an hour on two cores: every cut, kill, crash and race, with its seeds. What fails
# is replayed by its seed or its cut: PGFOLD_FAULT_SEED=7 or PGFOLD_FAULT_AT=before:123 make fault TEST=a_cut_at_any
faults:
	tests/setup
	cargo test --locked --release --test it faults:: -- --ignored --skip inside_a_small --test-threads 2 --nocapture

# Generated cases, four times as many as the tests have, a quarter of an hour; CASES=1000 for more, SEED=7 for one.
property:
	PGFOLD_PROPERTY_SEED=$(or $(SEED),1) PGFOLD_PROPERTY_CASES=$(if $(SEED),1,$(or $(CASES),256)) \
		cargo test --locked --test it property:: -- --nocapture

# Bugs planted in the guarantees, one at a time: each must be caught by the test of its guarantee, a quarter of an hour.
planted:
	tests/setup
	cargo test --locked --features planted --test it faults::planted -- --nocapture

fault:
	cargo test --locked --test it $(TEST) -- --include-ignored --nocapture

# Ten minutes of texts that nobody would write, read as SQL: no panic, no hang; SECONDS=60 for less.
fuzz-sql:
	PGFOLD_FUZZ_SECONDS=$(or $(SECONDS),600) cargo test --locked --release --test it sql_reader:: -- --nocapture

demo:
	cargo run --locked -- demo

# A million rows beside psql and pgloader, about 20 minutes; ARGS="--rows 100000 --rounds 3" for a quick look.
bench:
	-benches/setup
	cargo bench --locked --bench consolidation -- $(ARGS)

# From a failed validate back to a proven state, timed, with a million rows and a PostgreSQL of its own; ROWS=100000 for less.
drill:
	cargo build --release --locked
	benches/drill.sh $(or $(ROWS),1000000)
