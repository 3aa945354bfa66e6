export const DEMO_CSS = `
.bar { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center; padding: 12px 24px; background: var(--card); border-bottom: 1px solid var(--line); }
.brand { font-weight: 600; font-size: 18px; } .bar nav { display: flex; gap: 16px; flex: 1; }
.bar nav a { color: var(--muted); text-decoration: none; padding: 4px 0; } .bar nav a[aria-current] { color: var(--text); border-bottom: 2px solid var(--accent); }
.who { color: var(--muted); } .demo { max-width: 720px; margin: 0 auto; padding: 40px 24px 120px; }
.lead { color: var(--muted); margin-bottom: 32px; }
.demo section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 24px; margin-bottom: 16px; }
dl { display: grid; grid-template-columns: minmax(120px, 1fr) 2fr; gap: 8px 16px; margin: 12px 0 0; } dt { color: var(--muted); } dd { margin: 0; }
pre { overflow: auto; background: var(--page); border: 1px solid var(--line); border-radius: 8px; padding: 16px; font: 13px/20px ui-monospace, monospace; }
@media (max-width: 600px) { .bar { gap: 8px 16px; padding: 12px 16px; } .who { display: none; } .demo { padding: 24px 16px 120px; } }
@media (max-width: 400px) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; overflow-wrap: anywhere; } }
`
