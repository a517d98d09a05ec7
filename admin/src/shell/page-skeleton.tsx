import { Skeleton } from '@mantine/core'
import { useEffect } from 'react'
import { words } from '../words'
import classes from './page.module.css'
import { Section } from './section'

/** Shown while the code of a page is loading. */
export function PageSkeleton() {
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [])
  return (
    <div className={classes.page}>
      <Section title={words.loading} level={1}>
        {Array.from({ length: 8 }, (_, row) => (
          <Skeleton key={row} height={14} mx='md' my={12} width={row % 2 ? '55%' : '70%'} />
        ))}
      </Section>
    </div>
  )
}
