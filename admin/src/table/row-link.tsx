import { Anchor } from '@mantine/core'
import { Link } from 'react-router'
import classes from './row-link.module.css'

/** The link of a row. A click anywhere in the row follows it, and the keyboard can focus it. */
export function RowLink({ to, children }: { to: string; children: string }) {
  return (
    <Anchor component={Link} to={to} data-row className={classes.link} underline='never'>
      {children}
    </Anchor>
  )
}
