"""The lab in containers: stacks, their limits, and runs and sweeps on them."""
