import { Amplify } from 'aws-amplify'
import { fetchAuthSession } from 'aws-amplify/auth'
import {
  cognitoUserPoolsTokenProvider,
  confirmResetPassword,
  confirmSignIn,
  resetPassword,
  type SignInOutput,
  signIn,
  signOut,
} from 'aws-amplify/auth/cognito'
import { sessionStorage } from 'aws-amplify/utils'
import { forgetTokens, keepTokens, keptTokens, type Tokens } from './tokens'

type Config = { userPoolId: string; clientId: string; userPoolEndpoint?: string; rolePrefix?: string }

/** The next step. `set-up` has the key for an authenticator app. */
export type Step =
  | { asks: 'nothing' | 'new-password' | 'code' | 'reset' | 'something-else' }
  | { asks: 'set-up'; secret: string; link: string }

let connected: Promise<void> | null = null
let rolePrefix = ''

/** Reads `/config.json`, which the deployment writes: the same build serves every environment. */
const connect = () =>
  (connected ??= configure().catch((error: unknown) => {
    connected = null
    throw error
  }))

async function configure() {
  const config: Config = await (await fetch('/config.json')).json()
  const { userPoolId, clientId, userPoolEndpoint } = config
  rolePrefix = config.rolePrefix ?? ''
  const endpoint = userPoolEndpoint && new URL(userPoolEndpoint, window.location.origin).href
  Amplify.configure({
    Auth: { Cognito: { userPoolId, userPoolClientId: clientId, ...(endpoint && { userPoolEndpoint: endpoint }) } },
  })
  cognitoUserPoolsTokenProvider.setKeyValueStorage(sessionStorage)
}

/** The tokens of the current session. Null if a sign-in is needed. */
export async function renewTokens(renew: boolean): Promise<Tokens | null> {
  await connect()
  const { tokens } = await fetchAuthSession({ forceRefresh: renew })
  if (tokens) keepTokens(tokens.accessToken.toString(), tokens.idToken?.toString(), rolePrefix)
  else forgetTokens()
  return keptTokens()
}

/** Revokes the session at the user pool and deletes it here. */
export async function endSession() {
  await connect()
  await signOut()
  forgetTokens()
}

export async function sendPassword(username: string, password: string): Promise<Step> {
  await connect()
  // A session that has ended but is still stored would make Amplify refuse a new sign-in.
  await signOut()
  return stepOf(await signIn({ username, password }), username)
}

/** Sends the response to the last step: a new password, or a code. */
export const sendAnswer = async (username: string, challengeResponse: string): Promise<Step> =>
  stepOf(await confirmSignIn({ challengeResponse }), username)

/** Sends a code to the user's e-mail address. The response does not show whether the user exists. */
export async function sendResetCode(username: string) {
  await connect()
  await resetPassword({ username })
}

export async function resetAndSignIn(username: string, code: string, password: string): Promise<Step> {
  await confirmResetPassword({ username, confirmationCode: code, newPassword: password })
  return sendPassword(username, password)
}

async function stepOf({ nextStep }: SignInOutput, username: string): Promise<Step> {
  switch (nextStep.signInStep) {
    case 'DONE':
      return { asks: 'nothing' }
    case 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED':
      return { asks: 'new-password' }
    case 'RESET_PASSWORD':
      return { asks: 'reset' }
    case 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION':
    case 'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION':
      // Prefers the authenticator app if there are several second factors.
      return sendAnswer(username, 'TOTP')
    case 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP': {
      const { sharedSecret, getSetupUri } = nextStep.totpSetupDetails
      // The app lists the account under this name; without it, under the id that the user pool gave the person.
      return { asks: 'set-up', secret: sharedSecret, link: getSetupUri('Liqnic', username).href }
    }
    default:
      return { asks: nextStep.signInStep.endsWith('_CODE') ? 'code' : 'something-else' }
  }
}
