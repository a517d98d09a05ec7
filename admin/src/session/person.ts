/** Who is signed in, and what they may do. */
export type Role = 'viewer' | 'editor' | 'admin'
/** `id` is what the history calls them. */
export type Person = { id: string; name: string; role: Role }

type Claims = Record<string, unknown>

/** The most powerful of the person's user pool groups counts; without any, they may only look. */
export function personIn(access: Claims, identity: Claims = {}): Person {
  const groups = Array.isArray(access['cognito:groups']) ? access['cognito:groups'] : []
  const role = (['admin', 'editor'] as const).find((name) => groups.includes(name)) ?? 'viewer'
  return { id: String(access.sub ?? ''), name: String(identity.email ?? access.username ?? ''), role }
}

export const mayEdit = ({ role }: Person) => role !== 'viewer'
export const mayAdminister = ({ role }: Person) => role === 'admin'
