import { Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconChevronUp, IconLogout } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { endSession } from '../session/end-session'
import { signedOut } from '../session/session'
import { usePerson } from '../session/use-person'
import { words } from '../words'
import classes from './account.module.css'

const { navigation } = words

/** Who is signed in, how the page looks, and the way out. */
export function Account() {
  const { name, role } = usePerson()
  const cache = useQueryClient()
  // To stop transitions for a moment, Mantine would write a <style> element, which the content policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const leave = async () => {
    await endSession()
    signedOut()
    // The next person must not see a moment of what this one saw.
    cache.clear()
  }
  return (
    <Menu position='top-start' width='target' withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.account} aria-description={navigation.account}>
          <div className={classes.person}>
            <Text size='sm' truncate>
              {name}
            </Text>
            <Text size='xs' c='dimmed'>
              {navigation.roles[role]}
            </Text>
          </div>
          <IconChevronUp size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{navigation.appearance}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}>
          {(['auto', 'light', 'dark'] as const).map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {navigation.appearances[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
          {navigation.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
