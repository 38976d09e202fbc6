// One cursor and one view for all pictures over time.
const clock = document.getElementById('clock');
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 604800];
let view = [0, 1];
const past = [];
let cursor = null;

function figures() {
  return time.panels.map((panel, i) => ({ panel, figure: document.getElementById(`p${i}`) }));
}

function redraw() {
  for (const { panel, figure } of figures()) draw(figure.querySelector('.plot'), panel, view);
  clock.querySelectorAll('.cells').forEach((cells) => cells.setAttribute('viewBox', `${view[0] * 1000} 0 ${(view[1] - view[0]) * 1000} 10`));
  strip();
  if (cursor) point(cursor.p, cursor.row);
  const whole = view[0] === 0 && view[1] === 1;
  clock.querySelector('.zoom-back').disabled = !past.length;
  clock.querySelector('.zoom-all').disabled = whole;
}

// Phases and round moments above the pictures.
function strip() {
  const svg = clock.querySelector('.strip .draw'), height = Number(svg.getAttribute('height'));
  svg.querySelectorAll('rect').forEach((rect) => rect.remove());
  const below = document.createDocumentFragment();
  ground(below, view, true);
  svg.prepend(below);
  svg.querySelectorAll('text[data-place]').forEach((text) => {
    const at = percent(view, Number(text.dataset.place));
    text.setAttribute('x', `${at < 0 && percent(view, Number(text.dataset.end)) > 4 ? 0 : at}%`);
  });
  const times = svg.querySelector('.times');
  times.replaceChildren();
  const room = Math.max(svg.clientWidth / 90, 2);
  for (const phase of time.phases) {
    const from = Math.max(view[0], phase.start), to = Math.min(view[1], phase.end);
    if (to <= from) continue;
    const ms = (place) => phase.from + (place - phase.start) / (phase.end - phase.start) * (phase.to - phase.from);
    const count = Math.max(1, Math.round(room * (to - from) / (view[1] - view[0])));
    const rough = (ms(to) - ms(from)) / 1000 / count, step = 1000 * (STEPS.find((s) => s >= rough) || rough);
    const zero = zone === 'elapsed' ? phase.from : 0;
    for (let tick = zero + Math.ceil((ms(from) - zero) / step) * step; tick <= ms(to); tick += step) {
      const x = percent(view, placeOf(phase, tick));
      const anchor = x < 4 ? 'start' : x > 96 ? 'end' : 'middle';
      times.append(element('line', { class: 'tickmark', x1: `${x}%`, x2: `${x}%`, y1: height - 4, y2: height }));
      times.append(element('text', { class: 'time', x: `${x}%`, y: height - 6, 'text-anchor': anchor }, moment(phase, tick)));
    }
  }
}

function show(from, to, remember = true) {
  const width = Math.min(Math.max(to - from, 1e-4), 1), start = Math.min(Math.max(from, 0), 1 - width);
  if (remember) past.push(view);
  view = [start, start + width];
  redraw();
}

function back() {
  if (past.length) { view = past.pop(); redraw(); }
}

// The row nearest to a place on the axis.
function nearest(place) {
  let best = null;
  time.phases.forEach((phase, p) => {
    if (!phase.rows) return;
    const share = Math.min(Math.max((place - phase.start) / Math.max(phase.end - phase.start, 1e-12), 0), 1);
    const ms = phase.from + share * (phase.to - phase.from);
    let low = 0, high = phase.rows - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (phase.ms[middle] <= ms) low = middle; else high = middle;
    }
    const row = ms - phase.ms[low] <= phase.ms[high] - ms ? low : high;
    const far = Math.abs(placeOf(phase, phase.ms[row]) - place);
    if (!best || far < best.far) best = { p, row, far };
  });
  return best;
}

// Puts the cursor on a row: a line in every picture, and its values beside it.
function point(p, row) {
  cursor = { p, row };
  const phase = time.phases[p], ms = phase.ms[row], x = percent(view, placeOf(phase, ms));
  clock.querySelectorAll('.draw').forEach((svg) => {
    let line = svg.querySelector('.cursor');
    if (!line) svg.append(line = element('line', { class: 'cursor', y2: '100%' }));
    line.setAttribute('x1', `${x}%`);
    line.setAttribute('x2', `${x}%`);
  });
  let first = '';
  for (const { panel, figure } of figures()) {
    // another run is only in the overload
    const words = panel.lines.map((line) => {
      const text = number(valueAt(line.series, p, row), panel.unit) || (line.rank < OTHER_RUN && 'missing');
      return text && (panel.lines.length > 1 ? `${line.label}: ${text}` : text);
    }).filter(Boolean).join(' · ');
    figure.querySelector('.now').textContent = words;
    first = first || words;
  }
  const elapsed = number(Math.round((ms - phase.from) / 100) / 10, 's');
  const at = `${moment(phase, ms)}, ${elapsed} into the ${phase.name}`;
  clock.querySelector('.moment').textContent = at;
  return `${at}: ${first}`;
}

function leave() {
  cursor = null;
  clock.querySelectorAll('.cursor').forEach((line) => line.remove());
  clock.querySelectorAll('.now').forEach((now) => { now.textContent = ''; });
  clock.querySelector('.moment').textContent = '';
}

// A pointer over the pictures: it moves the cursor; drawn along, it chooses what to see.
function pointer() {
  let begun = null, frame = 0;
  const placeAt = (event, svg) => {
    const box = svg.getBoundingClientRect();
    return view[0] + Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * (view[1] - view[0]);
  };
  const choose = (svg, from, to) => {
    let rect = svg.querySelector('.choice');
    if (!rect) svg.append(rect = element('rect', { class: 'choice', height: '100%' }));
    rect.setAttribute('x', `${percent(view, Math.min(from, to))}%`);
    rect.setAttribute('width', `${percent(view, Math.max(from, to)) - percent(view, Math.min(from, to))}%`);
  };
  clock.addEventListener('pointermove', (event) => {
    const svg = begun ? begun.svg : event.target.closest('.draw');
    if (!svg) return;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const place = placeAt(event, svg), found = nearest(place);
      if (found) point(found.p, found.row);
      if (begun) clock.querySelectorAll('.draw').forEach((other) => choose(other, begun.place, place));
    });
  });
  clock.addEventListener('pointerdown', (event) => {
    const svg = event.target.closest('.draw');
    if (!svg || event.button !== 0) return;
    begun = { svg, place: placeAt(event, svg), x: event.clientX };
    svg.setPointerCapture(event.pointerId);
  });
  const end = (event) => {
    if (!begun) return;
    const { svg, place, x } = begun, to = placeAt(event, svg);
    begun = null;
    cancelAnimationFrame(frame);
    clock.querySelectorAll('.choice').forEach((rect) => rect.remove());
    if (event.type === 'pointerup' && Math.abs(event.clientX - x) > 6) show(Math.min(place, to), Math.max(place, to));
  };
  clock.addEventListener('pointerup', end);
  clock.addEventListener('pointercancel', end);
  clock.addEventListener('pointerleave', () => { if (!begun && document.activeElement !== clock) leave(); });
  clock.addEventListener('dblclick', (event) => { if (event.target.closest('.draw')) back(); });
}

// Arrow keys move the cursor, plus and minus zoom around it, 0 shows all, Backspace goes back.
function keys() {
  const rows = time.phases.flatMap((phase, p) => Array.from({ length: phase.rows }, (_, row) => ({ p, row })));
  const at = () => (cursor ? rows.findIndex((row) => row.p === cursor.p && row.row === cursor.row) : -1);
  const zoom = (factor) => {
    const here = cursor ? placeOf(time.phases[cursor.p], time.phases[cursor.p].ms[cursor.row]) : (view[0] + view[1]) / 2;
    show(here - (here - view[0]) * factor, here + (view[1] - here) * factor);
  };
  const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };
  clock.addEventListener('keydown', (event) => {
    if (event.target !== clock || event.ctrlKey || event.metaKey || event.altKey || !rows.length) return;
    if (event.key in moves) {
      const step = moves[event.key] * (event.shiftKey ? 10 : 1);
      const next = rows[Math.min(Math.max(at() + step, 0), rows.length - 1)];
      const words = point(next.p, next.row), place = placeOf(time.phases[next.p], time.phases[next.p].ms[next.row]);
      if (place < view[0] || place > view[1]) show(place - (view[1] - view[0]) / 2, place + (view[1] - view[0]) / 2, false);
      clock.querySelector('[role=status]').textContent = words;
    } else if (event.key === '+' || event.key === '=') zoom(0.5);
    else if (event.key === '-') zoom(2);
    else if (event.key === '0') show(0, 1);
    else if (event.key === 'Backspace') back();
    else if (event.key === 'Escape') leave();
    else return;
    event.preventDefault();
  });
}

function button(text, kind, action) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = kind;
  made.textContent = text;
  made.addEventListener('click', action);
  return made;
}

function tools() {
  const bar = clock.querySelector('.tools');
  const choice = document.createElement('select');
  choice.setAttribute('aria-label', 'Clock');
  for (const [value, text] of [['utc', 'UTC'], ['local', 'Local time'], ['elapsed', 'Seconds']]) choice.add(new Option(text, value));
  choice.addEventListener('change', () => { zone = choice.value; strip(); });
  const zoomBack = button('Back', 'zoom-back', back), all = button('All', 'zoom-all', () => show(0, 1));
  zoomBack.disabled = all.disabled = true;
  const now = document.createElement('span'), status = document.createElement('span');
  now.className = 'moment';
  status.className = 'hidden';
  status.setAttribute('role', 'status');
  bar.replaceChildren(choice, zoomBack, all, now, status);
  clock.tabIndex = 0;
  clock.setAttribute('role', 'group');
  clock.setAttribute('aria-label', 'Pictures over time. Arrow keys move the cursor, plus and minus zoom, 0 shows all.');
}
