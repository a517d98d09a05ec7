import { patiently } from '../api/patience'
import { currentTokens } from './current-tokens'
import { signInAgain } from './session'

/** `fetch` with the access token. If the session has ended, the request waits for the next sign-in. */
export async function authorizedFetch(request: Request): Promise<Response> {
  const retry = request.clone()
  const response = await send(request, (await accessToken()) ?? '')
  if (response.status !== 401) return response
  const renewed = await accessToken(true)
  return renewed ? send(retry, renewed) : response
}

async function accessToken(renew = false): Promise<string | null> {
  const tokens = await currentTokens(renew)
  if (tokens) return tokens.accessToken
  return (await signInAgain()) ? ((await currentTokens())?.accessToken ?? null) : null
}

function send(request: Request, token: string): Promise<Response> {
  request.headers.set('Authorization', `Bearer ${token}`)
  return patiently(() => fetch(request.clone()), request.signal)
}
