import { Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconChevronUp, IconKeyboard, IconLogout } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { failed } from '../feedback/toast'
import { openWindow } from '../keys/opened'
import { isTouched } from '../keys/touch'
import { userPool } from '../session/current-tokens'
import { tellSignedOut } from '../session/other-tabs'
import { signedOut } from '../session/session'
import { usePerson } from '../session/use-person'
import { words } from '../words'
import { choose, type Language, languages } from '../words/languages'
import { i18n } from '../words/spoken'
import classes from './account.module.css'
import { MenuButton } from './menu-button'

const { navigation } = words

const schemes = (['auto', 'light', 'dark'] as const).map((value) => ({ value, label: navigation.appearances[value] }))
const tongues = Object.entries(languages).map(([value, label]) => ({ value, label, lang: value }))

const shortcuts = {
  label: words.keys.title,
  icon: <IconKeyboard size={16} aria-hidden />,
  onClick: () => openWindow('shortcuts'),
}

/** The user menu: name, theme, language, and signing out. */
export function Account() {
  const { id, name, role } = usePerson()
  const cache = useQueryClient()
  // To stop transitions for a moment, Mantine would write a <style> element, which the content policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const leave = async () => {
    const { endSession } = await userPool()
    await endSession()
    tellSignedOut(id)
    signedOut()
    // The next user must not see any of this user's data.
    cache.clear()
  }
  return (
    <MenuButton
      position='top-start'
      button={
        <UnstyledButton className={classes.account} aria-description={navigation.account}>
          <div className={classes.person}>
            <Text size='sm' truncate title={name}>
              <bdi>{name}</bdi>
            </Text>
            <Text size='xs' c='dimmed'>
              {navigation.roles[role]}
            </Text>
          </div>
          <IconChevronUp size={16} aria-hidden />
        </UnstyledButton>
      }
      entries={[
        { heading: navigation.appearance },
        {
          choices: schemes,
          chosen: colorScheme,
          onChoose: (scheme) => setColorScheme(scheme as typeof colorScheme),
        },
        { heading: navigation.language },
        { choices: tongues, chosen: i18n.locale, onChoose: (language) => choose(language as Language) },
        { line: true },
        ...(isTouched() ? [] : [shortcuts]),
        {
          label: navigation.signOut,
          icon: <IconLogout size={16} aria-hidden />,
          onClick: () => void leave().catch(failed),
        },
      ]}
    />
  )
}
