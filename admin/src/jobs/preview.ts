import Papa from 'papaparse'
import { PageError } from '../api/errors'
import { words } from './words'
import { plainCell } from './spreadsheet-cell'
import type { Upload } from './upload'

/**
 * The use of a column: it identifies the customer, is an attribute of a new customer, says when the membership begins or
 * ends, or is not used.
 */
export type Use = 'customer' | 'profile' | 'terms' | 'none'
export type Column = { name: string; use: Use }

/** The first rows of a file, parsed like in the service. */
export type Preview = {
  columns: Column[]
  rows: string[][]
  /** Whether it was written by an export of groups. */
  isExport: boolean
}

/** The columns that identify a customer, in order of preference, and further attributes. The service has the same. */
const naming = ['value', 'customer_id', 'id', 'email', 'e_mail', 'email_address', 'e_mail_address', 'key']
const terms = ['starts_at', 'ends_at']
const telling = ['first_name', 'last_name', 'company_name', 'phone', 'has_account']

/** The maximum size of an upload. */
const largestFile = 268_435_456
const shownRows = 5
const beginning = 128 * 1024
/** The longest line that the service takes, in bytes. */
const longestLine = 1_000_000
const byteOrderMark = 3

export type Picked = Upload & { preview: Preview }

/** Checks a file before it is uploaded. Throws an error with a message. */
export async function look(file: File): Promise<Picked> {
  if (file.size === 0) throw new PageError(words.importing.emptyFile)
  if (file.size > largestFile) throw new PageError(words.importing.tooLarge)
  let text = await readText(file.slice(0, beginning))
  if (text.trim() === '') throw new PageError(words.importing.emptyFile)
  const format = formatOf(file.name, text)
  if (format === 'jsonl' && file.size > beginning && !hasLine(text)) text = await readLongLine(file)
  const contentType = ({ csv: 'text/csv', text: 'text/plain', jsonl: 'application/x-ndjson' } as const)[format]
  return { file, filename: file.name, contentType, preview: readers[format](text) }
}

/** Pasted text as a file. A list on one line is split into lines. */
export function pasted(text: string): File {
  const list = text.trim()
  const cells = list.split(/[,;\t]/).map((cell) => cell.trim())
  const isOneLine = !/[\r\n]/.test(list) && cells.length > 1 && cells.every(isValue)
  return new File([isOneLine ? cells.join('\n') : list], words.importing.pastedName)
}

/** The service's name of a column: `E-Mail Address` is `e_mail_address`. */
export const columnKey = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')

/** The columns that identify the customer if none is selected. */
export const recognized = ({ columns }: Preview) =>
  columns.filter(({ use }) => use === 'customer').map(({ name }) => name)

async function readText(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const [one, two] = bytes
  if (one === 0x50 && two === 0x4b) throw new PageError(words.importing.isSpreadsheet)
  if (one === 0x1f && two === 0x8b) throw new PageError(words.importing.isPacked)
  try {
    // A character that is cut at the end is left out.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    if (!text.includes('\0')) return text
  } catch {
    // Reported below.
  }
  throw new PageError(words.importing.notUtf8)
}

/** The beginning of a file whose first line is long. */
async function readLongLine(file: File): Promise<string> {
  const most = byteOrderMark + longestLine + 1
  const text = await readText(file.slice(0, most))
  if (file.size > most && !hasLine(text)) throw new PageError(words.importing.lineTooLong)
  return text
}

/** Whether the first line that is not blank is complete. */
const hasLine = (text: string) => text.trimStart().includes('\n')

type Format = 'csv' | 'text' | 'jsonl'

function formatOf(filename: string, text: string): Format {
  const [first = ''] = text.trimStart().split(/\r?\n/)
  if (/\.(jsonl|ndjson)$/i.test(filename) || first.startsWith('{')) return 'jsonl'
  // A list without a header, whose ids look like one.
  const isHeading = naming.includes(columnKey(first)) || /[,;\t]/.test(first) || separator.test(first)
  return isHeading || /\.csv$/i.test(filename) ? 'csv' : 'text'
}

const readers: Record<Format, (text: string) => Preview> = {
  csv: readCsv,
  text: readPlainLines,
  jsonl: readJsonLines,
}

/** A first line in which Excel names the delimiter. */
const separator = /^sep=([,;\t|])(?:\r?\n|$)/i
const quoted = /(?<![^,;\t\n])"[^"]*(?:""[^"]*)*(?:"|$)/g
/** A line break that the service does not take for one. */
const loneReturn = /\r(?=[^\r\n])/

const list: Column = { name: 'value', use: 'customer' }

function readCsv(text: string): Preview {
  const [first, named] = separator.exec(text) ?? ['', null]
  const table = text.slice(first.length)
  const unquoted = table.replace(quoted, 'quoted')
  if (loneReturn.test(unquoted)) throw new PageError(words.importing.carriageReturns)
  const delimiter = named ?? delimiterOf(unquoted)
  const { data } = Papa.parse<string[]>(table, { delimiter, preview: shownRows + 1, skipEmptyLines: 'greedy' })
  const [heading = [], ...rows] = data.map((row) => row.map(plainCell))
  if (heading.length === 1 && isValue(heading[0] ?? '')) {
    return { columns: [list], rows: [heading, ...rows].slice(0, shownRows), isExport: false }
  }
  return { columns: heading.map(asColumn), rows, isExport: heading.includes('record') && heading.includes('group_id') }
}

/** The delimiter of the first line that is not blank, like in the service. */
function delimiterOf(unquoted: string): string {
  const header = unquoted.split('\n').find((line) => line.trim() !== '') ?? ''
  return [',', ';', '\t'].reduce((best, one) => (count(header, one) > count(header, best) ? one : best))
}

function readPlainLines(text: string): Preview {
  if (loneReturn.test(text.trim())) throw new PageError(words.importing.carriageReturns)
  return { columns: [list], rows: lines(text).map((line) => [line.trim()]), isExport: false }
}

function readJsonLines(text: string): Preview {
  const found = lines(text).flatMap((line, at) => {
    try {
      const value: unknown = JSON.parse(line)
      return [typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { value }]
    } catch {
      // The last line may be incomplete.
      if (at > 0) return []
      throw new PageError(words.importing.notJson)
    }
  })
  const names = [...new Set(found.flatMap((one) => Object.keys(one)))]
  const rows = found.map((one) => names.map((name) => shown(one[name])))
  return { columns: names.map(asColumn), rows, isExport: names.includes('record') && names.includes('group_id') }
}

const lines = (text: string) => {
  const all = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return all.slice(0, shownRows)
}

const shown = (value: unknown) => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value))

function asColumn(name: string): Column {
  const key = columnKey(name)
  const uses = { customer: naming, profile: telling, terms } as const
  const use = (Object.keys(uses) as (keyof typeof uses)[]).find((one) => uses[one].includes(key))
  return { name, use: use ?? 'none' }
}

const isValue = (cell: string) => cell.includes('@') || cell.startsWith('cus_') || cell.startsWith('key:')

const count = (text: string, part: string) => text.split(part).length
