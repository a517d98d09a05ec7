import { useEffect, useEffectEvent, useState } from 'react'

/**
 * Asks before unsaved input is discarded by Esc, a click outside of the window, Cancel, Back, or a reload of the page.
 *
 * To catch Back, an entry with the same address is added to the browser's history, and removed when the window closes.
 */
export function useUnsaved(isDirty: boolean, close: () => void) {
  const [asking, setAsking] = useState(false)
  const onBack = useEffectEvent(() => {
    pushEntry()
    setAsking(true)
  })
  useEffect(() => {
    if (!isDirty) return
    pushEntry()
    const back = () => onBack()
    const leave = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('popstate', back)
    window.addEventListener('beforeunload', leave)
    return () => {
      window.removeEventListener('popstate', back)
      window.removeEventListener('beforeunload', leave)
      if (hasUnsavedEntry()) window.history.back()
    }
  }, [isDirty])
  return {
    asking,
    // Later, because the same key press would answer the confirmation.
    requestClose: () => (isDirty ? window.setTimeout(() => setAsking(true)) : close()),
    keep: () => setAsking(false),
    discard: () => {
      setAsking(false)
      close()
    },
  }
}

/** Whether the newest history entry belongs to a window. A page that is opened from the window replaces it. */
export const hasUnsavedEntry = () => window.history.state?.unsaved === true

const pushEntry = () => window.history.pushState({ ...window.history.state, unsaved: true }, '')
