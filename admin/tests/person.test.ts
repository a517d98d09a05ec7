import { expect, test } from 'vitest'
import { personIn } from '../src/session/person'

test.each([
  [['viewer'], 'viewer'],
  [['viewer', 'editor'], 'editor'],
  [['editor', 'admin'], 'admin'],
  [['someone-else'], 'viewer'],
  [undefined, 'viewer'],
])('of the groups %j the most powerful counts', (groups, role) => {
  expect(personIn({ sub: '9a3aefe2', 'cognito:groups': groups }, { email: 'ada@liqnic.example' })).toEqual({
    id: '9a3aefe2',
    name: 'ada@liqnic.example',
    role,
  })
})

test('in a shared pool only groups behind the prefix count', () => {
  const roleOf = (...groups: string[]) => personIn({ 'cognito:groups': groups }, {}, 'groups-').role
  expect(roleOf('admin', 'groups-editor')).toBe('editor')
  expect(roleOf('admin', 'groups-shop,groups-admin')).toBe('viewer')
})
