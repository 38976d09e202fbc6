// One series by itself: its picture, its numbers, and where else it can be looked up.
// PromQL for a column of a grid: counters were made rates, histograms means and quantiles; ports were taken off.
function query(header) {
  const parts = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?$/s.exec(header);
  if (!parts || /^(locust|k6)_/.test(parts[1])) return null;
  const [, name, inside = ''] = parts;
  const matchers = inside.match(/[\w.]+="(?:[^"\\]|\\.)*"/g) || [];
  const loose = (matcher) => matcher.replace(/^instance="([^:"\\]*)"$/, (_, host) =>
    `instance=~"${host.replace(/[.*+?^$()|[\]{}]/g, '\\\\$&')}(:[0-9]+)?"`);
  const kept = matchers.filter((matcher) => !matcher.startsWith('quantile=')).map(loose).join(',');
  const rate = (metric) => `rate(${metric}{${kept}}[1m])`;
  const quantile = /(?:^|,)quantile="([\d.]+)"/.exec(inside);
  if (quantile) return `histogram_quantile(${quantile[1]}, sum by (le) (${rate(name + '_bucket')}))`;
  if (name.endsWith('_mean')) return `${rate(name.slice(0, -5) + '_sum')} / ${rate(name.slice(0, -5) + '_count')}`;
  return /_(total|sum|count|bucket)$/.test(name) ? rate(name) : `${name}{${kept}}`;
}

// Links to Prometheus and Grafana at the time that is in sight.
function links(header) {
  const asked = query(header), out = [];
  if (!asked || !time) return out;
  const last = time.phases[time.phases.length - 1], from = Math.min(time.phases[0].from, last.from), to = last.to;
  const add = (text, address) => {
    const link = document.createElement('a');
    link.href = address;
    link.rel = 'noopener noreferrer';
    link.textContent = text;
    out.push(link);
  };
  if (data.links.prometheus) {
    const range = Math.ceil((to - from) / 1000);
    const end = new Date(to).toISOString().slice(0, 19).replace('T', ' ');
    add('Prometheus', `${data.links.prometheus.replace(/\/+$/, '')}/graph?g0.expr=${encodeURIComponent(asked)}&g0.tab=0&g0.range_input=${range}s&g0.end_input=${encodeURIComponent(end)}`);
  }
  if (data.links.grafana) {
    const places = { query: encodeURIComponent(asked), from, to };
    add('Grafana', data.links.grafana.replace(/\{(query|from|to)\}/g, (_, place) => places[place]));
  }
  return out;
}

function described(row) {
  const list = document.createElement('dl');
  row.querySelectorAll('td[data-l]').forEach((cell) => {
    const group = document.createElement('div'), name = document.createElement('dt'), value = document.createElement('dd');
    name.textContent = cell.dataset.l;
    value.textContent = cell.textContent;
    group.append(name, value);
    list.append(group);
  });
  return list;
}

function plotOf(title) {
  const plot = document.createElement('div');
  plot.className = 'plot';
  plot.append(element('svg', { class: 'values', height: 220, 'aria-hidden': 'true' }));
  plot.append(element('svg', { class: 'draw', height: 220, role: 'img', 'aria-label': `${title} over time` }));
  return plot;
}

const dialog = document.createElement('dialog');

// Opens the series of a row of the table.
function open(row) {
  const head = row.querySelector('th'), header = head.title || head.textContent;
  const title = document.createElement('h2'), full = document.createElement('p'), now = document.createElement('output');
  title.id = 'series-title';
  title.textContent = head.textContent;
  full.className = 'full';
  full.textContent = header;
  now.className = 'now';
  const close = button('Close', 'close', () => dialog.close());
  const index = row.dataset.s === undefined ? undefined : Number(row.dataset.s), parts = [close, title, full];
  if (index !== undefined) parts.push(plotOf(title.textContent), now);
  parts.push(described(row));
  const anchors = document.createElement('p');
  anchors.className = 'links';
  anchors.append(...links(header));
  if (anchors.children.length) parts.push(anchors);
  dialog.replaceChildren(...parts);
  dialog.setAttribute('aria-labelledby', 'series-title');
  dialog.showModal();
  if (index !== undefined) look(index, now);
}

// Draws the series, and reads its values off under the pointer.
function look(index, now) {
  const plot = dialog.querySelector('.plot'), svg = plot.querySelector('.draw');
  const panel = { lines: [{ series: index, rank: 0 }], unit: time.series[index].unit, band: null, onset: null };
  draw(plot, panel, [0, 1]);
  now.textContent = 'Move over the picture to read values.';
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect(), found = nearest((event.clientX - box.left) / box.width);
    if (!found) return;
    const phase = time.phases[found.p], ms = phase.ms[found.row], x = `${placeOf(phase, ms) * 100}%`;
    let line = svg.querySelector('.cursor');
    if (!line) svg.append(line = element('line', { class: 'cursor', y2: '100%' }));
    line.setAttribute('x1', x);
    line.setAttribute('x2', x);
    now.textContent = `${moment(phase, ms)} ${zone === 'utc' ? 'UTC' : ''}: ${number(valueAt(index, found.p, found.row), panel.unit) || 'missing'}`;
  });
}

function openings() {
  document.querySelector('main').append(dialog);
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#m"]');
    const row = link && document.querySelector(`tr[id="${CSS.escape(link.getAttribute('href').slice(1))}"]`);
    if (!row) return;
    event.preventDefault();
    open(row);
  });
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
}
