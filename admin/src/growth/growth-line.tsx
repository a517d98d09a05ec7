import { UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChartLine } from '@tabler/icons-react'
import { Suspense } from 'react'
import type { CustomerGroup } from '../api/types'
import { lazyCode } from '../shell/lazy-code'
import { words } from '../words'
import { countBefore, type Day } from './growth'
import classes from './growth.module.css'
import { useGrowth } from './growth-data'
import { Line } from './line'

const GrowthWindow = lazyCode(() => import('./growth-window'))

/**
 * The group's number of customers over the last 90 days, as a small line that opens what is behind it.
 *
 * It is drawn from the history. Until that was read, an icon stands in for it, and pointing at it reads it.
 */
export function GrowthLine({ group }: { group: CustomerGroup }) {
  const [wanted, { open: want }] = useDisclosure(false)
  const [opened, { open, close }] = useDisclosure(false)
  const growth = useGrowth(group, wanted || opened)
  const summary = growth && summaryOf(growth.days, group)
  return (
    <>
      <UnstyledButton
        className={classes.place}
        title={summary ?? words.growth.open}
        aria-label={words.growth.open}
        onPointerEnter={want}
        onFocus={want}
        onClick={open}
      >
        {growth && summary ? (
          <Line days={growth.days} width={120} height={24} label={summary} />
        ) : (
          <IconChartLine size={20} aria-hidden />
        )}
      </UnstyledButton>
      <Suspense>
        {opened && growth && summary && <GrowthWindow {...growth} summary={summary} onClose={close} />}
      </Suspense>
    </>
  )
}

function summaryOf(days: Day[], { customer_count }: CustomerGroup): string {
  const joined = days.reduce((sum, day) => sum + day.joined, 0)
  const left = days.reduce((sum, day) => sum + day.left, 0)
  return words.growth.summary(days.length, countBefore(days), customer_count, joined, left)
}
