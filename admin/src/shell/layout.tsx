import { Burger, Drawer, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense, useEffect, useRef } from 'react'
import { Outlet, useLocation } from 'react-router'
import { useReturnFocus } from '../feedback/use-return-focus'
import { words } from '../words'
import { Account } from './account'
import classes from './layout.module.css'
import { Navigation } from './navigation'
import { PageProblem } from './page-problem'

/** The side navigation and the page. On a narrow screen the navigation is a window of its own. */
export default function Layout() {
  const [opened, { open, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  const content = useRef<HTMLElement>(null)
  useHeadingFocus()
  useReturnFocus(opened)
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
      <Drawer
        opened={opened}
        onClose={close}
        position='left'
        size='xs'
        title={words.navigation.title}
        closeButtonProps={{ 'aria-label': words.close }}
      >
        <Navigation onLeave={close} />
        <Account />
      </Drawer>
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

/** A screen reader announces the page that a link led to, as it would after a full load. */
function useHeadingFocus() {
  const { pathname } = useLocation()
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    window.scrollTo(0, 0)
    document.querySelector<HTMLElement>('[data-page-heading]')?.focus()
  }, [pathname])
}
