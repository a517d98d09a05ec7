import { Anchor } from '@mantine/core'
import { Link } from 'react-router'
import classes from './row-link.module.css'

/** The link of a row. It can be clicked anywhere in the row, and reached with the keyboard like any other. */
export function RowLink({ to, children }: { to: string; children: string }) {
  return (
    <Anchor component={Link} to={to} data-row className={classes.link} underline='never'>
      {children}
    </Anchor>
  )
}
