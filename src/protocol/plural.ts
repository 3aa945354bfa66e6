/** The forms of one phrase; `#` stands for the number. `other` serves every case that has no form of its own. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/**
 * The form that `locale` uses for `n`, with the number as that locale writes it.
 * @example plural('en', 1200, { one: '# reply', other: '# replies' }) // '1,200 replies'
 */
export const plural = (locale: string, n: number, forms: PluralForms): string =>
  (forms[new Intl.PluralRules(locale).select(n)] ?? forms.other).replace('#', n.toLocaleString(locale))
