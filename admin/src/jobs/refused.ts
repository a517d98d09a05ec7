import Papa from 'papaparse'
import { PageError } from '../api/errors'
import { words } from './words'
import { readJob } from './job-data'
import { plainCell } from './spreadsheet-cell'

export type RefusedRow = { line: string; value: string; message: string }

/** The refused rows: the first ones to display, and all of them as a file like the result. */
export type Refused = { first: RefusedRow[]; file: Blob; filename: string }

const shownRows = 100

/** Reads the refused rows from a job's result. */
export async function readRefused(jobId: string, signal: AbortSignal): Promise<Refused> {
  const result = await fetchResult(jobId, signal)
  const isCsv = new URL(result.url).pathname.endsWith('.csv')
  return isCsv ? refusedCsv(jobId, result.blob) : refusedJsonLines(jobId, result.blob)
}

/** Downloads the result with a new URL, because URLs expire. */
async function fetchResult(jobId: string, signal: AbortSignal) {
  const { result } = await readJob(jobId, signal)
  if (!result) throw new PageError(words.jobs.resultGone)
  const answer = await fetch(result.url, { signal })
  if (!answer.ok) throw new PageError(words.jobs.resultGone)
  return { url: result.url, blob: await answer.blob() }
}

/** Reads the file in pieces: it can have a million lines. */
function refusedCsv(jobId: string, blob: Blob): Promise<Refused> {
  const first: RefusedRow[] = []
  const parts: string[] = []
  let names: string[] = []
  const keep = (cells: string[]) => {
    if (names.length === 0) {
      names = cells.map((name) => name.replace('\ufeff', ''))
      parts.push(`\ufeff${Papa.unparse([names])}\r\n`)
      return
    }
    const cell = (name: string) => cells[names.indexOf(name)] ?? ''
    if (cell('outcome') !== 'refused') return
    parts.push(`${Papa.unparse([cells])}\r\n`)
    if (first.length < shownRows)
      first.push({ line: cell('line'), value: plainCell(cell('value')), message: cell('message') })
  }
  return new Promise((resolve, reject) => {
    Papa.parse<string[]>(new File([blob], 'result'), {
      delimiter: ',',
      skipEmptyLines: true,
      chunk: ({ data }) => data.forEach(keep),
      complete: () => resolve({ first, file: new Blob(parts, { type: 'text/csv' }), filename: `${jobId}-refused.csv` }),
      error: reject,
    })
  })
}

async function refusedJsonLines(jobId: string, blob: Blob): Promise<Refused> {
  const rows = (await blob.text()).split('\n').filter((line) => line && JSON.parse(line).outcome === 'refused')
  const first = rows.slice(0, shownRows).map((line) => {
    const row = JSON.parse(line)
    return { line: String(row.line ?? ''), value: row.value, message: row.message ?? '' }
  })
  const file = new Blob([rows.join('\n')], { type: 'application/x-ndjson' })
  return { first, file, filename: `${jobId}-refused.jsonl` }
}
