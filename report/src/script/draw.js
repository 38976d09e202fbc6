// Pictures over a part of the axis: view = [from, to], both from 0 to 1.
const SVG = 'http://www.w3.org/2000/svg';
const HEAD = 16, EDGE = 8;
const OTHER_RUN = 4;

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const percent = (view, place) => (place - view[0]) / (view[1] - view[0]) * 100;

// About `count` round numbers from low to high.
function ticks(low, high, count) {
  const range = high - low;
  if (!(range > 0) || !Number.isFinite(range)) return [low];
  const power = 10 ** Math.floor(Math.log10(range / count));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= range / count * 0.999);
  const out = [];
  for (let k = Math.ceil(low / step); k * step <= high + step * 1e-9 && out.length <= 2 * count; k++) out.push(k * step);
  return out;
}

// The least and the largest value in sight; zero belongs to a picture unless the values are far from it.
function extent(panel, view) {
  let low = Infinity, high = -Infinity;
  for (const line of panel.lines) {
    for (const { values, places } of samples(line.series)) {
      for (let i = 0; i < values.length; i++) {
        if (places[i] < view[0] || places[i] > view[1] || Number.isNaN(values[i])) continue;
        low = Math.min(low, values[i]);
        high = Math.max(high, values[i]);
      }
    }
  }
  if (low > high) return [0, 1];
  return low > 0 && low < 0.6 * high ? [0, high] : [low, high];
}

// A line through the values in sight; of more than three a pixel only the least and the largest are drawn.
function path({ values, places }, view, y, width) {
  const first = places.findIndex((place) => place >= view[0]);
  if (first < 0) return '';
  let last = places.length - 1;
  while (last > first && places[last] > view[1]) last--;
  const from = Math.max(first - 1, 0), to = Math.min(last + 1, places.length - 1);
  const every = Math.max(1, Math.ceil((to - from + 1) / (3 * width)));
  let out = '', drawing = false;
  const point = (i) => {
    if (Number.isNaN(values[i])) { drawing = false; return; }
    const at = `${(percent(view, places[i]) * 20).toFixed(1)} ${y(values[i]).toFixed(1)}`;
    out += drawing ? `L${at}` : `M${at}h1`;
    drawing = true;
  };
  for (let i = from; i <= to; i += every) {
    if (every === 1) { point(i); continue; }
    let least = i, most = i;
    for (let j = i; j < Math.min(i + every, to + 1); j++) {
      if (!(values[j] >= values[least])) least = j;
      if (!(values[j] <= values[most])) most = j;
    }
    [Math.min(least, most), Math.max(least, most)].forEach(point);
  }
  return out;
}

// What lies behind a picture; windows are marked on the clock alone.
function ground(svg, view, windows) {
  for (const [kind, from, to, words] of time.ground) {
    if (kind === 'cut' && !windows) continue;
    const left = Math.max(percent(view, from), -1), right = Math.min(percent(view, to), 101);
    if (right <= left) continue;
    const rect = element('rect', { class: kind, x: `${left}%`, width: `${right - left}%`, height: '100%' });
    if (words) rect.append(element('title', {}, words));
    svg.append(rect);
  }
}

// Draws a picture anew; returns where a value lies, in pixels from the top.
function draw(plot, panel, view) {
  const values = plot.querySelector('.values'), svg = plot.querySelector('.draw');
  const height = Number(svg.getAttribute('height')), width = svg.clientWidth || 800;
  const [low, high] = extent(panel, view);
  const share = (value) => (high > low ? (value - low) / (high - low) : 0.5);
  const y = (value) => height - EDGE - share(value) * (height - EDGE - HEAD);
  values.replaceChildren();
  svg.replaceChildren();
  ground(svg, view);
  for (const tick of high > low ? ticks(low, high, 3) : [low]) {
    values.append(element('text', { x: '100%', y: y(tick) + 4 }, number(tick, panel.unit)));
    svg.append(element('line', { class: 'rule', x2: '100%', y1: y(tick), y2: y(tick) }));
  }
  if (panel.band) {
    const top = y(panel.band[1]), foot = y(panel.band[0]);
    svg.append(element('rect', { class: 'band', y: top, width: '100%', height: Math.max(foot - top, 2) }));
  }
  const curves = element('svg', { class: 'curves', width: '100%', height, viewBox: `0 0 2000 ${height}`, preserveAspectRatio: 'none' });
  for (const line of [...panel.lines].reverse()) {
    samples(line.series).forEach((sample, p) => {
      const kind = p === time.phases.length - 1 ? 'over' : 'steady';
      curves.append(element('path', { class: `line ${kind} r${Math.min(line.rank, OTHER_RUN)}`, d: path(sample, view, y, width) }));
    });
  }
  svg.append(curves);
  marks(svg, panel, view, y);
  return y;
}

function marks(svg, panel, view, y) {
  for (const [place, value] of panel.peaks || []) {
    const spot = element('circle', { class: 'peak', cx: `${percent(view, place)}%`, cy: y(value), r: 4 });
    spot.append(element('title', {}, `peak ${number(value, panel.unit)}`));
    svg.append(spot);
  }
  if (panel.onset === null || panel.onset === undefined) return;
  const at = percent(view, panel.onset), before = at > 20;
  svg.append(element('line', { class: 'onset', x1: `${at}%`, x2: `${at}%`, y2: '100%' }));
  svg.append(element('text', { class: 'mark', x: `${at}%`, dx: before ? -5 : 5, y: 11, 'text-anchor': before ? 'end' : 'start' }, 'onset'));
}
