// Numbers and moments as a person reads them; the still page writes them the same way.
function number(value, unit) {
  if (!Number.isFinite(value)) return '';
  if (unit === 's' || unit === 'ms') [value, unit] = timeUnit(value, unit);
  const size = Math.abs(value);
  let scaled = value, prefix = '';
  for (const [least, sign] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (size >= least && size < 1e16 && (least > 1e3 || (unit || '').startsWith('B'))) { scaled = value / least; prefix = sign; break; }
  }
  const s = Math.abs(scaled);
  let text;
  if (s === 0) text = '0';
  else if (s < 1e-5 || s >= 1e16) text = scaled.toExponential(2).replace('e+', 'e');
  else if (s >= 999.5) text = scaled.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
  else {
    text = scaled.toFixed(Math.min(Math.max(2 - Math.floor(Math.log10(s)), 0), 8));
    if (text.includes('.')) text = text.replace(/\.?0+$/, '');
  }
  const gap = prefix || (unit && !unit.startsWith('/')) ? '\u00a0' : '';
  return text.replace(/-/g, '\u2212') + gap + prefix + (unit || '');
}

// Times in seconds from a second on, below it in milli- or microseconds.
function timeUnit(value, unit) {
  const seconds = unit === 'ms' ? value / 1000 : value, size = Math.abs(seconds);
  if (size === 0) return [0, unit];
  if (size >= 0.9995) return [seconds, 's'];
  return size >= 0.0009995 ? [seconds * 1e3, 'ms'] : [seconds * 1e6, '\u00b5s'];
}

// A moment by the clock that is chosen: UTC, the reader's own, or seconds from the start of its phase.
let zone = 'utc';
function moment(phase, ms, whole) {
  if (zone === 'elapsed') return number(Math.round((ms - phase.from) / 100) / 10, 's');
  const date = new Date(ms);
  const pad = (n, length = 2) => String(n).padStart(length, '0');
  const parts = zone === 'utc'
    ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
    : [date.getHours(), date.getMinutes(), date.getSeconds()];
  const rest = date.getUTCMilliseconds();
  const clock = parts.map((n) => pad(n)).join(':') + (rest && !whole ? '.' + pad(rest, 3) : '');
  return clock;
}
