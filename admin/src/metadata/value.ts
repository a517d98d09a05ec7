import { LosslessNumber, parse, stringify } from 'lossless-json'

/** JSON with exact numbers: 1.10 and 9007199254740993 are not changed. */
export type Value = string | boolean | null | LosslessNumber | Value[] | { [key: string]: Value }
export type Metadata = Record<string, Value>

export const exactNumber = (digits: string): Value => new LosslessNumber(digits)

export const isNumber = (value: Value): value is LosslessNumber => value instanceof LosslessNumber

/** Throws `SyntaxError` for text that is not JSON. */
export const parseValue = (text: string): Value => parse(text) as Value

export const valueText = (value: unknown, indent?: number): string => stringify(value, null, indent) ?? ''

/** Whether the metadata is equal, regardless of the order of keys. Numbers are compared as text. */
export const sameMetadata = (one: Metadata | null, other: Metadata | null) => sorted(one ?? {}) === sorted(other ?? {})

/** Whether the values are equal, regardless of the order of keys. */
export const sameValue = (one: Value, other: Value) => sorted(one) === sorted(other)

/** The keys whose values differ, or that only one has. */
export function changedKeys(before: Metadata, after: Metadata): Set<string> {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return new Set(
    [...keys].filter((key) => sorted(only(new Set([key]), before)) !== sorted(only(new Set([key]), after))),
  )
}

/** The part of the metadata with the given keys. */
export const only = (keys: ReadonlySet<string>, metadata: Metadata): Metadata =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => keys.has(key)))

function sorted(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`
  if (value === null || typeof value !== 'object' || isNumber(value)) return valueText(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${valueText(key)}:${sorted(value[key] ?? null)}`).join()}}`
}
