/// The style of a report's page.
///
/// The colours are those of Okabe and Ito, "Color Universal Design" (2008), darker or lighter until
/// they have a contrast of 3 to 1 with the page.
let reportStyle = """
  :root{--page:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#59636e;--rule:#d9dee4;--grid:#e8ebef;--mark:#eef1f5;--link:#0b5cad;
  --fatal:#8b2a8b;--error:#c9400a;--warn:#b57700;--info:#0072b2;--debug:#3a8fc4;--trace:#7d8a97;--none:#97a1ac;
  --s0:#0072b2;--s1:#c9400a;--s2:#00845f;--s3:#a2499a;--s4:#9a7400;--s5:#3a8fc4;--s6:#6b7280;--s7:#1b1f24}
  @media (prefers-color-scheme:dark){:root{--page:#0e1116;--card:#161b22;--ink:#e6e9ed;--soft:#9aa5b1;--rule:#2e3640;--grid:#232a33;--mark:#222933;--link:#7ab8f5;
  --fatal:#d58bd5;--error:#ff7a45;--warn:#e8ac2e;--info:#4ba3e3;--debug:#86c5ee;--trace:#8996a3;--none:#717d89;
  --s0:#4ba3e3;--s1:#ff7a45;--s2:#2fc398;--s3:#d58bd5;--s4:#e8c547;--s5:#86c5ee;--s6:#9aa5b1;--s7:#e6e9ed}}
  *{box-sizing:border-box}
  html{-webkit-text-size-adjust:100%}
  body{margin:0 auto;padding:1.5rem clamp(.75rem,3vw,2.5rem) 3rem;max-width:84rem;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
  h1{font-size:1.55rem;margin:0;letter-spacing:-.01em}
  h2{font-size:1.15rem;margin:0 0 .75rem}
  h3{font-size:.92rem;margin:1.5rem 0 .4rem}
  p{margin:.25rem 0}
  .range{font-size:1.05rem;font-variant-numeric:tabular-nums}
  .detail,.note,.remark,.unit,footer{color:var(--soft)}
  .note{font-size:.9rem;max-width:70ch}
  dl,dd,ul,figure{margin:0;padding:0}
  .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1.25rem 0}
  .tile{background:var(--card);border:1px solid var(--rule);border-radius:.5rem;padding:.7rem .9rem;min-width:0}
  .tile dt{color:var(--soft);font-size:.85rem}
  .tile details:not([open]) summary{white-space:nowrap}.tile .value{font-size:1.4rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}
  .tile .long{font-size:1.1rem;line-height:1.6}
  .bad .value{color:var(--error)}
  .remark{display:block;font-size:.82rem}
  #verdict{margin-top:1rem;padding-top:.2rem}
  nav{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:0 0 1.25rem}
  a{color:var(--link);text-decoration:none}
  a:hover{text-decoration:underline}
  section{background:var(--card);border:1px solid var(--rule);border-radius:.5rem;padding:1.1rem clamp(.8rem,2vw,1.4rem) 1.3rem;margin:0 0 1.25rem}
  .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,12.5rem),1fr));gap:.35rem 1.5rem;margin:.25rem 0 .5rem}
  .figure{border-left:3px solid var(--rule);padding:.05rem 0 .05rem .7rem;min-width:0}
  .figure.bad{border-color:var(--error)}
  .figure dt{color:var(--soft);font-size:.85rem}
  .figure .value{font-weight:600;font-variant-numeric:tabular-nums}
  .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,31rem),1fr));gap:1.25rem 2rem;margin-top:1rem}
  figure{min-width:0}
  figcaption{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;font-weight:600;font-size:.92rem}
  figcaption details{min-width:0}
  .unit{font-weight:400;font-size:.8rem;white-space:nowrap}
  .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem .9rem;font-size:.8rem;color:var(--soft);margin:.15rem 0 .2rem}
  .legend li{display:flex;align-items:center;gap:.35rem}
  .plot{display:grid;grid-template-columns:3.9rem 1fr}
  .plot svg{display:block;overflow:visible}
  .y,.x{width:100%}
  .plot text{font-size:11px;fill:var(--soft);font-variant-numeric:tabular-nums}
  .y text,.end{text-anchor:end}.middle{text-anchor:middle}.start{text-anchor:start}
  .grid{stroke:var(--grid)}.base{stroke:var(--rule)}
  .hint{fill:transparent}.hint:hover{fill:var(--ink);fill-opacity:.07}
  .l-fatal{--c:var(--fatal)}.l-error{--c:var(--error)}.l-warn{--c:var(--warn)}.l-info{--c:var(--info)}.l-debug{--c:var(--debug)}.l-trace{--c:var(--trace)}.l-none{--c:var(--none)}
  .k-0{--c:var(--s0)}.k-1{--c:var(--s1)}.k-2{--c:var(--s2)}.k-3{--c:var(--s3)}.k-4{--c:var(--s4)}.k-5{--c:var(--s5)}.k-6{--c:var(--s6)}.k-7{--c:var(--s7)}
  svg [class^="l-"],svg [class^="k-"]{fill:var(--c)}
  svg .line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round;vector-effect:non-scaling-stroke}
  .line.k-1,.line.k-4{stroke-dasharray:6 3}.line.k-2,.line.k-5{stroke-dasharray:2 2.5}
  .scroll{overflow-x:auto}
  table{border-collapse:collapse;font-size:.88rem;min-width:min(100%,34rem)}table.wide{width:100%}
  .i{font:.86em/1.45 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--soft)}
  th{font-weight:600;color:var(--soft);text-align:left;border-bottom:1px solid var(--rule);padding:.25rem .6rem;white-space:nowrap}
  td{border-bottom:1px solid var(--grid);padding:.3rem .6rem;vertical-align:top;white-space:nowrap}
  th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
  tbody tr:hover{background:var(--mark)}
  .n{text-align:right;font-variant-numeric:tabular-nums}
  td.c{white-space:normal;min-width:16rem;width:60%}td.c~td.c{min-width:9rem;width:20%}
  code{font:.86em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
  .word[class*="l-"]{color:var(--c);font-weight:600}
  .share{width:3.2rem;height:6px;margin-right:.5rem;vertical-align:.1em}
  .share rect{fill:var(--s0)}.share .back{fill:var(--grid)}
  .spark{width:7rem;height:1.15rem;vertical-align:-.2em}.spark path{fill:var(--s0)}
  details{display:inline}
  summary{cursor:pointer;list-style:none;display:inline}
  summary::-webkit-details-marker{display:none}
  summary::after,.mark{content:"$";display:inline-block;margin-left:.4em;padding:0 .35em;border-radius:.25em;background:var(--mark);color:var(--soft);font:600 .72rem/1.5 ui-monospace,Consolas,monospace;vertical-align:.12em}
  .mark{margin:0}
  summary:hover::after,details[open]>summary::after{background:var(--link);color:var(--card)}
  summary:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
  .command{display:block;background:var(--mark);border-radius:.25rem;padding:.35rem .55rem;margin:.3rem 0;font-weight:400;white-space:pre-wrap;text-align:left;user-select:all}
  .sample{display:block;padding:.35rem .55rem;margin:.3rem 0 0;font-weight:400;white-space:pre-wrap;overflow-wrap:anywhere;text-align:left}
  .n .command{min-width:16rem}
  footer{font-size:.85rem}
  @media (max-width:40rem){.minor,.was,.odd,.i,.share{display:none}th,td{padding-inline:.35rem}td.c,td.c~td.c{min-width:9rem}.tiles{grid-template-columns:repeat(2,1fr)}.tile .value{font-size:1.2rem}.figures{grid-template-columns:repeat(2,1fr);gap:.5rem .75rem}.figure{padding-left:.5rem}.plot{grid-template-columns:3.4rem 1fr}}
  @media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#bbb;--grid:#ddd;--mark:#eee;--link:#000;
  --fatal:#8b2a8b;--error:#c9400a;--warn:#b57700;--info:#0072b2;--debug:#3a8fc4;--trace:#7d8a97;--none:#97a1ac;
  --s0:#0072b2;--s1:#c9400a;--s2:#00845f;--s3:#a2499a;--s4:#9a7400;--s5:#3a8fc4;--s6:#6b7280;--s7:#1b1f24}
  body{padding:0;max-width:none;font-size:10pt}.i{display:none}table{font-size:8pt}th,td{padding-inline:.3rem}td.c,td.c~td.c{min-width:0;width:auto}.scroll{overflow:visible}nav,summary::after{display:none}section{border:0;padding:0}
  .tile,figure,tr{break-inside:avoid}h2,h3{break-after:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
  """
