import { describe, expect, test } from 'vitest'
import { parseValue, valueText } from '../src/metadata/value'
import { type Draft, draftOf, ruleOf } from '../src/rules/draft'
import { faultAt, gapsIn } from '../src/rules/faults'
import { localMoment, momentOf } from '../src/rules/moments'
import type { Rule } from '../src/rules/rule'
import { ruleText } from '../src/rules/rule-text'

const ruleIn = (json: string) => parseValue(json) as Rule
const oneOf = (condition: string) => `{"combinator":"and","not":false,"rules":[${condition}]}`
const editedAndBack = (json: string) => valueText(ruleOf(draftOf(ruleIn(json))))
const fieldOf = (draft: Draft) => draft.rules.map((one) => ('field' in one ? one.field : 'group'))

describe('a rule comes back as it was from the window', () => {
  test.each([
    '{"field":"email","operator":"endsWith","value":"@navy.example"}',
    '{"field":"has_account","operator":"!=","value":true}',
    '{"field":"created_at","operator":"between","value":["2026-01-01T00:00:00.000Z","2026-02-01T00:00:00.000Z"]}',
    '{"field":"created_at","operator":"notInLast","value":730}',
    '{"field":"groups","operator":"notIn","value":["cusgroup_1","key:wholesale"]}',
    '{"field":"metadata.total_spent","operator":">","value":1000}',
    '{"field":"metadata.balance","operator":"=","value":9007199254740993.10}',
    '{"field":"metadata.shop.country","operator":"in","value":["DE","AT"]}',
    '{"field":"metadata.sizes","operator":"notIn","value":[38,40.5]}',
    '{"field":"metadata.number","operator":"=","value":"1000"}',
    '{"field":"metadata.seen","operator":"<","value":"2026-01-01T00:00:00.000Z"}',
    '{"field":"metadata.newsletter","operator":"=","value":false}',
    '{"field":"metadata.note","operator":"null"}',
    '{"combinator":"or","not":true,"rules":[{"field":"id","operator":"=","value":"cus_1"}]}',
  ])('%s', (condition) => {
    const rule = oneOf(condition)
    expect(editedAndBack(rule)).toBe(rule)
    expect(fieldOf(draftOf(ruleIn(rule)))).not.toContain('kept')
    expect(gapsIn(draftOf(ruleIn(rule)))).toEqual({})
  })

  test.each([
    ['a list of texts and numbers', '{"field":"metadata.size","operator":"in","value":["L",40]}'],
    ['entries that a line cannot hold', '{"field":"email","operator":"in","value":["one\\ntwo"]}'],
    ['a field that is new', '{"field":"birthday","operator":"=","value":"1815-12-10"}'],
  ])('also what its fields cannot show: %s', (_what, condition) => {
    const rule = oneOf(condition)
    expect(editedAndBack(rule)).toBe(rule)
    expect(fieldOf(draftOf(ruleIn(rule)))).toEqual(['kept'])
  })
})

test('one group is a list of one', () => {
  const rule = oneOf('{"field":"groups","operator":"!=","value":"cusgroup_1"}')
  expect(editedAndBack(rule)).toBe(oneOf('{"field":"groups","operator":"notIn","value":["cusgroup_1"]}'))
})

test('what is missing is told at its place', () => {
  const empty = { name: '', texts: [] }
  const draft: Draft = {
    combinator: 'all',
    rules: [
      { field: 'email', operator: '=', value: empty },
      { combinator: 'any', rules: [{ field: 'metadata.number', operator: '>', value: { name: '', texts: ['many'] } }] },
      { combinator: 'none', rules: [] },
      { field: 'created_at', operator: '<', value: { name: '', texts: ['30'] } },
      { field: 'created_at', operator: 'inLast', value: { name: '', texts: ['1.5'] } },
      { field: 'groups', operator: 'in', value: empty },
    ],
  }
  expect(gapsIn(draft)).toEqual({
    'rule.rules.0.value': 'Enter a value.',
    'rule.rules.1.rules.0.field': 'Enter a key of the metadata.',
    'rule.rules.1.rules.0.value': 'This is not a number.',
    'rule.rules.2.rules': 'Add a condition.',
    'rule.rules.3.value': 'Enter a value.',
    'rule.rules.4.value': 'Enter a number of days.',
    'rule.rules.5.value': 'Choose a customer group.',
  })
})

test('a fault of one entry of a list belongs to its value, and no other', () => {
  const faults = { 'rule.rules.1.value.0': 'there is no customer group cusgroup_1' }
  expect(faultAt(faults, 'rule.rules.1.value')).toBe('there is no customer group cusgroup_1')
  expect(faultAt(faults, 'rule.rules.1.operator')).toBeUndefined()
  expect(faultAt(faults, 'rule.rules.10.value')).toBeUndefined()
})

test.each([
  [
    '{"combinator":"or","not":false,"rules":[{"field":"metadata.total_spent","operator":">","value":1000.25},' +
      '{"combinator":"and","not":false,"rules":[{"field":"groups","operator":"in","value":["cusgroup_1"]},' +
      '{"field":"created_at","operator":"notInLast","value":730}]}]}',
    'total_spent is more than 1,000.25 or (Customer group is “Wholesale” and Created is not in the last 730 days)',
  ],
  [
    '{"combinator":"and","not":true,"rules":[{"field":"email","operator":"in","value":["ada@mail.example","b@mail.example"]}]}',
    'not (Email is one of “ada@mail.example” or “b@mail.example”)',
  ],
  [oneOf('{"field":"metadata.age","operator":"between","value":[18,30]}'), 'age is between 18 and 30'],
  [oneOf('{"field":"metadata.newsletter","operator":"=","value":true}'), 'newsletter is Yes'],
  [oneOf('{"field":"company_name","operator":"null"}'), 'Company has no value'],
])('a rule in words: %s', (rule, text) => {
  expect(ruleText(ruleIn(rule), () => 'Wholesale')).toBe(text)
})

test('a moment is edited in the time zone of the user, to the millisecond', () => {
  for (const iso of ['2026-01-01T00:00:00.000Z', '2026-07-01T12:30:59.999Z', '0815-12-10T06:00:00.000Z']) {
    expect(momentOf(localMoment(iso))).toBe(iso)
  }
  expect(localMoment('')).toBe('')
  expect(momentOf('')).toBe('')
})
