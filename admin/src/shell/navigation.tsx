import { IconListCheck, IconSearch, IconUsers } from '@tabler/icons-react'
import { NavLink } from 'react-router'
import { keyName } from '../keys/key-name'
import { openWindow } from '../keys/opened'
import { isTouched } from '../keys/touch'
import { findKey } from '../keys/use-keys'
import { words } from '../words'
import classes from './navigation.module.css'

/** The side navigation: search, Customers → Customer Groups, and jobs. */
export function Navigation({ onLeave }: { onLeave?: () => void }) {
  return (
    <nav aria-label={words.navigation.label}>
      <button
        type='button'
        className={`${classes.link} ${classes.find}`}
        onClick={() => {
          onLeave?.()
          openWindow('find')
        }}
      >
        <IconSearch size={18} aria-hidden />
        {words.keys.findShort}
        {!isTouched() && <kbd aria-hidden>{keyName(`mod+${findKey}`)}</kbd>}
      </button>
      <NavLink to='/customers' className={classes.link ?? ''} onClick={() => onLeave?.()}>
        <IconUsers size={18} aria-hidden />
        {words.customers.title}
      </NavLink>
      <NavLink to='/customer-groups' className={`${classes.link} ${classes.part}`} onClick={() => onLeave?.()}>
        {words.groups.title}
      </NavLink>
      <NavLink to='/jobs' className={classes.link ?? ''} onClick={() => onLeave?.()}>
        <IconListCheck size={18} aria-hidden />
        {words.bulk.jobs}
      </NavLink>
    </nav>
  )
}
