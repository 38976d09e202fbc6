//! How wide a band is, as written on the command line.

use std::str::FromStr;

use dtw::Band;

/// A band's radius in one of its units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum BandArg {
    /// No band.
    Everything,
    /// Points of the grid.
    Points(usize),
    /// Milliseconds.
    Time(i64),
    /// A part of the longer length, 0 to 1.
    Fraction(f64),
}

impl FromStr for BandArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fraction = |part: f64| match (0.0..=1.0).contains(&part) {
            true => Ok(BandArg::Fraction(part)),
            false => Err("a part of the length lies between 0 and 1 (0 % and 100 %)".to_string()),
        };
        if matches!(text, "none" | "-1") {
            Ok(BandArg::Everything)
        } else if let Ok(points) = text.parse::<usize>() {
            Ok(BandArg::Points(points))
        } else if let Some(percent) = text.strip_suffix('%') {
            let percent: f64 = percent.trim().parse().map_err(|_| "not a percentage".to_string())?;
            fraction(percent / 100.0)
        } else if let Ok(part) = text.parse::<f64>() {
            fraction(part)
        } else {
            let ms = grid::parse_duration_ms(text)
                .map_err(|_| "expected points (15), seconds (5s), a part (5% or 0.05) or none".to_string())?;
            if ms < 0 { Err("a band cannot be negative".into()) } else { Ok(BandArg::Time(ms)) }
        }
    }
}

impl BandArg {
    /// The band on a grid with this step; a time is cut down to whole points.
    pub(crate) fn band(self, step_ms: Option<i64>) -> Band {
        match self {
            BandArg::Everything => Band::None,
            BandArg::Points(r) => Band::Points(r),
            BandArg::Fraction(f) => Band::Fraction(f),
            BandArg::Time(ms) => Band::Points(step_ms.map_or(0, |step| (ms / step.max(1)).max(0) as usize)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_is_points_a_time_or_a_part() {
        assert_eq!("15".parse(), Ok(BandArg::Points(15)));
        assert_eq!("5s".parse(), Ok(BandArg::Time(5000)));
        assert_eq!("5%".parse(), Ok(BandArg::Fraction(0.05)));
        assert_eq!("0.05".parse(), Ok(BandArg::Fraction(0.05)));
        assert_eq!("-1".parse(), Ok(BandArg::Everything));
        assert!("1.5".parse::<BandArg>().is_err());
        assert!("wide".parse::<BandArg>().is_err());
    }

    #[test]
    fn a_time_is_cut_down_to_whole_points() {
        assert_eq!(BandArg::Time(5000).band(Some(2000)), Band::Points(2));
    }
}
