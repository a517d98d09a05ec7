import '../feedback/modal-styles'
import { Button, Modal, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useLayer } from '../feedback/use-layer'
import { useReturnFocus } from '../feedback/use-return-focus'
import { words } from '../words'
import type { Person } from './person'
import { signedOut, useSession } from './session'
import { SignInForm } from './sign-in-form'

/** Shown on top of the page, which is kept. */
export default function SessionEnded() {
  const session = useSession()
  const cache = useQueryClient()
  useReturnFocus(session.state === 'ended')
  useLayer(session.state === 'ended')
  if (session.state !== 'ended') return null
  const forgetOthers = (person: Person) => {
    if (person.name !== session.person.name) cache.clear()
  }
  return (
    <Modal
      opened
      onClose={signedOut}
      title={words.signIn.endedTitle}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      zIndex={1000}
    >
      <Stack>
        <Text size='sm'>{words.signIn.endedText}</Text>
        <SignInForm username={session.person.name} onSignedIn={forgetOthers} />
        <Button variant='subtle' color='gray' onClick={signedOut}>
          {words.signIn.leave}
        </Button>
      </Stack>
    </Modal>
  )
}
