"""What can be measured of how a page looks."""

# Text with too little contrast to what is behind it (WCAG 2.2, 1.4.3: 4.5, large text 3), or smaller than 11 pixels.
FAINT_OR_SMALL = r"""
const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => {
  const part = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
};
const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = rgb(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const out = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const element = walk.currentNode.parentElement, style = getComputedStyle(element);
  const apart = element.closest('script,style,.hidden,title,option,:disabled');
  if (!walk.currentNode.data.trim() || !element.checkVisibility() || apart) continue;
  const svg = element.closest('svg'), size = parseFloat(style.fontSize) * (svg ? element.getScreenCTM?.()?.d ?? 1 : 1);
  const box = element.getBoundingClientRect();
  if (!box.width || style.clipPath !== 'none') continue;
  const own = rgb(svg ? style.fill : style.color);
  const grounds = [behind(element)];
  if (svg && svg.closest('.clock')) grounds.push(rgb(getComputedStyle(document.querySelector('.load') || svg).fill));
  const least = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5;
  const found = Math.min(...grounds.map((ground) => ratio(own, ground)));
  const words = walk.currentNode.data.trim().slice(0, 30);
  const kind = `${element.tagName}.${element.className.baseVal ?? element.className}`;
  if (found < least) out.push(`contrast ${found.toFixed(2)}: "${words}" (${kind})`);
  if (size < 10.99) out.push(`${size.toFixed(1)} px: "${words}" (${element.tagName})`);
}
return [...new Set(out)];
"""

# Elements that can be pressed or looked at but have no name for a screen reader.
NAMELESS = r"""
const named = (e) => (e.getAttribute('aria-label') || e.textContent || e.title || e.placeholder || '').trim();
const all = document.querySelectorAll('button, a, input, select, svg[role=img], dialog[open], nav, section');
return [...all].filter((e) => e.checkVisibility() && !named(e)).map((e) => e.outerHTML.slice(0, 120));
"""

WIDER = "return document.documentElement.scrollWidth - innerWidth"
