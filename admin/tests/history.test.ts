import { expect, test } from 'vitest'
import { changeText } from '../src/history/change-text'
import { canBeUndone } from '../src/history/done'
import type { Entry } from '../src/history/history-data'

const entry: Entry = {
  id: 'change_1',
  action_id: 'change_1',
  type: 'terms_changed',
  at: '2026-11-30T12:00:00.000Z',
  actor: 'ada',
  actor_name: null,
  reason: null,
  version: null,
  before: null,
  after: null,
  added: [],
  removed: [],
  terms: [],
}
const ends = (ends_at: string | null) => ({ starts_at: null, ends_at })
const terms = (previous: Entry['terms'][number]['previous'], now: typeof previous, ...customer_ids: string[]) => ({
  customer_ids,
  previous,
  new: now,
})

test('what an entry about terms is called', () => {
  const text = (...changed: Entry['terms']) => changeText({ ...entry, terms: changed })
  expect(text(terms(ends(null), ends('2999-01-01'), 'a', 'b'))).toBe('Memberships of 2 customers changed')
  expect(text(terms(null, { starts_at: '2999-01-01', ends_at: null }, 'a'))).toBe('1 customer joins later')
  expect(text(terms({ starts_at: '2999-01-01', ends_at: null }, null, 'a'))).toBe('1 customer no longer joins later')
})

test('an entry names everything that an action did', () => {
  const both: Entry = { ...entry, type: 'customers_changed', added: ['a'], removed: [] }
  const changed = [terms(null, ends('2999-01-01'), 'a'), terms(ends(null), ends('2999-01-01'), 'b')]
  expect(changeText({ ...both, terms: changed })).toBe('1 customer added, Membership of 1 customer changed')
  expect(changeText({ ...both, removed: ['c', 'd'] })).toBe('1 customer added, 2 customers removed')
})

test('a change cannot be undone if the end before it has passed', () => {
  expect(canBeUndone({ terms: [terms(ends('2999-01-01'), ends(null), 'a')] })).toBe(true)
  expect(canBeUndone({ terms: [terms(ends('2020-01-01'), ends(null), 'a')] })).toBe(false)
  expect(canBeUndone({ removed: ['a'], terms: [terms(ends('2020-01-01'), null, 'a')] })).toBe(false)
  expect(canBeUndone({ terms: [] })).toBe(false)
})
