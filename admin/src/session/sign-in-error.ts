import { words } from '../words'

/** The user pool's refusals in plain words; it names them, and its own text says too little or too much. */
export function explainSignIn(error: Error): string {
  const known: Record<string, string> = {
    NotAuthorizedException: words.signIn.refused,
    UserNotFoundException: words.signIn.refused,
    EmptySignInUsername: words.signIn.refused,
    EmptySignInPassword: words.signIn.refused,
    CodeMismatchException: words.signIn.wrongCode,
    TooManyRequestsException: words.signIn.tooMany,
    LimitExceededException: words.signIn.tooMany,
    NetworkError: words.errors.unreachable,
    // The pool says which rule the password breaks.
    InvalidPasswordException: error.message,
    InvalidParameterException: error.message,
  }
  return known[error.name] ?? words.signIn.failed
}
