import { describe, expect, test } from 'vitest'
import { bounds, readPeriod } from '../src/table/period'
import { changed, listQuery, pageCount } from '../src/table/view'
import { VIEW } from './a-view'

const view = VIEW
const noon = new Date(2026, 10, 23, 12, 0)
const local = (year: number, month: number, day: number) => new Date(year, month - 1, day).toISOString()

describe('a view as the API is asked for it', () => {
  test('nothing is asked for that the view does not say', () => {
    expect(listQuery(view, noon)).toEqual({
      order: '-created_at',
      limit: 20,
      offset: 0,
    })
  })
  test('search, page and filters', () => {
    const wanted = {
      ...view,
      q: 'vip',
      page: 3,
      created: 'last-7-days',
      updated: '2026-01-02..2026-01-03',
    } as const
    expect(listQuery(wanted, noon)).toEqual({
      q: 'vip',
      order: '-created_at',
      limit: 20,
      offset: 40,
      'created_at[$gte]': local(2026, 11, 16),
      'updated_at[$gte]': local(2026, 1, 2),
      'updated_at[$lt]': local(2026, 1, 4),
    })
  })
  test('the same view asks the same question all day, so its answer can be kept', () => {
    const today = { ...view, created: 'today' } as const
    expect(listQuery(today, noon)).toEqual(listQuery(today, new Date(2026, 10, 23, 23, 59)))
  })
  test('an address beyond the last page that the API knows still asks for something it answers', () => {
    expect(listQuery({ ...view, page: 10_000 }, noon).offset).toBe(10_000)
    expect(pageCount(1_000_000, 20)).toBe(501)
  })
  test('a page that a cursor leads to has no offset', () => {
    expect(listQuery({ ...view, page: 3, cursor: 'abc' }, noon)).toEqual({
      order: '-created_at',
      limit: 20,
      cursor: 'abc',
      offset: 0,
    })
  })
})

describe('a change of the view', () => {
  test('leads to the first page', () => {
    expect(changed({ ...view, page: 5 }, { q: 'vip' })).toMatchObject({
      q: 'vip',
      page: 1,
    })
  })
  test('which no cursor leads to', () => {
    expect(changed({ ...view, page: 5, cursor: 'abc' }, { order: 'email' })).toMatchObject({ page: 1, cursor: null })
  })
  test('unless it is the page that changes', () => {
    expect(changed({ ...view, q: 'vip' }, { page: 2 })).toMatchObject({
      q: 'vip',
      page: 2,
    })
  })
})

describe('periods in the address', () => {
  test.each(['today', 'last-12-months', '2026-01-01..2026-01-31', '2026-01-01..', '..2026-01-31'])('%s', (text) => {
    expect(readPeriod(text)).toBe(text)
  })
  test.each(['', '..', 'yesterday', '2026-01-01', '2026-13-01..', '01/02/2026..', 'a..b..c'])('%j is none', (text) => {
    expect(readPeriod(text)).toBeNull()
  })
  test('the last day counts as a whole', () => {
    expect(bounds('..2026-01-31', noon)).toEqual({ $lt: local(2026, 2, 1) })
  })
})
