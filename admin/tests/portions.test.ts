import { expect, test } from 'vitest'
import { inPortions, nothingApplied, PartlyApplied, type Progress } from '../src/membership/portions'

const ids = Array.from({ length: 2_400 }, (_, index) => `cus_${index}`)

test('every id is applied once, and the progress says how far it is', async () => {
  const applied: string[] = []
  const steps: Progress[] = []
  await inPortions(
    ids,
    nothingApplied,
    async (portion) => applied.push(...portion),
    (progress) => steps.push(progress),
  )
  expect(applied).toEqual(ids)
  expect(steps.map(({ done }) => done)).toEqual([0, 1_000, 2_000, 2_400])
})

test('how far it came is known when a portion fails, and the next try goes on from there', async () => {
  let calls = 0
  const failing = async () => {
    calls += 1
    if (calls === 2) throw new Error('too many requests')
  }
  const failure = await inPortions(ids, nothingApplied, failing, () => {}).catch((error) => error)
  expect(failure).toBeInstanceOf(PartlyApplied)
  expect(failure.progress).toEqual({ done: 1_000, all: 2_400 })

  const applied: string[] = []
  await inPortions(
    ids,
    failure.applied,
    async (portion) => applied.push(...portion),
    () => {},
  )
  expect(applied).toEqual(ids.slice(1_000))
})
