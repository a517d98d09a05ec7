import { Anchor, Button, Stack, Text } from '@mantine/core'
import { type FormEvent, lazy, Suspense, useState } from 'react'
import { Notice } from '../feedback/notice'
import { signIn } from '../words/first/sign-in'
import { userPool } from './current-tokens'
import type { Person } from './person'
import { NewPassword, SignInField } from './sign-in-fields'
import { type Answers, useSignIn } from './use-sign-in'

const SetUpCode = lazy(() => import('./set-up-code'))

type Props = { username?: string; onTyping?: () => void; onSignedIn?: (person: Person) => void }

/** E-mail and password, then further steps of the user pool: a new password, a code. */
export function SignInForm({ username: known = '', onTyping, onSignedIn }: Props) {
  const [username, setUsername] = useState(known)
  const { asked, setUp, fault, busy, send, ask } = useSignIn(onSignedIn)
  const startTyping = () => {
    userPool().catch(() => null)
    onTyping?.()
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const answers = { username, ...Object.fromEntries(new FormData(event.currentTarget)) } as Answers
    setUsername(answers.username.trim())
    void send({ ...answers, username: answers.username.trim(), code: answers.code?.replaceAll(/\s/g, '') })
  }
  const email = (
    <SignInField
      name='username'
      label={signIn.username}
      kind='email'
      autoComplete='username'
      fault={fault}
      defaultValue={username}
      first={username === '' || asked === 'forgot'}
    />
  )
  const code = (
    <SignInField name='code' label={signIn.code} kind='code' autoComplete='one-time-code' fault={fault} first />
  )
  return (
    <form key={asked} onSubmit={submit} onInput={startTyping}>
      <Stack gap='md'>
        {fault && !fault.field && <Notice kind='problem'>{fault.text}</Notice>}
        {hints[asked] && <Text size='sm'>{hints[asked]}</Text>}
        {asked === 'password' && (
          <>
            {email}
            <SignInField
              name='password'
              label={signIn.password}
              kind='password'
              autoComplete='current-password'
              fault={fault}
              first={username !== ''}
            />
          </>
        )}
        {asked === 'forgot' && email}
        {asked === 'set-up' && setUp && (
          <Suspense>
            <SetUpCode {...setUp} />
          </Suspense>
        )}
        {(asked === 'code' || asked === 'reset' || asked === 'set-up') && code}
        {(asked === 'new-password' || asked === 'reset') && (
          <NewPassword fault={fault} first={asked === 'new-password'} />
        )}
        <Button type='submit' loading={busy} fullWidth>
          {asked === 'password' ? signIn.submit : asked === 'forgot' ? signIn.sendCode : signIn.continue}
        </Button>
        <Anchor
          component='button'
          type='button'
          size='sm'
          ta='center'
          onClick={() => ask(asked === 'password' ? 'forgot' : 'password')}
        >
          {asked === 'password' ? signIn.forgot : signIn.back}
        </Anchor>
      </Stack>
    </form>
  )
}

const hints = {
  password: null,
  forgot: signIn.forgotHint,
  reset: signIn.resetHint,
  'new-password': signIn.newPasswordHint,
  code: signIn.codeHint,
  'set-up': signIn.setUpHint,
}
