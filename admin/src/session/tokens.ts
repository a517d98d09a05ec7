import { type Person, personIn } from './person'

export type Tokens = { accessToken: string; person: Person }

// The user pool's library stores its own tokens for renewal. With these, a page is shown without waiting for it.
// They are deleted with the tab, so that they cannot be used later.
const access = 'session.accessToken'
const identity = 'session.idToken'
const prefix = 'session.rolePrefix'

/** Whether a user has signed in in this tab and not signed out. */
export const isSessionKept = () => sessionStorage.getItem(access) !== null

/** The stored tokens, unless they have expired or are about to. */
export function keptTokens(): Tokens | null {
  const accessToken = sessionStorage.getItem(access)
  const claims = claimsOf(accessToken)
  const soon = Date.now() / 1000 + 30
  if (!accessToken || !(Number(claims.exp) > soon)) return null
  return {
    accessToken,
    person: personIn(claims, claimsOf(sessionStorage.getItem(identity)), sessionStorage.getItem(prefix) ?? ''),
  }
}

/** `rolePrefix` precedes the names of roles if other applications share the pool. */
export function keepTokens(accessToken: string, idToken: string | undefined, rolePrefix: string) {
  sessionStorage.setItem(prefix, rolePrefix)
  sessionStorage.setItem(access, accessToken)
  if (idToken) sessionStorage.setItem(identity, idToken)
}

export function forgetTokens() {
  for (const key of Object.keys(storedSession())) sessionStorage.removeItem(key)
}

/** All stored data of the session, including that of the user pool's library. */
export const storedSession = (): Record<string, string> =>
  Object.fromEntries(Object.entries(sessionStorage).filter(([key]) => /^(session|CognitoIdentity\w+)\./.test(key)))

export const storeSession = (session: Record<string, string>) => void Object.assign(sessionStorage, session)

/** Null if it is not a token. */
function claimsOf(token: string | null): Record<string, unknown> {
  try {
    const payload = (token ?? '').split('.')[1] ?? ''
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
      letter.charCodeAt(0),
    )
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return {}
  }
}
