import { expect, test } from 'vitest'
import { countBefore, firstDay, growthOf } from '../src/growth/growth'
import { steps } from '../src/growth/line'

const now = new Date(2026, 10, 24, 15)
const at = (day: number, hour = 12) => new Date(2026, 10, day, hour).toISOString()
const people = (count: number) => Array.from({ length: count })

test('the numbers are reckoned back from the one there is now', () => {
  const entries = [
    { at: at(24), added: people(3), removed: people(1) },
    { at: at(22, 23), added: [], removed: people(4) },
    { at: at(22, 0), added: people(10), removed: [] },
    { at: at(1), added: people(99), removed: [] },
  ]
  const days = growthOf(entries, 20, new Date(2026, 10, 21), now)
  expect(days).toEqual([
    { day: '2026-11-21', joined: 0, left: 0, count: 12 },
    { day: '2026-11-22', joined: 10, left: 4, count: 18 },
    { day: '2026-11-23', joined: 0, left: 0, count: 18 },
    { day: '2026-11-24', joined: 3, left: 1, count: 20 },
  ])
  expect(countBefore(days)).toBe(12)
})

test('ninety days are shown, or as many as the group is old', () => {
  expect(growthOf([], 5, firstDay(now), now)).toHaveLength(90)
  expect(growthOf([], 5, firstDay(now, at(20)), now).map(({ day }) => day)).toEqual([
    '2026-11-20',
    '2026-11-21',
    '2026-11-22',
    '2026-11-23',
    '2026-11-24',
  ])
})

test('a line stays within its box, also where nothing changed', () => {
  const flat = steps(growthOf([], 5, firstDay(now, at(23)), now), 120, 24)
  expect(flat).toBe('M0 22H30V22H90V22H120')
  const days = growthOf([{ at: at(24), added: people(5), removed: [] }], 5, firstDay(now, at(23)), now)
  expect(steps(days, 120, 24)).toBe('M0 22H30V22H90V2H120')
})
