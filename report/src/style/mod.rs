//! How the page looks. Colours are named for what they mean; steady and overload differ in lightness too, so that they
//! can be told apart without colour. Paper gets the light colours.

/// The style of the page.
pub(crate) const STYLE: &str = concat!(
    include_str!("colours.css"),
    include_str!("words.css"),
    include_str!("tables.css"),
    include_str!("pictures.css"),
    include_str!("tools.css"),
    include_str!("narrow.css"),
    include_str!("print.css"),
);
