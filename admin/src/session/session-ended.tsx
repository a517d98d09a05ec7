import '../feedback/modal-styles'
import { Button, Modal, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useLayer } from '../feedback/use-layer'
import { useReturnFocus } from '../feedback/use-return-focus'
import { signIn } from '../words/first/sign-in'
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
    if (person.id !== session.person.id) cache.clear()
  }
  return (
    <Modal
      opened
      onClose={signedOut}
      title={signIn.endedTitle}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      zIndex={1000}
    >
      <Stack>
        <Text size='sm'>{signIn.endedText}</Text>
        <SignInForm username={session.person.name} onSignedIn={forgetOthers} />
        <Button variant='subtle' color='gray' onClick={signedOut}>
          {signIn.leave}
        </Button>
      </Stack>
    </Modal>
  )
}
