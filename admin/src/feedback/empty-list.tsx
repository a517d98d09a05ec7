import { EmptyState } from '@mantine/core'
import type { ReactNode } from 'react'

/** An empty list, with what to do about it. */
export function EmptyList({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <EmptyState title={title} description={text} px='md' py='xl'>
      {children && <EmptyState.Actions>{children}</EmptyState.Actions>}
    </EmptyState>
  )
}
