import '../feedback/modal-styles'
import '@mantine/core/styles/Drawer.css'
import { Drawer } from '@mantine/core'
import { useReturnFocus } from '../feedback/use-return-focus'
import { words } from '../words'
import { Account } from './account'
import { Navigation } from './navigation'

/** The side navigation of a narrow screen. */
export default function NavigationWindow({ onClose }: { onClose: () => void }) {
  useReturnFocus(true)
  return (
    <Drawer
      opened
      onClose={onClose}
      position='left'
      size='xs'
      title={words.navigation.title}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Navigation onLeave={onClose} />
      <Account />
    </Drawer>
  )
}
