import { expect, test } from 'vitest'
import { changedFields, decided, merge } from '../src/edit/merge'

const same = (one: string, other: string) => one === other
const before = { a: '1', b: '1', c: '1', gone: '1' }

test('what only one of two changed is kept from both', () => {
  const theirs = { a: '2', b: '1', c: '1', gone: '1', theirs: 'new' }
  const yours = { a: '1', b: '3', c: '1', yours: 'new' }
  expect(merge(before, theirs, yours, same)).toEqual({
    merged: { a: '2', b: '3', c: '1', theirs: 'new', yours: 'new' },
    clashes: [],
  })
})

test('what both changed in the same way is no clash', () => {
  expect(merge(before, { ...before, a: '9' }, { ...before, a: '9' }, same).clashes).toEqual([])
})

test('what both changed differently is, a deletion included, with what was before', () => {
  const { merged, clashes } = merge({ a: '1', b: '1' }, { a: '2' }, { a: '3', b: '3' }, same)
  expect(clashes).toEqual([
    { name: 'a', before: '1', theirs: '2', yours: '3' },
    { name: 'b', before: '1', theirs: undefined, yours: '3' },
  ])
  expect(decided(merged, clashes, new Set())).toEqual({ a: '3', b: '3' })
  expect(decided(merged, clashes, new Set(['b']))).toEqual({ a: '3' })
  expect(decided(merged, clashes, new Set(['a', 'b']))).toEqual({ a: '2' })
})

test('keys that every object has are fields like others', () => {
  expect(merge({}, { constructor: '1' }, {}, same).merged).toEqual({ constructor: '1' })
  expect(merge({}, {}, { toString: '1' }, same).clashes).toEqual([])
})

test('only the fields that differ are sent', () => {
  expect(changedFields({ a: '1', b: null }, { a: '1', b: '2' })).toEqual({ b: '2' })
})
