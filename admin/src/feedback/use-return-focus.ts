import { useEffect, useLayoutEffect, useRef } from 'react'

// A menu item that opens a window is gone when the window closes, so it is its menu's button that counts.
let lastFocused: HTMLElement | null = null
document.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement && !target.closest('[role="menu"]')) lastFocused = target
})

/**
 * Gives the focus back to what opened a window, once the window is gone.
 *
 * Mantine does so only for windows that stay mounted, and only to what had the focus at the very moment.
 */
export function useReturnFocus(opened: boolean) {
  const opener = useRef<HTMLElement | null>(null)
  useLayoutEffect(() => {
    if (opened) opener.current = lastFocused
  }, [opened])
  useEffect(() => {
    if (!opened) return
    return () => {
      // After the window's own last words on where the focus is.
      window.setTimeout(() => {
        if (isTaken()) return
        const element = opener.current?.isConnected ? opener.current : document.querySelector('main')
        element?.focus({ preventScroll: true })
      }, 50)
    }
  }, [opened])
}

/** Something else was given the focus meanwhile, like the heading of another page. */
function isTaken(): boolean {
  const active = document.activeElement
  return active !== null && active !== document.body && !active.closest('[role="dialog"], [role="menu"]')
}
