//! The arguments in the words of the library.

use dtw::{Band, Cost, Ends, Holes, Plan, Settings, Step};

use crate::args::{Args, CostArg, HolesArg, StepArg};

impl Args {
    /// What the library is asked to do on a grid with this step.
    pub(crate) fn plan(&self, step_ms: Option<i64>) -> Plan {
        let band = self.itakura.map_or_else(|| self.band.band(step_ms), Band::Itakura);
        let ends = match (self.open_end, self.subsequence) {
            (true, _) => Ends::OpenEnd,
            (_, true) => Ends::Subsequence,
            _ => Ends::Closed,
        };
        let cost = match self.cost {
            CostArg::Squared => Cost::Squared,
            CostArg::Absolute => Cost::Absolute,
        };
        let step = match self.steps {
            StepArg::Symmetric1 => Step::Symmetric1,
            StepArg::Symmetric2 => Step::Symmetric2,
        };
        let holes = match self.holes {
            HolesArg::Free => Holes::Free,
            HolesArg::Zero => Holes::Zero,
            HolesArg::Skip | HolesArg::Refuse => Holes::Skip,
        };
        Plan {
            settings: Settings { cost, step, band, ends },
            holes,
            dims: 1,
            lag: !self.no_lag,
            keep_path: self.path.is_some(),
        }
    }
}
