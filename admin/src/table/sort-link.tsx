import { UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { Link, useLocation } from 'react-router'
import classes from './sort-link.module.css'

type Props = {
  label: string
  sorted: false | 'asc' | 'desc'
  /** The order that the column leads to. */
  order: string
  inAddress: boolean
  onSort: (order: string) => void
}

/** A column's heading. Where the view is an address, another order of it is a link. */
export function SortLink({ label, sorted, order, inAddress, onSort }: Props) {
  const { search } = useLocation()
  const content = (
    <>
      {label}
      {sorted === 'asc' && <IconArrowUp size={14} aria-hidden />}
      {sorted === 'desc' && <IconArrowDown size={14} aria-hidden />}
    </>
  )
  if (inAddress) {
    return (
      <Link className={classes.sort} to={{ search: ordered(search, order) }}>
        {content}
      </Link>
    )
  }
  return (
    <UnstyledButton className={classes.sort} onClick={() => onSort(order)}>
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
