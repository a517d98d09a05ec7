import { describe, expect, test } from 'vitest'
import { type ListOptions, readView, writeView } from '../src/table/address'

const groups: ListOptions = {
  orders: ['name', 'created_at'],
  order: '-created_at',
  filters: ['created', 'updated'],
}
const wide: ListOptions = { ...groups, optional: ['customers', 'created_at'] }
const customers: ListOptions = { ...groups, orders: ['email'], filters: ['created', 'account'], size: 10 }

const read = (address: string, list = groups) => readView(new URLSearchParams(address), list)

describe('the address of a view', () => {
  test.each([
    '',
    'q=vip+%26+more',
    'order=name',
    'order=-name&page=3',
    'q=vip&order=name&page=2&created=last-7-days&updated=2026-01-01..2026-01-31',
    'created=..2026-01-31',
  ])('%j leads back to the same view', (address) => {
    expect(writeView(read(address), groups).toString()).toBe(address)
  })
  test('says nothing that the list does without it', () => {
    expect(writeView(read('order=-created_at&page=1&q='), groups).toString()).toBe('')
  })
  test('says which columns are left out, in the order that the list has', () => {
    expect(read('hide=created_at,customers', wide).hidden).toEqual(['customers', 'created_at'])
    expect(writeView(read('hide=created_at', wide), wide).toString()).toBe('hide=created_at')
  })
  test('of customers knows with and without account', () => {
    expect(writeView(read('account=no', customers), customers).toString()).toBe('account=no')
  })
})

describe('an address that makes no sense', () => {
  const plain = read('')
  test.each([
    'order=password',
    'order=--name',
    'page=0',
    'page=-1',
    'page=1.5',
    'page=two',
    'created=yesterday',
    'hide=name',
    'x=1',
  ])('%s shows the list as it is without it', (address) => expect(read(address)).toEqual(plain))
  test('or names a filter that the list does not have is not filtered by it', () => {
    expect(read('account=yes')).toEqual(plain)
    expect(read('updated=today', customers)).toEqual(read('', customers))
  })
})
