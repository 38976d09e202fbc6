//! Why something is not known of a metric, or what to beware of.

/// A remark on a measure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Note {
    /// There is nothing to say.
    #[default]
    Nothing,
    /// No steady grid has the metric.
    NotInSteady,
    /// No overload grid has it.
    NotInOverload,
    /// No grid has a sample of it.
    NoSamples,
    /// No steady grid has a sample of it.
    NoSteadySamples,
    /// No overload grid has one.
    NoOverloadSamples,
    /// It rose from nothing.
    FromZero,
    /// It never changed.
    Constant,
    /// It did not change in steady state.
    ConstantInSteady,
    /// Its service is gone.
    Gone,
}

impl Note {
    const TEXTS: [(Note, &'static str); 10] = [
        (Note::Nothing, ""),
        (Note::NotInSteady, "not in steady"),
        (Note::NotInOverload, "not in overload"),
        (Note::NoSamples, "no samples"),
        (Note::NoSteadySamples, "no samples in steady"),
        (Note::NoOverloadSamples, "no samples in overload"),
        (Note::FromZero, "steady mean is 0: no percentage"),
        (Note::Constant, "constant"),
        (Note::ConstantInSteady, "constant in steady"),
        (Note::Gone, "gone: its service lost its samples in overload"),
    ];

    /// In plain words; may be empty.
    pub fn text(self) -> &'static str {
        Self::TEXTS.iter().find(|(note, _)| *note == self).map_or("", |(_, text)| text)
    }

    /// The remark of these words.
    pub fn parse(text: &str) -> Option<Self> {
        Self::TEXTS.iter().find_map(|(note, own)| (*own == text).then_some(*note))
    }
}
