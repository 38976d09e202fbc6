//! The course of a column as a line of blocks.

/// From low to high.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Least value, mean and greatest value of those that are there.
pub fn extent(values: &[f64]) -> Option<[f64; 3]> {
    let there = || values.iter().copied().filter(|value| value.is_finite());
    let count = there().count();
    let mean = there().map(|value| value / count as f64).sum();
    (count > 0).then(|| [there().fold(f64::INFINITY, f64::min), mean, there().fold(f64::NEG_INFINITY, f64::max)])
}

/// A picture of at most `width` blocks, each the mean of equally many values between the least and the greatest; a blank
/// where there is none. A constant column lies low.
pub fn picture(values: &[f64], width: usize) -> String {
    let Some([min, _, max]) = extent(values) else { return String::new() };
    let width = width.clamp(1, values.len());
    let part = |index: usize| &values[index * values.len() / width..(index + 1) * values.len() / width];
    let block = |part: &[f64]| match extent(part) {
        None => ' ',
        // Halves, so that the difference of great numbers stays finite.
        Some([_, mean, _]) if max > min => {
            BLOCKS[((mean / 2.0 - min / 2.0) / (max / 2.0 - min / 2.0) * (BLOCKS.len() - 1) as f64).round() as usize]
        }
        Some(_) => BLOCKS[0],
    };
    (0..width).map(|index| block(part(index))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_rises_has_a_gap_and_lies_low() {
        assert_eq!(picture(&[0.0, 1.0, f64::NAN, 7.0], 4), "▁▂ █");
        assert_eq!(picture(&[0.0, 0.0, 7.0, 7.0], 2), "▁█");
        assert_eq!(picture(&[3.0; 5], 3), "▁▁▁");
        assert_eq!(picture(&[f64::NAN; 5], 3), "");
        assert_eq!(picture(&[], 3), "");
        assert_eq!(picture(&[-f64::MAX, f64::MAX], 9), "▁█");
    }

    #[test]
    fn gaps_count_for_nothing_in_the_extent() {
        assert_eq!(extent(&[f64::NAN, 1.0, 3.0]), Some([1.0, 2.0, 3.0]));
        assert_eq!(extent(&[f64::NAN]), None);
    }
}
