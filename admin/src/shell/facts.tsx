import { Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './facts.module.css'

type Props = { facts: readonly (readonly [name: string, value: ReactNode])[]; skeleton?: boolean }

/** The attributes of a record, as names with values. */
export function Facts({ facts, skeleton = false }: Props) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{skeleton ? '\u00a0' : name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The height of this many attributes. */
export function FactsSkeleton({ count }: { count: number }) {
  return (
    <Facts
      facts={Array.from({ length: count }, (_, at) => [`${at}`, <Skeleton key={at} height={14} my={4} width='60%' />])}
      skeleton
    />
  )
}
