import { useEffect, useLayoutEffect, useRef } from 'react'
import { lastFocused } from './last-focused'

/**
 * Gives the focus back to what opened a window, once the window is gone.
 *
 * Mantine does so only for windows that stay mounted, and only to what had the focus at the very moment.
 */
export function useReturnFocus(opened: boolean) {
  const opener = useRef<HTMLElement | null>(null)
  useLayoutEffect(() => {
    if (opened) opener.current = lastFocused()
  }, [opened])
  useEffect(() => {
    if (!opened) return
    return () => {
      // After the window has set the focus itself.
      window.setTimeout(() => {
        if (isTaken()) return
        const element = opener.current?.isConnected ? opener.current : document.querySelector('main')
        element?.focus({ preventScroll: true })
      }, 50)
    }
  }, [opened])
}

/** Whether something else has the focus now, such as the heading of another page. */
function isTaken(): boolean {
  const active = document.activeElement
  return active !== null && active !== document.body && !active.closest('[role="dialog"], [role="menu"]')
}
