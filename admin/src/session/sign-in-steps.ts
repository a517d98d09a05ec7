import { confirmSignIn, type SignInOutput, signIn, signOut } from 'aws-amplify/auth/cognito'

/** What the answer to a password, or to a further question, leads to. */
export type Step = 'done' | 'new-password' | 'code' | 'reset-password' | 'unknown'

export async function sendPassword(username: string, password: string): Promise<Step> {
  // A session that has ended but is still stored would make Amplify refuse a new sign-in.
  await signOut()
  return step(await signIn({ username, password }))
}

/** Answers what was asked last: a new password, or a code. */
export const sendAnswer = async (challengeResponse: string): Promise<Step> =>
  step(await confirmSignIn({ challengeResponse }))

function step({ nextStep: { signInStep } }: SignInOutput): Step {
  if (signInStep === 'DONE') return 'done'
  if (signInStep === 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED') return 'new-password'
  if (signInStep === 'RESET_PASSWORD') return 'reset-password'
  return signInStep.endsWith('_CODE') ? 'code' : 'unknown'
}
