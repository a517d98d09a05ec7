import { plural, t } from '@lingui/core/macro'
import { number } from './formats'

/** A group's number of customers over time. */
export const growth = {
  title: t`Customers over time`,
  open: t`Show customers over time`,
  comings: t`Joined and left, day by day`,
  table: t`Days on which somebody joined or left`,
  day: t({ message: 'Day', comment: 'Heading of a table' }),
  joined: t({ message: 'Joined', comment: 'Heading: how many customers joined the group on a day' }),
  left: t({ message: 'Left', comment: 'Heading: how many customers left the group on a day' }),
  count: t({ message: 'At its end', comment: 'Heading: how many customers were in the group at the end of the day' }),
  partly: t`More happened than can be shown here; the line begins where it could be followed to.`,
  summary: (days: number, before: number, now: number, joined: number, left: number) =>
    plural(days, {
      one: `In # day from ${{ before: number(before) }} to ${{ now: number(now) }} customers: ${{ joined: number(joined) }} joined, ${{ left: number(left) }} left.`,
      other: `In # days from ${{ before: number(before) }} to ${{ now: number(now) }} customers: ${{ joined: number(joined) }} joined, ${{ left: number(left) }} left.`,
    }),
}
