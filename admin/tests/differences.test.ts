import { expect, test } from 'vitest'
import { differences } from '../src/metadata/differences'
import { type Metadata, parseValue, sameMetadata } from '../src/metadata/value'

const read = (json: string) => parseValue(json) as Metadata

test('the order of keys makes no difference', () => {
  expect(sameMetadata(read('{"a":1,"b":{"c":1,"d":2}}'), read('{"b":{"d":2,"c":1},"a":1}'))).toBe(true)
})

test('no metadata and empty metadata are the same', () => {
  expect(sameMetadata(null, {})).toBe(true)
})

test('only the keys that differ are shown, with both values', () => {
  const theirs = read('{"same":1,"n":1,"theirs":null}')
  const yours = read('{"same":1,"n":"1","yours":[1]}')
  expect(differences(theirs, yours)).toEqual([
    { name: 'n', theirs: '1', yours: '"1"' },
    { name: 'theirs', theirs: 'null', yours: 'not there' },
    { name: 'yours', theirs: 'not there', yours: '[1]' },
  ])
})
