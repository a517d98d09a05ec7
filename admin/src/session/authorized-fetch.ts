import { patiently } from '../api/patience'
import { currentTokens } from './current-tokens'
import type { Person } from './person'
import { currentPerson, signInAgain } from './session'

/** `fetch` with the access token. If the session has ended, the request waits until the same user has signed in. */
export async function authorizedFetch(request: Request): Promise<Response> {
  const person = currentPerson()
  const retry = request.clone()
  const response = await send(request, (await accessToken(person)) ?? '')
  if (response.status !== 401) return response
  const renewed = await accessToken(person, true)
  return renewed ? send(retry, renewed) : response
}

/** Null without a sign-in, and if somebody else has signed in since: the request is not theirs. */
async function accessToken(person: Person | null, renew = false): Promise<string | null> {
  const tokens = (await currentTokens(renew)) ?? ((await signInAgain()) ? await currentTokens() : null)
  return tokens && tokens.person.id === person?.id ? tokens.accessToken : null
}

function send(request: Request, token: string): Promise<Response> {
  request.headers.set('Authorization', `Bearer ${token}`)
  return patiently(() => fetch(request.clone()), request.signal)
}
