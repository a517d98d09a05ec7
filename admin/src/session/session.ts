import { useSyncExternalStore } from 'react'
import type { Person } from './person'

/**
 * `ended`: the person was at work when their session ran out. They stay where they are, sign in in a pop-up,
 * and what they were doing goes on.
 */
export type Session =
  | { state: 'starting' }
  | { state: 'signed-out' }
  | { state: 'signed-in'; person: Person }
  | { state: 'ended'; person: Person }

let session: Session = { state: 'starting' }
const listeners = new Set<(session: Session) => void>()
let waiting: ((signedIn: boolean) => void)[] = []

export const useSession = () => useSyncExternalStore(watchSession, () => session)

export function watchSession(listener: (session: Session) => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The user of this page, also while their session has ended. */
export const currentPerson = (): Person | null => ('person' in session ? session.person : null)

export const signedIn = (person: Person) => change({ state: 'signed-in', person })
export const signedOut = () => change({ state: 'signed-out' })

/** Shows the sign-in dialog. Resolves to whether the same user has signed in again. */
export function signInAgain(): Promise<boolean> {
  if (session.state === 'signed-in') change({ state: 'ended', person: session.person })
  if (session.state !== 'ended') return Promise.resolve(false)
  return new Promise((resolve) => waiting.push(resolve))
}

function change(next: Session) {
  const before = currentPerson()
  session = next
  for (const listener of listeners) listener(session)
  if (next.state === 'ended') return
  const asked = waiting
  waiting = []
  // What somebody began does not go on in the name of somebody else.
  const goesOn = next.state === 'signed-in' && next.person.id === before?.id
  for (const answer of asked) answer(goesOn)
}
