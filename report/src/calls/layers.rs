//! Services in layers: who is not called on top, each other below all that call it.

use super::Edge;

/// A service on the map.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// The service.
    pub(super) name: String,
    /// Its layer, from the top.
    pub(super) row: usize,
    /// Its middle, in per cent of the width.
    pub(super) x: f64,
    /// Its width, in per cent.
    pub(super) width: f64,
}

/// Where each service stands: below all that call it (in a circle, the first by name is taken to be called by none of the
/// others), at most `beside` in a row, in the order of their callers. Cost: edges times services.
pub(super) fn places(edges: &[Edge], beside: usize) -> Vec<Place> {
    let mut out: Vec<Place> = Vec::new();
    let mut row = 0;
    for mut layer in layers(edges) {
        let middle = |name: &str| {
            let callers = out.iter().filter(|place| edges.iter().any(|e| e.callee == name && e.caller == place.name));
            let (sum, count) = callers.fold((0.0, 0.0), |(sum, count), place| (sum + place.x, count + 1.0));
            if count > 0.0 { sum / count } else { 50.0 }
        };
        layer.sort_by(|a, b| middle(a).total_cmp(&middle(b)).then_with(|| a.cmp(b)));
        for part in layer.chunks(beside.max(1)) {
            let width = 100.0 / part.len() as f64;
            out.extend(part.iter().enumerate().map(|(i, name)| Place {
                name: (*name).to_string(),
                row,
                x: (i as f64 + 0.5) * width + aside(row, part.len()),
                width: (width - 3.0).min(24.0),
            }));
            row += 1;
        }
    }
    out
}

/// A service alone in its row stands a little aside in every other one, so that a line past it can be seen.
fn aside(row: usize, beside: usize) -> f64 {
    if beside == 1 && row % 2 == 1 { 16.0 } else { 0.0 }
}

fn layers(edges: &[Edge]) -> Vec<Vec<&str>> {
    let mut left: Vec<&str> = edges.iter().flat_map(|edge| [edge.caller.as_str(), edge.callee.as_str()]).collect();
    left.sort_unstable();
    left.dedup();
    let mut out = Vec::new();
    while !left.is_empty() {
        let called = |name: &str| {
            edges.iter().any(|edge| edge.callee == name && edge.caller != name && left.contains(&edge.caller.as_str()))
        };
        let mut layer: Vec<&str> = left.iter().copied().filter(|name| !called(name)).collect();
        if layer.is_empty() {
            layer.push(left[0]);
        }
        left.retain(|name| !layer.contains(name));
        out.push(layer);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(caller: &str, callee: &str) -> Edge {
        Edge { caller: caller.into(), callee: callee.into(), calls: 1.0 }
    }

    fn rows(edges: &[Edge]) -> Vec<(String, usize)> {
        places(edges, 2).into_iter().map(|place| (place.name, place.row)).collect()
    }

    #[test]
    fn callees_stand_below_their_callers() {
        let rows = rows(&[edge("web", "carts"), edge("web", "orders"), edge("orders", "carts"), edge("carts", "db")]);
        let expected = [("web", 0), ("orders", 1), ("carts", 2), ("db", 3)];
        assert_eq!(rows, expected.map(|(name, row)| (name.to_string(), row)));
    }

    #[test]
    fn circle_ends() {
        assert_eq!(rows(&[edge("a", "b"), edge("b", "a"), edge("c", "c")]).len(), 3);
    }

    #[test]
    fn full_layer_is_broken_into_rows() {
        assert_eq!(rows(&[edge("w", "a"), edge("w", "b"), edge("w", "c")])[3], ("c".to_string(), 2));
    }
}
