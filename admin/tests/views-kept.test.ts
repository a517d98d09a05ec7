import { describe, expect, test } from 'vitest'
import { withView } from '../src/table/views-kept'

describe('a view that gets a name', () => {
  const vip = { name: 'VIP', search: 'q=vip' }
  test('comes after those that there are', () => {
    expect(withView([vip], { name: 'New', search: 'order=name' }).map(({ name }) => name)).toEqual(['VIP', 'New'])
  })
  test('takes the place of another one of that name', () => {
    expect(withView([vip], { name: 'VIP', search: 'q=gold' })).toEqual([{ name: 'VIP', search: 'q=gold' }])
  })
})
