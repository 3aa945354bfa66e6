// Imported before everything else: here time passes four times faster. What is waited for are clients that find out that a line is
// dead; what a proxy does in between stays long enough for a busy machine.
process.env['TIME_SPEED'] ??= '4'
await import('../../../src/testing/fast-time.ts')

export {}
