import { NavLink } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { Link, useLocation } from 'react-router'
import { words } from '../words'

/** Customers → Customer Groups. */
export function Navigation({ onLeave }: { onLeave?: () => void }) {
  const { pathname } = useLocation()
  const link = (to: string) => {
    const here = pathname === to || pathname.startsWith(`${to}/`)
    return {
      component: Link,
      to,
      active: here,
      'aria-current': here ? ('page' as const) : undefined,
      onClick: () => onLeave?.(),
    }
  }
  return (
    <nav aria-label={words.navigation.label}>
      <NavLink
        {...link('/customers')}
        label={words.customers.title}
        leftSection={<IconUsers size={18} aria-hidden />}
      />
      <NavLink {...link('/customer-groups')} label={words.groups.title} pl={42} />
    </nav>
  )
}
