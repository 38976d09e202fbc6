// What the page holds: phases, series in two letters a value, pictures.
const data = JSON.parse(document.getElementById('data').textContent);
const time = data.time;
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
const LEVEL = new Map([...LETTERS].map((letter, level) => [letter, level]));

// Values of [low, high, letters]; 4095 is a missing value.
function decode([low, high, letters]) {
  const values = new Float64Array(letters.length / 2);
  for (let i = 0; i < values.length; i++) {
    const level = LEVEL.get(letters[2 * i]) * 64 + LEVEL.get(letters[2 * i + 1]);
    values[i] = level === 4095 ? NaN : low + level / 4094 * (high - low);
  }
  return values;
}

// When each row of a phase was recorded, in Unix milliseconds.
function timesOf(phase) {
  const { first, step, steps } = phase.times;
  const times = new Float64Array(phase.rows);
  for (let i = 0; i < phase.rows; i++) times[i] = i === 0 ? first : times[i - 1] + (steps ? steps[i - 1] : step);
  return times;
}

if (time) time.phases.forEach((phase) => { phase.ms = timesOf(phase); });

// Where a moment of a phase lies on the axis, from 0 to 1.
function placeOf(phase, ms) {
  return phase.start + (ms - phase.from) / Math.max(phase.to - phase.from, 1) * (phase.end - phase.start);
}

// The row of a phase that the i-th of the kept values stands for; thinned values lie between two rows.
function rowOf(i, kept, all) {
  return kept === all ? i : Math.min(Math.max((i + 0.5) * all / kept - 0.5, 0), all - 1);
}

// The values of a series in each phase, with their places on the axis.
const known = new Map();
function samples(index) {
  if (!known.has(index)) {
    known.set(index, time.series[index].values.map((coded, p) => {
      const phase = time.phases[p], values = decode(coded);
      const places = Float64Array.from(values, (_, i) => {
        const row = rowOf(i, values.length, phase.rows), before = Math.floor(row);
        const ms = phase.ms[before] + (phase.ms[Math.ceil(row)] - phase.ms[before]) * (row - before);
        return placeOf(phase, ms);
      });
      return { values, places };
    }));
  }
  return known.get(index);
}

// The value of a series at a row of a phase: of a thinned series, the kept one nearest to it.
function valueAt(index, p, row) {
  const { values } = samples(index)[p] || { values: [] };
  if (!values.length) return NaN;
  const all = time.phases[p].rows;
  const i = values.length === all ? row : Math.round((row + 0.5) * values.length / all - 0.5);
  return values[Math.min(Math.max(i, 0), values.length - 1)];
}
