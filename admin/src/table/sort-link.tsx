import { UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { Link, useLocation } from 'react-router'
import classes from './sort-link.module.css'
import type { Change, View } from './view'

type Props = { column: { id: string; label: string }; view: View; onChange: (change: Change) => void }

/** A column's heading. If the view is in the address, changing the order is a link. */
export function SortLink({ column: { id, label }, view, onChange }: Props) {
  const { search } = useLocation()
  const order = view.order === id ? `-${id}` : id
  const content = (
    <>
      {label}
      {view.order === id && <IconArrowUp size={14} aria-hidden />}
      {view.order === `-${id}` && <IconArrowDown size={14} aria-hidden />}
    </>
  )
  if (view.inAddress) {
    return (
      <Link className={classes.sort} to={{ search: ordered(search, order) }}>
        {content}
      </Link>
    )
  }
  return (
    <UnstyledButton className={classes.sort} onClick={() => onChange({ order })}>
      {content}
    </UnstyledButton>
  )
}

function ordered(search: string, order: string): string {
  const address = new URLSearchParams(search)
  address.set('order', order)
  address.delete('page')
  return address.toString()
}
