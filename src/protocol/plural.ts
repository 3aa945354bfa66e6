/** The forms of one phrase; `#` stands for the number. `other` is used for every case without its own form. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** Making one takes longer than using it a hundred times, and each row of a list has a plural */
const rules: Record<string, Intl.PluralRules> = {}

/**
 * The form for `n` in `locale`, with the number formatted for that locale.
 * @example plural('en', 1200, { one: '# reply', other: '# replies' }) // '1,200 replies'
 */
export const plural = (locale: string, n: number, forms: PluralForms): string =>
  (forms[(rules[locale] ??= new Intl.PluralRules(locale)).select(n)] ?? forms.other).replace(
    '#',
    n.toLocaleString(locale),
  )
