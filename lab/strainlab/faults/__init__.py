"""Faults in one container: what kinds there are, how each is made, and how it is taken back."""
