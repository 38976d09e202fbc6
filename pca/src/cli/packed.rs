//! A Gram matrix as lines, one for each row: `{"timestamp":…,"products":"…"}`, where the products with the rows up to
//! itself are doubles, little-endian, in base64 (RFC 4648): all their bits in eleven bytes each.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use grid::{Error, Grid, Source};
use pca::Gram;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What a line says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<u32>,
    products: String,
}

/// Lines that are made together.
const TOGETHER: usize = 256;

/// Writes the lower triangle; the rows have their times and windows.
pub(crate) fn write(rows: &Grid, gram: &Gram, out: &mut impl Write) -> Result<(), Error> {
    let triangle: Vec<&[f64]> = gram.columns().iter().enumerate().map(|(row, column)| &column[..=row]).collect();
    for (part, some) in triangle.chunks(TOGETHER).enumerate() {
        let line = |(at, products): (usize, &&[f64])| {
            let row = part * TOGETHER + at;
            let window = rows.windows.as_ref().map(|windows| windows[row]);
            let bytes: Vec<u8> = products.iter().flat_map(|product| product.to_le_bytes()).collect();
            let line = Line { timestamp: rows.times_ms[row], window, products: STANDARD.encode(bytes) };
            serde_json::to_vec(&line)
        };
        let lines: Vec<_> = some.par_iter().enumerate().map(line).collect();
        for line in lines {
            let mut line = line.map_err(|e| Error::failed(format!("row: {e}")))?;
            line.push(b'\n');
            out.write_all(&line)?;
        }
    }
    Ok(())
}

/// Reads what [`write`] writes: the times of the rows, and the numbers of each up to the diagonal.
pub(crate) fn read(source: Source) -> Result<(Grid, Vec<Vec<f64>>), Error> {
    let place = source.place().to_string();
    let (mut rows, mut triangle): (Grid, Vec<Vec<f64>>) = Default::default();
    for chunk in grid::chunks(source.into_parts().0) {
        let chunk = chunk.map_err(|e| e.at(&place))?;
        let lines: Vec<&[u8]> =
            chunk.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
        let read: Vec<_> = lines.par_iter().map(|line| products(line)).collect();
        for one in read {
            let added = one.and_then(|(line, products)| add(&mut rows, &mut triangle, &line, products));
            added.map_err(|what| Error::failed(format!("line {}: {what}", rows.rows() + 1)).at(&place))?;
        }
    }
    Ok((rows, triangle))
}

fn products(line: &[u8]) -> Result<(Line, Vec<f64>), String> {
    let mut line: Line = serde_json::from_slice(line).map_err(|e| format!("not what --emit gram prints: {e}"))?;
    let bytes = STANDARD.decode(std::mem::take(&mut line.products)).map_err(|e| format!("products: no base64: {e}"))?;
    let (doubles, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(format!("products: {} bytes, expected doubles of 8", bytes.len()));
    }
    Ok((line, doubles.iter().map(|double| f64::from_le_bytes(*double)).collect()))
}

/// Adds a row, which has a product with itself and with each row before it.
fn add(rows: &mut Grid, triangle: &mut Vec<Vec<f64>>, line: &Line, products: Vec<f64>) -> Result<(), String> {
    let row = triangle.len();
    if products.len() != row + 1 {
        return Err(format!("{} products, expected {}", products.len(), row + 1));
    }
    if !products.iter().all(|product| product.is_finite()) {
        return Err("a product that is no number".to_string());
    }
    let before = row.checked_sub(1).map(|before| (rows.windows.as_ref().map(|all| all[before]), rows.times_ms[before]));
    match (before, line.window) {
        (Some(before @ (window, _)), own) if own.is_some() != window.is_some() || (own, line.timestamp) <= before => {
            return Err(format!("its time or window is out of order: {}", line.timestamp));
        }
        (_, Some(window)) => rows.windows.get_or_insert_default().push(window),
        _ => {}
    }
    rows.times_ms.push(line.timestamp);
    triangle.push(products);
    Ok(())
}
