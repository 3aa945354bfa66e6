export interface Naming {
  /** Put before every table's name */
  prefix?: string | undefined
  schema?: string | undefined
}

/** @throws Error for a name that would need quoting, or make an index's name too long for an engine */
export function checkNaming({ prefix, schema }: Naming): void {
  for (const [option, name] of Object.entries({ prefix, schema })) {
    if (name !== undefined && !/^[A-Za-z_][A-Za-z0-9_]{0,29}$/.test(name)) {
      throw new Error(`${option} must be up to 30 letters, digits and _, and must not begin with a digit`)
    }
  }
}
