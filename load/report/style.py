# ruff: noqa: E501 - a style sheet
"""The report's look: dark and light by what the reader's system says, white on paper."""

STYLE = """
:root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--line:#dde2e8;--text:#17202b;--muted:#566272;--good:#08724d;--bad:#bb2a37;
--good-soft:#dff3ea;--bad-soft:#fce7e8;--warn:#7d5300;--warn-soft:#fdf1d6;
--k0:#1d5fd1;--k1:#bb2a37;--k2:#08724d;--k3:#8a5a00;--k4:#7a3fb5;--k5:#0b7285;--k6:#a23b72;--k7:#4d5d6c;--k8:#3f6212;--k9:#c2410c}
@media screen and (prefers-color-scheme:dark){:root{--page:#0e1217;--card:#151a21;--line:#28303b;--text:#e4e9f0;--muted:#9ba7b6;
--good:#45c093;--bad:#ff7a85;--good-soft:#12322a;--bad-soft:#3a1b20;--warn:#e8b64a;--warn-soft:#362a10;
--k0:#6aa6ff;--k1:#ff7a85;--k2:#45c093;--k3:#e8b64a;--k4:#c49bff;--k5:#4cc9d9;--k6:#f28cc0;--k7:#a9b6c4;--k8:#a3d063;--k9:#ff9d5c}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:14px/1.45 system-ui,sans-serif}
main{max-width:1240px;margin:0 auto;padding:20px 16px 60px}
h1{font-size:22px;margin:0 0 2px}h2{font-size:16px;margin:30px 0 10px}p{margin:6px 0}
.lead,.none,figcaption span,.why,td small{color:var(--muted)}
.banner{border-radius:6px;padding:10px 14px;margin:12px 0;font-weight:600}
.banner p{font-weight:400;margin:4px 0 0}
.met{background:var(--good-soft);color:var(--good)}.missed{background:var(--bad-soft);color:var(--bad)}
.warn{background:var(--warn-soft);color:var(--warn)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:8px;margin:12px 0;padding:0}
.facts div{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:8px 10px}
.facts dt{color:var(--muted);font-size:12px}.facts dd{margin:0;font-size:17px;font-variant-numeric:tabular-nums}
.charts{margin-bottom:12px;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,480px),1fr));gap:12px}
.chart,.table{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px 12px;margin:0;min-width:0}
.table{overflow-x:auto;margin-bottom:12px}
figcaption{font-weight:600;margin-bottom:4px}figcaption span{font-weight:400}
svg{display:block;width:100%;height:auto}
.chart text{fill:var(--muted);font-size:10.5px;font-variant-numeric:tabular-nums}text.y{text-anchor:end}text.x{text-anchor:middle}
.grid{stroke:var(--line);stroke-width:1}
polyline,.key line{fill:none;stroke-width:1.6;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.k0{stroke:var(--k0)}.k1{stroke:var(--k1);stroke-dasharray:6 2}.k2{stroke:var(--k2);stroke-dasharray:2 2}.k3{stroke:var(--k3)}
.k4{stroke:var(--k4);stroke-dasharray:8 3 2 3}.k5{stroke:var(--k5)}.k6{stroke:var(--k6);stroke-dasharray:4 2}.k7{stroke:var(--k7)}
.k8{stroke:var(--k8);stroke-dasharray:2 2}.k9{stroke:var(--k9);stroke-dasharray:6 2}
.dot{fill:var(--card)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 14px;margin:4px 0 0;padding:0;font-size:12px;color:var(--muted)}
.legend b{color:var(--text);font-variant-numeric:tabular-nums}.key{display:inline-block;width:22px;height:6px;margin-right:5px;vertical-align:middle}
table{border-collapse:collapse;width:100%;min-width:620px;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding-bottom:4px}
th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--muted);font-weight:500;font-size:12px;white-space:nowrap}
tr:last-child td{border-bottom:0}td.n,th.n{text-align:right;white-space:nowrap}td.bad{color:var(--bad);font-weight:600}td.good{color:var(--good)}
td.long{max-width:520px;overflow-wrap:anywhere}
code{font:12px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
@media print{body{background:#fff;font-size:11px}main{max-width:none;padding:0}.chart,.table,.facts div{break-inside:avoid}
h2{break-after:avoid}.charts{grid-template-columns:1fr 1fr}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
