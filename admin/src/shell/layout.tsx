import { ActionIcon, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Connection } from '../feedback/connection'
import { lazyCode } from './lazy-code'
import { IconMenu2 } from '@tabler/icons-react'
import { type SyntheticEvent, Suspense, useRef } from 'react'
import { Outlet, useLocation } from 'react-router'
import '../feedback/last-focused'
import { Everywhere } from '../keys/everywhere'
import { prefetchPage } from '../pages'
import { words } from '../words'
import { brand } from '../words/brand'
import { Account } from './account'
import classes from './layout.module.css'
import { Navigation } from './navigation'
import { PageProblem } from './page-problem'
import { PageSkeleton } from './page-skeleton'

const NavigationWindow = lazyCode(() => import('./navigation-window'))

/** The side navigation and the page. On narrow screens, the navigation is a separate window. */
export default function Layout() {
  const [opened, { open, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  const content = useRef<HTMLElement>(null)
  return (
    <div className={classes.layout} onPointerOver={prefetchLink} onFocus={prefetchLink}>
      <button type='button' className={classes.skip} onClick={() => content.current?.focus()}>
        {words.navigation.skip}
      </button>
      <aside className={classes.side} aria-label={words.navigation.title}>
        <Brand />
        <Navigation />
        <div className={classes.account}>
          <Account />
        </div>
      </aside>
      <aside className={classes.top} aria-label={words.navigation.title}>
        <ActionIcon variant='subtle' color='gray' size='input-sm' onClick={open} aria-label={words.navigation.open}>
          <IconMenu2 size={20} aria-hidden />
        </ActionIcon>
        <Brand />
      </aside>
      <Everywhere />
      <Suspense>{opened && <NavigationWindow onClose={close} />}</Suspense>
      <main ref={content} className={classes.content} tabIndex={-1}>
        <Connection />
        <PageProblem key={pathname}>
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        </PageProblem>
      </main>
    </div>
  )
}

/** Loads the page of a link or row when the pointer is on it. */
function prefetchLink({ target }: SyntheticEvent) {
  if (!(target instanceof Element)) return
  const link = target.closest('a') ?? target.closest('tr')?.querySelector('a[data-row]')
  if (link instanceof HTMLAnchorElement && link.origin === window.location.origin) prefetchPage(link.pathname)
}

function Brand() {
  return (
    <Group gap='xs' className={classes.brand}>
      <img src='/icon.svg' alt='' width={24} height={24} />
      <Text fw={600}>{brand}</Text>
    </Group>
  )
}
