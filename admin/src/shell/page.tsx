import { Stack } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { words } from '../words'
import classes from './page.module.css'

export function Page({ title, children }: { title: string; children: ReactNode }) {
  useDocumentTitle(words.pageTitle(title))
  return (
    <Stack gap='md' className={classes.page}>
      {children}
    </Stack>
  )
}
