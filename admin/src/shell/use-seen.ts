import { useCallback, useState } from 'react'

/** Whether a part of the page has come into view yet, so that what it shows is read only then. */
export function useSeen() {
  const [seen, setSeen] = useState(false)
  const ref = useCallback((part: HTMLElement | null) => {
    if (!part) return
    const observer = new IntersectionObserver((changes) => {
      if (!changes.some(({ isIntersecting }) => isIntersecting)) return
      setSeen(true)
      observer.disconnect()
    })
    observer.observe(part)
    return () => observer.disconnect()
  }, [])
  return { ref, seen }
}
