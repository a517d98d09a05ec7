import { Amplify } from 'aws-amplify'
import { fetchAuthSession } from 'aws-amplify/auth'
import { type Person, personIn } from './person'

type Config = { region: string; userPoolId: string; clientId: string; userPoolEndpoint?: string }

/** Reads `/config.json`, which the deployment writes: the same build serves every environment. */
export async function connect() {
  const config: Config = await (await fetch('/config.json')).json()
  const { userPoolId, clientId, userPoolEndpoint } = config
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId,
        userPoolClientId: clientId,
        ...(userPoolEndpoint && { userPoolEndpoint: new URL(userPoolEndpoint, window.location.origin).href }),
      },
    },
  })
}

/** The access token and whom it speaks for, renewed when it has run out; null when a person has to sign in. */
export async function currentTokens(renew = false): Promise<{ accessToken: string; person: Person } | null> {
  const { tokens } = await fetchAuthSession({ forceRefresh: renew })
  if (!tokens) return null
  const { accessToken, idToken } = tokens
  return { accessToken: accessToken.toString(), person: personIn(accessToken.payload, idToken?.payload) }
}
