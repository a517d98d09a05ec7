import { expect, test } from 'vitest'
import { returnPath } from '../src/session/return-path'

test('leads back to where the person was, with its search and page', () => {
  expect(returnPath('/customer-groups?q=vip&page=2')).toBe('/customer-groups?q=vip&page=2')
})

test.each([null, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
  'never leads to %j',
  (wanted) => expect(returnPath(wanted)).toBe('/customer-groups'),
)
