import { isSessionKept, keptTokens, type Tokens } from './tokens'

/** The user pool's library is as large as the rest of a page, so it is only loaded when needed. */
export const userPool = () => import('./user-pool')

/** The access token and its user, renewed when it has expired. Null if a sign-in is needed. */
export async function currentTokens(renew = false): Promise<Tokens | null> {
  const kept = renew ? null : keptTokens()
  if (kept || !isSessionKept()) return kept
  const { renewTokens } = await userPool()
  return renewTokens(renew)
}
