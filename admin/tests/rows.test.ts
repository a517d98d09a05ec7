import { describe, expect, test } from 'vitest'
import { changeAt, deleteAt, insertAt, metadataOf, problemsOf, type Row, rowsOf } from '../src/metadata/rows'
import { type Metadata, parseValue, valueText } from '../src/metadata/value'

const read = (json: string) => rowsOf(parseValue(json) as Metadata)
const written = (rows: Row[]) => valueText(metadataOf(rows))

describe('a row that nobody touched goes back exactly as it came', () => {
  test.each([
    ['a number of 38 digits', '{"n":99999999999999999999999999999999999999}'],
    ['a number beyond what JavaScript holds', '{"n":9007199254740993}'],
    ['zeros at the end', '{"price":1.10}'],
    ['a small negative number', '{"n":-0.1}'],
    ['digits that are text', '{"label":"52"}'],
    ['text that begins with digits', '{"label":"52 tests"}'],
    ['nothing, yes, no and the empty text', '{"a":null,"b":true,"c":false,"d":""}'],
    ['lists and maps with numbers inside', '{"rules":{"min":[1,2.50],"max":null}}'],
    ['line breaks and quotes', '{"note":"one\\n\\"two\\""}'],
    ['a key that JavaScript reserves', '{"__proto__":{"a":1},"constructor":2}'],
    ['any script', '{"名前":"Ünïcödé 🎉"}'],
  ])('%s', (_, json) => {
    expect(written(read(json))).toBe(json)
  })
})

describe('a value keeps the kind that was chosen for it', () => {
  test('digits typed as text are text', () => {
    expect(written(changeAt(read('{"label":"x"}'), 0, { text: '52' }))).toBe('{"label":"52"}')
  })
  test('an edited number is a number with the digits typed', () => {
    expect(written(changeAt(read('{"n":1}'), 0, { text: '12.50' }))).toBe('{"n":12.50}')
  })
  test('text becomes a number only when its type is changed', () => {
    expect(written(changeAt(read('{"n":"52"}'), 0, { kind: 'number' }))).toBe('{"n":52}')
  })
  test('yes, no and nothing', () => {
    const rows = read('{"a":true,"b":"x"}')
    expect(written(changeAt(changeAt(rows, 0, { yes: false }), 1, { kind: 'nothing' }))).toBe('{"a":false,"b":null}')
  })
  test('JSON that is edited keeps the digits of its numbers', () => {
    expect(written(changeAt(read('{"j":[1]}'), 0, { text: '[9007199254740993]' }))).toBe('{"j":[9007199254740993]}')
  })
  test('a changed key takes its untouched value along', () => {
    expect(written(changeAt(read('{"old":1.0}'), 0, { key: 'new' }))).toBe('{"new":1.0}')
  })
})

describe('rows come and go', () => {
  const keys = (rows: Row[]) => rows.map(({ key }) => key)

  test('above and below', () => {
    const rows = read('{"a":1,"b":2}')
    expect(keys(insertAt(rows, 1))).toEqual(['a', '', 'b'])
    expect(keys(insertAt(rows, 2))).toEqual(['a', 'b', ''])
  })
  test('every row has an id of its own', () => {
    const ids = insertAt(insertAt(read('{"a":1}'), 0), 1).map(({ id }) => id)
    expect(new Set(ids).size).toBe(3)
  })
  test('a deleted row is gone', () => {
    expect(written(deleteAt(read('{"a":1,"b":2}'), 0))).toBe('{"b":2}')
  })
  test('there is always a row to begin with, which is no part of the map', () => {
    expect(written(deleteAt(read('{"a":1}'), 0))).toBe('{}')
    expect(rowsOf(null)).toHaveLength(1)
    expect(problemsOf(rowsOf(null))).toEqual([{}])
  })
})

describe('what cannot be saved is named', () => {
  test.each(['', ' ', '1,5', '0x10', '1e', 'Infinity', '007', '.5'])('%j is not a number', (text) => {
    expect(problemsOf(changeAt(read('{"n":1}'), 0, { text }))).toEqual([{ value: 'not-a-number' }])
  })
  test.each(['', '{x', '[1,]', 'undefined'])('%j is not JSON', (text) => {
    expect(problemsOf(changeAt(read('{"j":[]}'), 0, { text }))).toEqual([{ value: 'not-json' }])
  })
  test('a key that repeats, at the row that repeats it', () => {
    expect(problemsOf(changeAt(read('{"a":1,"b":2}'), 1, { key: 'a' }))).toEqual([{}, { key: 'repeated-key' }])
  })
  test('a value without a key, and a key that is too long', () => {
    const rows = insertAt(read('{"a":1}'), 1)
    expect(problemsOf(changeAt(rows, 1, { text: 'lost' }))[1]).toEqual({
      key: 'empty-key',
    })
    expect(problemsOf(changeAt(rows, 1, { key: 'k'.repeat(256) }))[1]).toEqual({
      key: 'long-key',
    })
  })
})
