//! How the page looks. Colours are named for what they mean; steady and overload differ in lightness too, so that they
//! can be told apart without colour. Paper gets the light colours.

/// The style of a picture that is a file of its own: the light colours stand in it as such, for few programs but browsers
/// know variables.
pub(crate) fn of_pictures() -> String {
    let colours = include_str!("colours.css");
    let light = colours.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(light, _)| light);
    let mut style = include_str!("pictures.css").to_string();
    for (name, colour) in light.split(';').filter_map(|pair| pair.trim().split_once(':')) {
        style = style.replace(&format!("var({name})"), colour);
    }
    style
}

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

#[cfg(test)]
mod tests {
    #[test]
    fn pictures_need_no_variables() {
        let style = super::of_pictures();
        assert!(style.contains("stroke:#b93c0a") && !style.contains("var("), "{style}");
    }
}
