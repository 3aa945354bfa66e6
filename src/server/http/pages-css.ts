/** Styles of the pages that the server renders itself. */
export const PAGES_CSS = `
:root { color-scheme: light dark; --text: oklch(0.25 0.015 280); --muted: oklch(0.48 0.015 280); --line: oklch(0.91 0.006 280);
  --page: oklch(0.975 0.004 280); --card: oklch(1 0 0); --accent: oklch(0.45 0.19 275); --on-accent: oklch(1 0 0); }
@media (prefers-color-scheme: dark) { :root { --text: oklch(0.93 0.005 280); --muted: oklch(0.72 0.01 280);
  --line: oklch(0.32 0.012 280); --page: oklch(0.17 0.012 280); --card: oklch(0.215 0.013 280);
  --accent: oklch(0.78 0.11 275); --on-accent: oklch(0.2 0.05 275); } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 400 15px/24px system-ui, sans-serif; }
h1 { font-size: 24px; line-height: 32px; font-weight: 600; margin: 0 0 8px; }
h2 { font-size: 16px; line-height: 24px; font-weight: 600; margin: 0 0 4px; }
p { margin: 0 0 16px; } a { color: var(--accent); }
.narrow { padding: 12vh 16px 16px; overflow-wrap: anywhere; }
.narrow main { max-width: 480px; margin: 0 auto; padding: 32px; background: var(--card); border: 1px solid var(--line); border-radius: 16px; }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; margin-top: 24px; } .actions form { display: contents; }
button, .button { font: inherit; font-weight: 600; padding: 8px 16px; border: 1px solid transparent; border-radius: 8px; text-decoration: none;
  background: var(--accent); color: var(--on-accent); cursor: pointer; }
form + .button { border-color: var(--line); background: none; color: var(--text); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`
