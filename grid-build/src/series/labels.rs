//! Labels that different versions of Prometheus write differently, and names made from a template.

use std::collections::{BTreeSet, HashMap};

use grid::{Error, Name, did_you_mean, parse_number, write_number};

/// One spelling for the labels that Prometheus 2 and 3 write differently: `le` and `quantile` are numbers, `1.0` and `1`
/// become `1`, `+Inf` stays. Other labels are kept as they are.
pub fn normalise_label(label: &str, value: String) -> String {
    match label {
        "le" | "quantile" => normalise_number(value),
        _ => value,
    }
}

fn normalise_number(value: String) -> String {
    if value.eq_ignore_ascii_case("+inf") || value.eq_ignore_ascii_case("inf") {
        return "+Inf".to_string();
    }
    let Some(number) = parse_number(value.as_bytes()) else { return value };
    let mut text = Vec::new();
    write_number(&mut text, number);
    String::from_utf8(text).unwrap_or(value)
}

/// The canonical text of a name from anywhere: a header of a CSV, say.
pub fn normalise_name(text: &str) -> String {
    let mut name = Name::parse(text);
    if name.labels.is_empty() {
        return text.to_string();
    }
    for (label, value) in &mut name.labels {
        *value = normalise_label(label, std::mem::take(value));
    }
    name.to_string()
}

/// Fills `{label}` in a template with the labels of a series; a label it does not have is empty. What was done to a
/// counter, and what its metadata said, stays with the new name where that does not say it.
pub fn fill_template(template: &str, header: &str) -> String {
    let name = Name::parse(header);
    let text = fill(template, &name);
    let new = Name::parse(&text);
    let as_before = new.treatment() == name.treatment() && new.said() == name.said();
    if as_before { text } else { new.treated(name.treatment()).saying(&name.said()).to_string() }
}

fn fill(template: &str, name: &Name) -> String {
    let (mut text, mut rest) = (String::new(), template);
    while let Some((before, label, after)) = next_label(rest) {
        text.push_str(before);
        text.push_str(name.label(label).unwrap_or_default());
        rest = after;
    }
    text + rest
}

fn next_label(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (label, after) = rest.split_once('}')?;
    Some((before, label, after))
}

/// A label that an option names and no series has: it is most likely misspelt.
pub fn no_label(option: &str, unknown: &str, labels: &[String]) -> Error {
    let way_out = match did_you_mean(unknown, labels.iter().map(String::as_str)) {
        _ if labels.is_empty() => ", nor any other".to_string(),
        near if near.is_empty() => format!(", expected some of {}", labels.join(", ")),
        near => near,
    };
    Error::usage(format!("{option}: no series has this label: \"{unknown}\"{way_out}"))
}

/// Refuses a template with a label that none of the headers has.
fn check_template(headers: &[String], template: &str) -> Result<(), Error> {
    let names = headers.iter().map(|header| Name::parse(header));
    let labels: BTreeSet<String> = names.flat_map(|name| name.labels).map(|(label, _)| label).collect();
    let mut rest = template;
    while let Some((_, label, after)) = next_label(rest) {
        if label != "__name__" && !labels.contains(label) && !headers.is_empty() {
            let all: Vec<String> = ["__name__".to_string()].into_iter().chain(labels).collect();
            return Err(no_label("--name", label, &all));
        }
        rest = after;
    }
    match rest.find(['{', '}']) {
        Some(at) => Err(Error::usage(format!("--name: a brace without its other one: \"{}\"", &rest[at..]))),
        None => Ok(()),
    }
}

/// New names for all headers; two series that would share one are refused, and a label that no series has.
pub fn rename(headers: &[String], template: &str) -> Result<Vec<String>, Error> {
    check_template(headers, template)?;
    let mut owners: HashMap<String, &String> = HashMap::new();
    let mut names = Vec::with_capacity(headers.len());
    for header in headers {
        let name = fill_template(template, header);
        if let Some(other) = owners.insert(name.clone(), header) {
            let what = format!("two series would share the name \"{name}\"");
            return Err(Error::failed(format!("--name: {what}: \"{other}\" and \"{header}\"")));
        }
        names.push(name);
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_prometheus_agree() {
        let one = |label: &str, value: &str| normalise_label(label, value.to_string());
        assert_eq!(one("le", "1.0"), one("le", "1"));
        assert_eq!(one("quantile", "0.50"), "0.5");
        assert_eq!(one("le", "+Inf"), "+Inf");
        assert_eq!(one("le", "many"), "many");
        assert_eq!(one("instance", "carts:80"), "carts:80");
    }

    #[test]
    fn headers_become_canonical() {
        assert_eq!(normalise_name("a{z=\"1\", le=\"1.0\"}"), "a{le=\"1\",z=\"1\"}");
        assert_eq!(normalise_name("carts cpu, %"), "carts cpu, %");
    }

    #[test]
    fn templates_take_labels() {
        let header = "latency{job=\"carts\"}".to_string();
        assert_eq!(fill_template("{job}_{__name__}{zone}", &header), "carts_latency");
        assert_eq!(rename(std::slice::from_ref(&header), "{job}").unwrap(), ["carts"]);
        let two = [header, "rps{job=\"carts\"}".to_string()];
        let what = "--name: two series would share the name \"carts\": \
                    \"latency{job=\"carts\"}\" and \"rps{job=\"carts\"}\"";
        assert_eq!(rename(&two, "{job}").unwrap_err().to_string(), what);
    }
}
