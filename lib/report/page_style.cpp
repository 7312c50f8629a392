// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/page.hpp>

namespace blongo::report {

std::string_view page_style() noexcept {
    // Below 56rem a row of a table becomes a card, each cell with its heading before it.
    return R"(
:root { color-scheme: light dark; --ink: #1d2433; --soft: #566075; --paper: #f6f7f9; --card: #fff; --line: #d5dae3;
  --orders: #2563a8; --shipments: #1c7a4d; --alarm: #a32020; --alarm-paper: #fdecec; --focus: #b45309; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #a4adbd; --paper: #12161d; --card: #1a2029;
  --line: #343d4b; --orders: #74aef0; --shipments: #5fc794; --alarm: #ff9c9c; --alarm-paper: #3a1d20; --focus: #fbbf24; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--paper); color: var(--ink); line-height: 1.45;
  font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main, header, footer { max-width: 80rem; margin: 0 auto; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.3rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0 0 .5rem; }
p { margin: .25rem 0; max-width: 75ch; }
.soft { color: var(--soft); font-weight: 400; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 0 0 1rem; }
.trouble { color: var(--alarm); background: var(--alarm-paper); border-color: var(--alarm); }
.figures { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.figures li { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem;
  flex: 1 1 9rem; }
.figures strong { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.figures .bad strong { color: var(--alarm); }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); padding: 0 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line);
  overflow-wrap: anywhere; }
td.short { white-space: nowrap; }
thead th { color: var(--soft); font-weight: 600; border-top: 0; overflow-wrap: normal; }
tbody th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
figure { margin: 0; min-width: 0; }
figure svg { display: block; width: 100%; height: 7rem; border-bottom: 1px solid var(--line); }
.orders rect { fill: var(--orders); }
.shipments rect { fill: var(--shipments); }
.axis { display: flex; justify-content: space-between; gap: 1rem; color: var(--soft); font-size: .85rem; }
summary { cursor: pointer; padding: .5rem 0; }
:focus-visible, summary:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
@media (max-width: 56rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, caption { display: block; }
  tr { border-top: 1px solid var(--line); padding: .5rem 0; }
  tbody th, tbody td { display: block; border: 0; padding: .1rem 0; }
  tbody .number { text-align: left; }
  td.short { white-space: normal; }
  td[data-name]::before { content: attr(data-name) ": "; color: var(--soft); }
}
@media print { body { background: #fff; } .card { break-inside: avoid; } }
)";
}

} // namespace blongo::report
