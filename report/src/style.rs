//! How the page looks.

/// Colours are named for what they mean; steady and overload differ in lightness too, so that they
/// can be told apart without colour. Paper gets the light colours.
pub(crate) const STYLE: &str = r"
:root{--paper:#fdfcfa;--ink:#1d2026;--soft:#5d6470;--rule:#e4e1da;--shade:#f4efe6;--steady:#7b8794;--over:#c2410c;
--lead:#3730a3;--track:#eeebe4;--card:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#15171b;--ink:#eceae6;--soft:#a2a8b3;--rule:#2d3138;--shade:#1d2026;
--steady:#8d99a8;--over:#fb923c;--lead:#a5b4fc;--track:#262a31;--card:#1b1e23}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,'Segoe UI',sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:3rem 1.5rem 5rem}
h1{font-size:1rem;font-weight:600;margin:0;letter-spacing:.01em}
h2{font-size:1.35rem;font-weight:650;margin:0 0 .35rem;letter-spacing:-.01em}
h3{font-size:.82rem;font-weight:600;color:var(--soft);margin:0 0 .4rem}
section{margin-top:3.4rem;border-top:1px solid var(--rule);padding-top:1.4rem}
.subtitle,.note,caption{color:var(--soft);font-size:.9rem;margin:0 0 1rem;max-width:46rem}
.subtitle{margin:.1rem 0 0}
.headline{font-size:clamp(1.7rem,4vw,2.7rem);line-height:1.15;letter-spacing:-.02em;margin:1.6rem 0 .8rem;max-width:26ch;
text-wrap:balance}
.headline strong{color:var(--over)}
.story{font-size:1.08rem;margin:.3rem 0;max-width:44rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(13.5rem,1fr));gap:.8rem;margin:1.8rem 0 0}
.cards div{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:.8rem 1rem}
.cards dt{font-size:.82rem;color:var(--soft)}
.cards dd{margin:.15rem 0 0;font-size:1.1rem;display:flex;flex-wrap:wrap;gap:0 .35rem;align-items:baseline}
.cards+.note{margin:.5rem 0 0}
.before,.arrow{color:var(--soft)}
.change{color:var(--soft);font-size:.9rem}
.cards span,.cards b{white-space:nowrap}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.88rem}
caption{text-align:left;caption-side:top}
th,td{padding:.34rem .5rem;text-align:left;border-bottom:1px solid var(--rule);vertical-align:middle}
thead th{font-weight:600;color:var(--soft);font-size:.78rem;white-space:nowrap}
tbody th{font-weight:550;min-width:6rem;overflow-wrap:break-word}
.named tbody th{min-width:15rem}
thead th:last-child,td:last-child{padding-right:0}
tbody tr:first-child th{color:var(--over)}
.number{text-align:right;white-space:nowrap}
.word{white-space:nowrap}
.long{min-width:11rem}
.rank{color:var(--soft)}
td.bar{width:8rem;min-width:4rem}
td.bar svg{display:block;width:100%;height:.7rem;fill:var(--over)}
.track{fill:var(--track)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.panel{display:grid;grid-template-columns:15rem minmax(0,1fr);gap:1rem;align-items:center;margin:0;padding:.35rem 0;
border-bottom:1px solid var(--rule);break-inside:avoid}
.foot{border:0}
figcaption b{display:block;font-size:.88rem;font-weight:600;line-height:1.3;overflow-wrap:break-word}
figcaption span{display:block;font-size:.8rem;color:var(--soft);line-height:1.4}
.leading figcaption b{color:var(--lead)}
svg{display:block;width:100%;height:auto;font-family:inherit;font-size:12px}
.load{fill:var(--shade)}
.rule{stroke:var(--rule)}
.tick,.time,.phase,.mark,.name{fill:var(--soft)}
.tick{text-anchor:end}
.time{text-anchor:middle}
.time.last{text-anchor:end}
.phase{font-weight:600}
.mark{font-size:11px}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
.line.steady{stroke:var(--steady)}
.line.overload{stroke:var(--over)}
.leading .line.overload{stroke:var(--lead);stroke-width:2.2}
.onset{stroke:var(--ink);stroke-dasharray:3 3}
.peak{fill:var(--paper);stroke:var(--ink);stroke-width:1.6}
.curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(20rem,100%),1fr));gap:1.6rem;align-items:end}
.curves figure{margin:0;break-inside:avoid}
.curves figcaption{margin:0 0 .4rem}
.line.fitted{stroke:var(--steady);stroke-dasharray:5 4}
.line.law{stroke:var(--lead)}
.level{fill:var(--over)}
.curves .mark{paint-order:stroke;stroke:var(--paper);stroke-width:3px}
.dot{fill:var(--over);fill-opacity:.45;stroke:var(--over)}
.lead{stroke:var(--steady)}
.name{fill:var(--ink)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:1.6rem}
.facts dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .9rem;margin:0;font-size:.88rem}
.facts dt,.commands dt{color:var(--soft)}
.facts dd,.commands dd{margin:0;overflow-wrap:anywhere}
details{margin-top:1.4rem;font-size:.88rem}
summary{cursor:pointer;font-weight:600}
.commands dd{margin:0 0 .6rem}
code{font:.8rem/1.45 ui-monospace,'SF Mono',Menlo,monospace}
@media (max-width:760px){.panel{grid-template-columns:1fr;gap:.3rem}.foot span{display:none}main{padding:1.6rem 1rem 3rem}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#ccc;--shade:#f2f2f2;--steady:#777;--over:#b23a08;
--lead:#2d2a8c;--track:#eee;--card:#fff}
html{font-size:9.5px}body{-webkit-print-color-adjust:exact;print-color-adjust:exact}main{max-width:none;padding:0}
section{margin-top:2rem}tr,.cards div,.facts>div{break-inside:avoid}h2,.note,caption{break-after:avoid}
.curves{grid-template-columns:1fr 1fr}.wide{overflow:visible}td.bar{width:5rem;min-width:3rem}table{font-size:.82rem}
@page{size:A4;margin:14mm}}
";
