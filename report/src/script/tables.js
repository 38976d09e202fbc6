// Tables that can be sorted; the table of all series can be searched, filtered, copied and saved as well.
const FIRST = 50;

function valueOf(cell) {
  if (!cell) return '';
  if (cell.dataset.v !== undefined && cell.dataset.v !== '') return Number(cell.dataset.v);
  const text = cell.textContent.trim();
  return /^\d+$/.test(text) ? Number(text) : text;
}

// Sorts by a column: numbers by size, words by name, what is empty last.
function sort(table, column, up) {
  const body = table.tBodies[0], rows = [...body.rows];
  const key = new Map(rows.map((row) => [row, valueOf(row.cells[column])]));
  rows.sort((a, b) => {
    const [x, y] = [key.get(a), key.get(b)];
    if (x === '' || y === '') return (x === '') - (y === '');
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
    return up ? order : -order;
  });
  body.append(...rows);
}

function sortable(table, changed) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (head.classList.contains('bar')) return;
    let up = !head.classList.contains('number') || head.textContent === '#';
    const press = button(head.textContent, '', () => {
      const own = head.getAttribute('aria-sort');
      if (own) up = own !== 'ascending';
      sort(table, column, up);
      table.querySelectorAll('[aria-sort]').forEach((other) => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      changed();
    });
    head.replaceChildren(press);
  });
}

function csv(table) {
  const quote = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const kept = [...table.tHead.rows[0].cells].map((head, i) => (head.classList.contains('bar') ? -1 : i)).filter((i) => i >= 0);
  const line = (row) => kept.map((i) => {
    const cell = row.cells[i];
    return quote(cell.dataset.v || (cell.tagName === 'TH' && cell.title && row.parentNode.tagName === 'TBODY' ? cell.title : cell.textContent.trim()));
  }).join(',');
  const rows = [...table.tBodies[0].rows].filter((row) => !row.dataset.out);
  return [line(table.tHead.rows[0]), ...rows.map(line)].join('\r\n') + '\r\n';
}

function save(text, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function copy(text, says) {
  try {
    await navigator.clipboard.writeText(text);
    says.textContent = 'Copied.';
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    says.textContent = document.execCommand('copy') ? 'Copied.' : 'The browser does not allow it.';
    area.remove();
  }
}

// Columns of words of which each value can be chosen.
function choices(table, bar, changed) {
  return [...table.tHead.rows[0].cells].flatMap((head, column) => {
    const name = head.textContent.trim();
    if (name !== 'service' && name !== 'kind') return [];
    const values = [...new Set([...table.tBodies[0].rows].map((row) => row.cells[column].textContent.trim()))].filter(Boolean).sort();
    const choice = document.createElement('select');
    choice.setAttribute('aria-label', name);
    choice.add(new Option(`every ${name}`, ''));
    values.forEach((value) => choice.add(new Option(value, value)));
    choice.addEventListener('change', changed);
    bar.append(choice);
    return [{ column, choice }];
  });
}

// The cells of many rows get the names of their columns here, for narrow screens and for the look at one series.
function label(table) {
  const names = [...table.tHead.rows[0].cells].map((head) => head.textContent.trim());
  for (const row of table.tBodies[0].rows) {
    [...row.cells].forEach((cell, i) => { if (i > 1 && cell.textContent) cell.dataset.l = names[i]; });
  }
  table.classList.add('scripted');
}

function searchable(table) {
  const bar = document.createElement('div'), search = document.createElement('input'), says = document.createElement('span');
  bar.className = 'tools bar-of-tools';
  search.type = 'search';
  search.placeholder = 'Search metrics';
  search.setAttribute('aria-label', 'Search metrics');
  says.setAttribute('role', 'status');
  bar.append(search);
  let all = false;
  const more = button('', 'more', () => { all = !all; apply(); });
  const words = new Map([...table.tBodies[0].rows].map((row) => [row, `${row.textContent} ${row.querySelector('th').title}`.toLowerCase()]));
  const picked = choices(table, bar, () => apply());
  function apply() {
    const sought = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of table.tBodies[0].rows) {
      const fits = sought.every((word) => words.get(row).includes(word))
        && picked.every(({ column, choice }) => !choice.value || row.cells[column].textContent.trim() === choice.value);
      if (fits) found++;
      row.hidden = !fits || (!all && found > FIRST);
      if (fits) delete row.dataset.out; else row.dataset.out = '1';
    }
    says.textContent = `${found} of ${words.size} metrics`;
    more.hidden = found <= FIRST;
    more.textContent = all ? `Show the first ${FIRST}` : `Show all ${found}`;
  }
  search.addEventListener('input', apply);
  bar.append(says, button('Copy', 'copy', () => copy(csv(table), says)), button('Save as CSV', 'save', () => save(csv(table), 'metrics.csv')));
  label(table);
  table.before(bar);
  table.after(more);
  sortable(table, apply);
  apply();
}
