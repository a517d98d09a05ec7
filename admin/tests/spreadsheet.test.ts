import { expect, test } from 'vitest'
import { pasteAt, rowsOf } from '../src/metadata/rows'
import { cellsOf, isTable } from '../src/metadata/spreadsheet'
import { exactNumber } from '../src/metadata/value'

test.each([
  ['a\tb', [['a', 'b']]],
  ['a\tb\n', [['a', 'b']]],
  ['a\tb\r\nc\td\r\n', [['a', 'b'], ['c', 'd']]], // prettier-ignore
  ['a\t\nb', [['a', ''], ['b']]],
  ['a\t"two\nlines"\nb\tc', [['a', 'two\nlines'], ['b', 'c']]], // prettier-ignore
  ['a\t"say ""hi"""', [['a', 'say "hi"']]],
  ['\n\na\tb', [['a', 'b']]],
  ['a\t5" screen', [['a', '5" screen']]],
])('%j is read as a spreadsheet meant it', (text, cells) => {
  expect(cellsOf(text)).toEqual(cells)
})

test('one cell is text like any other', () => {
  expect(isTable('just a key')).toBe(false)
  expect(isTable('a\tb')).toBe(true)
  expect(isTable('a key\n')).toBe(false)
})

test('cells fill the blank row and go on below, and known keys get their new value where they are', () => {
  const rows = rowsOf({ points: exactNumber('10'), color: 'blue' })
  const shown = pasteAt([...rows, ...rowsOf(null).map((row) => ({ ...row, id: 9 }))], 2, [
    ['tier', 'gold'],
    ['points', '12.50'],
    ['color', '7'],
    ['limit', '1'],
  ]).map(({ key, kind, text }) => [key, kind, text])
  expect(shown).toEqual([
    ['points', 'number', '12.50'],
    ['color', 'text', '7'],
    ['tier', 'text', 'gold'],
    ['limit', 'text', '1'],
  ])
})

test('a number that is pasted over by text becomes text', () => {
  const [row] = pasteAt(rowsOf({ points: exactNumber('10') }), 0, [['points', 'ten']])
  expect(row).toMatchObject({ kind: 'text', text: 'ten' })
})
