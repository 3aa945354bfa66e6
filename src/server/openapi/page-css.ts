/** Styles of the page about the HTTP API, besides those of all pages. */
export const API_CSS = `
main { max-width: 880px; margin: 0 auto; padding: 40px 16px 96px; }
header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 24px; }
h1 { margin: 0; } section > h2 { font-size: 18px; line-height: 28px; margin: 40px 0 12px; } h3 { font-size: 15px; line-height: 24px; margin: 0 0 8px; }
.operation h3 { font-size: 13px; line-height: 20px; font-weight: 600; color: var(--muted); margin: 16px 0 4px; }
code { font: 13px/20px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
p code, dd code { background: var(--page); border: 1px solid var(--line); border-radius: 4px; padding: 0 4px; }
.server { color: var(--muted); margin-bottom: 24px; }
.button { padding: 6px 14px; font-size: 14px; line-height: 20px; }
details, article { background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin: 0 0 8px; scroll-margin-top: 16px; }
article { padding: 16px; } :target { border-color: var(--accent); }
summary { display: grid; grid-template-columns: 64px minmax(0, 2fr) minmax(0, 3fr); gap: 4px 12px; align-items: baseline; padding: 12px 16px;
  border-radius: 12px; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; } summary:hover { background: color-mix(in oklch, var(--accent) 5%, transparent); }
.summary { color: var(--muted); font-size: 14px; line-height: 20px; }
.method { font-size: 12px; line-height: 20px; font-weight: 600; text-align: center; border-radius: 6px; color: var(--accent);
  background: color-mix(in oklch, var(--accent) 12%, transparent); }
.operation { padding: 0 16px 16px; border-top: 1px solid var(--line); } .operation > p { margin: 12px 0 0; }
.note, .type { color: var(--muted); font-size: 13px; line-height: 20px; } .type { margin: 0 4px; }
dl { margin: 0; } dt { padding-top: 8px; border-top: 1px solid var(--line); } dl > dt:first-child { border-top: 0; padding-top: 0; }
dd { margin: 0 0 8px; font-size: 14px; line-height: 22px; } dd:empty { margin-bottom: 8px; }
dl.problems { display: grid; grid-template-columns: 48px minmax(0, 1fr); } dl.problems > * { border: 0; padding: 0; margin: 0 0 4px; }
@media (max-width: 640px) { summary { grid-template-columns: 64px minmax(0, 1fr); } .summary { grid-column: 1 / -1; } }
`
