"""The lab: what brings systems up, loads and breaks them, and records what was measured."""
