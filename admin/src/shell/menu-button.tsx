import { type ReactElement, Suspense, cloneElement, useState } from 'react'
import { lazyCode } from './lazy-code'
import type { MenuEntry } from './menu-entries'

const openedMenu = () => import('./opened-menu')
const OpenedMenu = lazyCode(openedMenu)

type Props = {
  /** The button that opens the menu. */
  button: ReactElement<Record<string, unknown>>
  entries: MenuEntry[]
  position?: 'bottom-end' | 'bottom-start' | 'top-start'
  /** Whether it stays open after a choice, for example for an order, which has two parts. */
  staysOpen?: boolean
}

/** A button with a menu. The positioning code is loaded when the button is about to be pressed. */
export function MenuButton({ button, ...menu }: Props) {
  const [wanted, setWanted] = useState(false)
  const closed = cloneElement(button, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: () => void openedMenu().catch(() => null),
    onFocus: () => void openedMenu().catch(() => null),
    onClick: () => setWanted(true),
  })
  if (!wanted) return closed
  return (
    <Suspense fallback={closed}>
      <OpenedMenu button={button} {...menu} />
    </Suspense>
  )
}
