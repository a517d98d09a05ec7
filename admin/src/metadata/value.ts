import { LosslessNumber, parse, stringify } from 'lossless-json'

/** JSON whose numbers keep every digit they came with: 1.10 and 9007199254740993 go back as they are. */
export type Value = string | boolean | null | LosslessNumber | Value[] | { [key: string]: Value }
export type Metadata = Record<string, Value>

export const exactNumber = (digits: string): Value => new LosslessNumber(digits)

export const isNumber = (value: Value): value is LosslessNumber => value instanceof LosslessNumber

/** Raises `SyntaxError` for anything that is not JSON. */
export const parseValue = (text: string): Value => parse(text) as Value

export const valueText = (value: unknown, indent?: number): string => stringify(value, null, indent) ?? ''

/** The same metadata, whatever the order of its keys? Numbers are compared by their text. */
export const sameMetadata = (one: Metadata | null, other: Metadata | null) => sorted(one ?? {}) === sorted(other ?? {})

function sorted(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`
  if (value === null || typeof value !== 'object' || isNumber(value)) return valueText(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${valueText(key)}:${sorted(value[key] ?? null)}`).join()}}`
}
