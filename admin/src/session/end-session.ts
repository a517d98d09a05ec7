import { signOut } from 'aws-amplify/auth/cognito'

/** Revokes the session at the user pool and forgets it here. */
export const endSession = () => signOut()
