//! Quantiles, spreads and tests of samples, for every filter.
