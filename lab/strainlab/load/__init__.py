"""The load generator, wherever it runs: in the venv, or in a container on the stack's network."""
