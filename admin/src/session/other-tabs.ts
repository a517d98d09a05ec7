import { currentPerson, signedOut, watchSession } from './session'
import { forgetTokens, isSessionKept, storedSession, storeSession } from './tokens'

type Message = { wanted: true } | { session: Record<string, string> } | { over: string }

const channel = new BroadcastChannel('session')
const lock = 'session'
/** The time to wait for another tab. A suspended tab does not respond, and the user signs in. */
const patience = 2_000

const tell = (message: Message) => channel.postMessage(message)

/** Shares the session with new tabs that request it, and ends it in all tabs at once. */
export function shareSession() {
  let letGo = () => {}
  watchSession(({ state }) => {
    letGo()
    if (state !== 'signed-in') return
    const held = new AbortController()
    letGo = () => held.abort()
    // The lock shows other tabs immediately that there is a session.
    void navigator.locks
      .request(lock, { mode: 'shared' }, () => new Promise((done) => held.signal.addEventListener('abort', done)))
      .catch(() => null)
  })
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    // Not the access token decides: that of an idle tab has expired, but its session goes on.
    if ('wanted' in data && isSessionKept()) tell({ session: storedSession() })
    if ('over' in data && currentPerson()?.id === data.over) leaveWithThem()
  })
}

/** Takes over the session of another tab of this browser. Returns whether there was one. */
export async function borrowSession(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  if (!held.some(({ name }) => name === lock)) return false
  return new Promise((answer) => {
    const take = ({ data }: MessageEvent<Message>) => {
      if (!('session' in data)) return
      storeSession(data.session)
      finish(true)
    }
    const finish = (found: boolean) => {
      channel.removeEventListener('message', take)
      window.clearTimeout(timer)
      answer(found)
    }
    const timer = window.setTimeout(() => finish(false), patience)
    channel.addEventListener('message', take)
    tell({ wanted: true })
  })
}

/** Signs out in every tab. */
export const tellSignedOut = (personId: string) => tell({ over: personId })

function leaveWithThem() {
  forgetTokens()
  signedOut()
  // Nothing remains for the next user.
  window.location.reload()
}
