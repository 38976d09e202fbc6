// Numbers and moments as a person reads them; the still page writes them the same way.
function number(value, unit) {
  if (!Number.isFinite(value)) return '';
  [value, unit] = fitting(value, unit || '');
  const size = Math.abs(value);
  let scaled = value, prefix = '';
  for (const [least, sign] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (size >= least && size < 1e16 && (least > 1e3 || unit.startsWith('B'))) { scaled = value / least; prefix = sign; break; }
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
  return text.replace(/-/g, '\u2212') + gap + prefix + unit;
}

// Units that are written as another: how many of them, or of the rates of them, make one of it.
const PARTS = {
  ms: [1e3, 's'], '\u00b5s': [1e6, 's'], ns: [1e9, 's'], kB: [1e-3, 'B'], MB: [1e-6, 'B'], KiB: [1 / 1024, 'B'],
  MiB: [1 / 1048576, 'B'], GiB: [1 / 1073741824, 'B'], mcores: [1e3, 'cores'], '\u00b5cores': [1e6, 'cores'],
  ncores: [1e9, 'cores'],
};

// The value in the unit that suits it: times in seconds from a second on, below it in milli- or microseconds; what is a part
// of another unit in that one. 0 stays as it is.
function fitting(value, unit) {
  const rate = unit.endsWith('/s') ? '/s' : '';
  const [many, whole] = PARTS[rate ? unit.slice(0, -2) : unit] || [1, unit];
  const found = Number.isFinite(value / many) ? [value / many, many === 1 ? unit : whole + rate] : [value, unit];
  const size = Math.abs(found[0]);
  if (size === 0) return [0, unit];
  if (found[1] !== 's' || size >= 0.9995) return found;
  return size >= 0.0009995 ? [found[0] * 1e3, 'ms'] : [found[0] * 1e6, '\u00b5s'];
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
