import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ChangedTerms } from '../api/types'
import { termsText } from '../membership/terms-text'
import { words } from '../words'

type Props = { at: string; previous: ChangedTerms['previous']; new: ChangedTerms['new']; children: ReactNode }

/** Whose terms, or in which group, and the terms before and after the change. */
export function TermsChange({ at, previous, new: now, children }: Props) {
  return (
    <Text size='sm' component='div'>
      {children} {changeText(at, previous, now)}
    </Text>
  )
}

function changeText(at: string, previous: Props['previous'], now: Props['new']): string {
  const textAt = (terms: NonNullable<Props['new']>) => termsText(terms, Date.parse(at)) ?? words.terms.unlimited
  if (!previous) return now ? textAt(now) : ''
  const before = textAt(previous)
  const after = now && textAt(now)
  if (after === null) return words.terms.before(before)
  return after === before ? after : words.terms.change(before, after)
}
