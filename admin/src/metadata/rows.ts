import { exactNumber, isNumber, type Metadata, parseValue, type Value, valueText } from './value'

export const kinds = ['text', 'number', 'yes-no', 'nothing', 'json'] as const
export type Kind = (typeof kinds)[number]

/** A value being edited. Its type is chosen and not guessed, so "52 tests" and "52" stay text. */
export type Field = { kind: Kind; text: string; yes: boolean }

export type Row = Field & {
  id: number
  key: string
  /** The original value. It is sent unchanged if the field was not edited. */
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
  // Rows are inserted next to others, so there is always at least one.
  return rows.length > 0 ? rows : [blank(0)]
}

export const insertAt = (rows: Row[], index: number): Row[] => rows.toSpliced(index, 0, blank(nextId(rows)))

export function deleteAt(rows: Row[], index: number): Row[] {
  return rows.length === 1 ? [blank(nextId(rows))] : rows.toSpliced(index, 1)
}

export const changeAt = (rows: Row[], index: number, change: Partial<Field & { key: string }>): Row[] =>
  rows.map((row, at) => (at === index ? { ...row, ...change } : row))

/** Pastes the cells of a spreadsheet, starting at a row: keys from the first column, values from the second. */
export function pasteAt(rows: Row[], index: number, cells: string[][]): Row[] {
  let next = nextId(rows)
  const pasted = [...rows]
  let place = index
  for (const [key = '', text = ''] of cells) {
    const known = pasted.findIndex((row) => row.key === key)
    const target = known >= 0 ? known : isBlank(pasted[place] ?? blank(0)) ? place : -1
    const row = pasted[target]
    if (row) pasted[target] = { ...row, ...valueFrom(row, text), key }
    else pasted.splice(place, 0, { ...blank(next++), key, text })
    if (known < 0) place += 1
  }
  return pasted
}

/** A value keeps its type if the text is valid for it. Otherwise it becomes text. */
function valueFrom(row: Row, text: string): Field {
  const same = { ...row, text }
  const fits = (row.kind === 'number' || row.kind === 'json') && valueProblem(same) === undefined
  return { kind: fits ? row.kind : 'text', text, yes: false }
}

/** The errors of the rows. */
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

/** The complete metadata. Only for rows without errors (`problemsOf`). */
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

/** Whether the rows are equal, ignoring empty rows. */
export const saySame = (one: Row[], other: Row[]) => said(one) === said(other)

const said = (rows: Row[]) =>
  JSON.stringify(rows.filter((row) => !isBlank(row)).map(({ key, kind, text, yes }) => [key, kind, text, yes]))

const isSame = (one: Field, other: Field) => one.kind === other.kind && one.text === other.text && one.yes === other.yes

/** Empty rows are not part of the metadata. */
const isBlank = ({ key, kind, text, origin }: Row) => key === '' && kind === 'text' && text === '' && origin === null

const blank = (id: number): Row => ({ id, key: '', kind: 'text', text: '', yes: false, origin: null })

const nextId = (rows: Row[]) => Math.max(...rows.map(({ id }) => id)) + 1
