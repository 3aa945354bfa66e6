// Attributes as they are stored: JSON text, which keeps their order where a database's JSON type would not.
import type { Attributes } from '../protocol/types.ts'

/** Null leaves what is stored */
export const attributesText = (attributes: Attributes | undefined): string | null =>
  attributes === undefined ? null : JSON.stringify(attributes)

/** A row of a person, with its attributes read */
export const withAttributes = <Row extends { attributes: string | null }>(
  row: Row,
): Omit<Row, 'attributes'> & { attributes: Attributes } => ({
  ...row,
  attributes: row.attributes === null ? {} : (JSON.parse(row.attributes) as Attributes),
})
