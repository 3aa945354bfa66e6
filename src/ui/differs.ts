/** Whether any property is another value, by identity. What is compared need not be listed: a new property counts by itself. */
export const differs = <T extends object>(next: T, now: T): boolean =>
  (Object.keys(next) as (keyof T)[]).some((name) => next[name] !== now[name])
