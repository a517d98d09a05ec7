import { exactNumber, isNumber, type Metadata, parseValue, type Value, valueText } from './value'

export const kinds = ['text', 'number', 'yes-no', 'nothing', 'json'] as const
export type Kind = (typeof kinds)[number]

/** A value as it is edited: its kind is chosen and never guessed, so "52 tests" and "52" stay text. */
export type Field = { kind: Kind; text: string; yes: boolean }

export type Row = Field & {
  id: number
  key: string
  /** What the row came with. As long as the field is as it was, this very value goes back. */
  origin: { field: Field; value: Value } | null
}

export type KeyProblem = 'empty-key' | 'repeated-key' | 'long-key'
export type ValueProblem = 'not-a-number' | 'not-json'
export type Problems = { key?: KeyProblem; value?: ValueProblem }

const longestKey = 255

export function rowsOf(metadata: Metadata | null): Row[] {
  const rows = Object.entries(metadata ?? {}).map(([key, value], id) => {
    const field = fieldOf(value)
    return { id, key, ...field, origin: { field, value } }
  })
  // Rows are inserted beside others, so there is always one to begin with.
  return rows.length > 0 ? rows : [blank(0)]
}

export const insertAt = (rows: Row[], index: number): Row[] => rows.toSpliced(index, 0, blank(nextId(rows)))

export function deleteAt(rows: Row[], index: number): Row[] {
  return rows.length === 1 ? [blank(nextId(rows))] : rows.toSpliced(index, 1)
}

export const changeAt = (rows: Row[], index: number, change: Partial<Field & { key: string }>): Row[] =>
  rows.map((row, at) => (at === index ? { ...row, ...change } : row))

/** What has to be put right before the rows can be saved, row by row. */
export function problemsOf(rows: Row[]): Problems[] {
  const seen = new Set<string>()
  return rows.map((row) => {
    if (isBlank(row)) return {}
    const key = keyProblem(row.key, seen)
    seen.add(row.key)
    const value = valueProblem(row)
    return { ...(key && { key }), ...(value && { value }) }
  })
}

/** The whole map. Call it only where `problemsOf` finds none. */
export function metadataOf(rows: Row[]): Metadata {
  return Object.fromEntries(rows.filter((row) => !isBlank(row)).map((row) => [row.key, valueIn(row)]))
}

function fieldOf(value: Value): Field {
  if (typeof value === 'string') return { kind: 'text', text: value, yes: false }
  if (typeof value === 'boolean') return { kind: 'yes-no', text: '', yes: value }
  if (value === null) return { kind: 'nothing', text: '', yes: false }
  if (isNumber(value)) return { kind: 'number', text: value.value, yes: false }
  return { kind: 'json', text: valueText(value, 2), yes: false }
}

function valueIn(row: Row): Value {
  if (row.origin && isSame(row, row.origin.field)) return row.origin.value
  switch (row.kind) {
    case 'text':
      return row.text
    case 'number':
      return exactNumber(row.text.trim())
    case 'yes-no':
      return row.yes
    case 'nothing':
      return null
    case 'json':
      return parseValue(row.text)
  }
}

function keyProblem(key: string, seen: Set<string>): KeyProblem | undefined {
  if (key === '') return 'empty-key'
  if (seen.has(key)) return 'repeated-key'
  return [...key].length > longestKey ? 'long-key' : undefined
}

function valueProblem({ kind, text }: Field): ValueProblem | undefined {
  if (kind === 'number' && !/^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text.trim())) return 'not-a-number'
  if (kind === 'json' && !isJson(text)) return 'not-json'
  return undefined
}

function isJson(text: string): boolean {
  try {
    parseValue(text)
    return true
  } catch {
    return false
  }
}

const isSame = (one: Field, other: Field) => one.kind === other.kind && one.text === other.text && one.yes === other.yes

/** A row that nobody has written into is not part of the map. */
const isBlank = ({ key, kind, text, origin }: Row) => key === '' && kind === 'text' && text === '' && origin === null

const blank = (id: number): Row => ({ id, key: '', kind: 'text', text: '', yes: false, origin: null })

const nextId = (rows: Row[]) => Math.max(...rows.map(({ id }) => id)) + 1
