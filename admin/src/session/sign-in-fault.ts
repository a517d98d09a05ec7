import { signIn } from '../words/first/sign-in'

export type FieldName = 'username' | 'password' | 'newPassword' | 'repeated' | 'code'

/** The error and its field, or no field for the whole form. */
export type Fault = { field?: FieldName; text: string }

/** Messages for the user pool's errors, by their names. Its own texts contain too little or too much. */
export function faultOf(error: unknown): Fault {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const known: Record<string, Fault> = {
    NotAuthorizedException: { field: 'password', text: signIn.refused },
    UserNotFoundException: { field: 'password', text: signIn.refused },
    EmptySignInUsername: { field: 'username', text: signIn.refused },
    EmptySignInPassword: { field: 'password', text: signIn.refused },
    CodeMismatchException: { field: 'code', text: signIn.wrongCode },
    EnableSoftwareTokenMFAException: { field: 'code', text: signIn.wrongCode },
    ExpiredCodeException: { field: 'code', text: signIn.expiredCode },
    TooManyRequestsException: { text: signIn.tooMany },
    TooManyFailedAttemptsException: { text: signIn.tooMany },
    LimitExceededException: { text: signIn.tooMany },
    NetworkError: { text: signIn.unreachable },
    TypeError: { text: signIn.unreachable },
    // The pool's message contains the rule that the password breaks.
    InvalidPasswordException: { field: 'newPassword', text: message },
    PasswordHistoryPolicyViolationException: { field: 'newPassword', text: message },
  }
  return known[name] ?? { text: signIn.failed }
}
