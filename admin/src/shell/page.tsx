import { Stack } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { type ReactNode, useEffect } from 'react'
import { useLocation } from 'react-router'
import { pageTitle } from '../words/brand'
import classes from './page.module.css'

let shown: string | null = null

export function Page({ title, children }: { title: string; children: ReactNode }) {
  useDocumentTitle(pageTitle(title))
  useArrival()
  return (
    <Stack gap='md' className={classes.page}>
      {children}
    </Stack>
  )
}

/** Screen readers announce the new page after a link, like after a full load. */
function useArrival() {
  const { pathname } = useLocation()
  useEffect(() => {
    const cameFrom = shown
    shown = pathname
    if (cameFrom === null || cameFrom === pathname) return
    window.scrollTo(0, 0)
    document.querySelector<HTMLElement>('[data-page-heading]')?.focus()
  }, [pathname])
}
