// Every part by itself, so that one that fails takes no other with it.
if (time && clock) {
  tools();
  pointer();
  keys();
  new ResizeObserver(() => { if (past.length || view[0] > 0 || view[1] < 1) redraw(); else strip(); }).observe(clock);
}
document.querySelectorAll('table.series').forEach(searchable);
document.querySelectorAll('table.sortable:not(.series)').forEach((table) => sortable(table, () => {}));
openings();
