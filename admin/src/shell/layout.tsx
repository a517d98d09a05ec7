import { Burger, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { lazy, Suspense, useRef } from 'react'
import { Outlet, useLocation } from 'react-router'
import { words } from '../words'
import { Account } from './account'
import classes from './layout.module.css'
import { Navigation } from './navigation'
import { PageProblem } from './page-problem'

const NavigationWindow = lazy(() => import('./navigation-window'))

/** The side navigation and the page. On a narrow screen the navigation is a window of its own. */
export default function Layout() {
  const [opened, { open, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  const content = useRef<HTMLElement>(null)
  return (
    <div className={classes.layout}>
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
        <Burger size='sm' opened={opened} onClick={open} aria-label={words.navigation.open} />
        <Brand />
      </aside>
      <Suspense>{opened && <NavigationWindow onClose={close} />}</Suspense>
      <main ref={content} className={classes.content} tabIndex={-1}>
        <PageProblem key={pathname}>
          <Suspense>
            <Outlet />
          </Suspense>
        </PageProblem>
      </main>
    </div>
  )
}

function Brand() {
  return (
    <Group gap='xs' className={classes.brand}>
      <img src='/icon.svg' alt='' width={24} height={24} />
      <Text fw={600}>{words.brand}</Text>
    </Group>
  )
}
