/** The signed-in user and the role. */
export type Role = 'viewer' | 'editor' | 'admin'
/** `id` is the user's id in the history. */
export type Person = { id: string; name: string; role: Role }

type Claims = Record<string, unknown>

/** The most powerful of the person's user pool groups counts; without any, they may only look.
 *  `rolePrefix` stands before a role's name where other applications share the pool. */
export function personIn(access: Claims, identity: Claims = {}, rolePrefix = ''): Person {
  const groups = Array.isArray(access['cognito:groups']) ? access['cognito:groups'] : []
  const role = (['admin', 'editor'] as const).find((name) => groups.includes(rolePrefix + name)) ?? 'viewer'
  return { id: String(access.sub ?? ''), name: String(identity.email ?? access.username ?? ''), role }
}

export const mayEdit = ({ role }: Person) => role !== 'viewer'
export const mayAdminister = ({ role }: Person) => role === 'admin'
