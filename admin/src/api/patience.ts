import { useSyncExternalStore } from 'react'

/** The longest `Retry-After` that is waited for. Above it, the user decides. */
const longestWaitSeconds = 15
const triesInAll = 3

let waiting = 0
const listeners = new Set<() => void>()

/** Whether a request is waiting for a busy server. */
export const useWaiting = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => waiting > 0,
  )

/** Repeats a request that a busy server (429) refused, after `Retry-After`. A refused request changed nothing. */
export async function patiently(send: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const response = await send()
    const seconds = retryAfter(response) ?? tries
    if (response.status !== 429 || tries === triesInAll || seconds > longestWaitSeconds) return response
    await pause(seconds, signal)
  }
}

/** The seconds in `Retry-After`. */
export function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}

async function pause(seconds: number, signal: AbortSignal) {
  change(1)
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = window.setTimeout(resolve, seconds * 1_000)
      signal.addEventListener('abort', () => {
        window.clearTimeout(timer)
        reject(signal.reason)
      })
    })
  } finally {
    change(-1)
  }
}

function change(by: number) {
  waiting += by
  for (const listener of listeners) listener()
}
