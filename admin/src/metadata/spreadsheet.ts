/**
 * The cells that a spreadsheet puts on the clipboard: columns apart by tabs, rows by line breaks.
 *
 * A cell that holds either is in quotes, and a quote in it is doubled.
 */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cell = /("(?:[^"]|"")*"|[^\t\r\n]*)(\t|\r\n|\n|\r|$)/gy
  for (let match = cell.exec(text); match && cell.lastIndex <= text.length; match = cell.exec(text)) {
    const [, written = '', end] = match
    row.push(written.startsWith('"') && written.length > 1 ? written.slice(1, -1).replaceAll('""', '"') : written)
    if (end === '\t') continue
    rows.push(row)
    row = []
    if (end === '' || cell.lastIndex === text.length) break
  }
  return rows.filter((cells) => cells.some((one) => one !== ''))
}

/** Whether it has several cells and is not a text for one cell. */
export const isTable = (text: string) => /[\t\r\n]/.test(text.trim())
