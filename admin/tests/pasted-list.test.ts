import { expect, test } from 'vitest'
import { isList, valuesIn } from '../src/customers/pasted-list'

test.each([
  ['cus_01 cus_02', ['cus_01', 'cus_02']],
  ['ada@mail.example\n\ngrace@mail.example\n', ['ada@mail.example', 'grace@mail.example']],
  ['Ada Lovelace <ada@mail.example>; shop:42', ['Lovelace', 'ada@mail.example', 'shop:42']],
  ['"cus_01","cus_02","cus_01"', ['cus_01', 'cus_02']],
  ['a, b, -', []],
])('%j holds %j', (text, values) => {
  expect(valuesIn(text)).toEqual(values)
})

test('words to search for are no list, two addresses or two lines are', () => {
  expect(isList('grace hopper')).toBe(false)
  expect(isList('grace@mail.example')).toBe(false)
  expect(isList('grace@mail.example ada@mail.example')).toBe(true)
  expect(isList('cus_01\ncus_02')).toBe(true)
  expect(isList('cus_01\n')).toBe(false)
})
