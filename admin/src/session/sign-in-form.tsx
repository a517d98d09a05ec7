import '@mantine/core/styles/PasswordInput.css'
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Notice } from '../feedback/notice'
import { words } from '../words'
import type { Person } from './person'
import { signedIn } from './session'
import { explainSignIn } from './sign-in-error'
import { type Step, sendAnswer, sendPassword } from './sign-in-steps'
import { currentTokens } from './user-pool'

type Props = { username?: string; onSignedIn?: (person: Person) => void }

/** E-mail and password, then whatever the user pool asks for: a new password at the first sign-in, a code. */
export function SignInForm({ username = '', onSignedIn }: Props) {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { username, password: '', newPassword: '', repeated: '', code: '' },
  })
  // After a wrong answer the same question stays on the screen.
  const [asked, setAsked] = useState<'password' | 'new-password' | 'code'>('password')
  const attempt = useMutation({
    mutationFn: async (values: typeof form.values): Promise<Step> => {
      if (asked === 'new-password') return sendAnswer(values.newPassword)
      if (asked === 'code') return sendAnswer(values.code)
      return sendPassword(values.username.trim(), values.password)
    },
    onSuccess: async (step) => {
      if (step === 'new-password' || step === 'code') setAsked(step)
      const tokens = step === 'done' ? await currentTokens() : null
      if (!tokens) return
      onSignedIn?.(tokens.person)
      signedIn(tokens.person)
    },
  })
  const { data: step, error, isPending } = attempt

  const send = form.onSubmit((values) => {
    if (asked === 'new-password' && values.newPassword !== values.repeated) {
      return form.setFieldError('repeated', words.signIn.notTheSame)
    }
    attempt.mutate(values)
  })

  return (
    <form onSubmit={send}>
      <Stack gap='md'>
        {error && <Notice kind='problem'>{explainSignIn(error)}</Notice>}
        {(step === 'reset-password' || step === 'unknown') && <Notice kind='problem'>{words.signIn[step]}</Notice>}
        {asked === 'password' && (
          <>
            <TextInput
              key={form.key('username')}
              {...form.getInputProps('username')}
              label={words.signIn.username}
              type='email'
              autoComplete='username'
              required
              withAsterisk={false}
              data-autofocus={username === '' || undefined}
            />
            <PasswordInput
              key={form.key('password')}
              {...form.getInputProps('password')}
              label={words.signIn.password}
              autoComplete='current-password'
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ 'aria-label': words.signIn.showPassword }}
              data-autofocus={username !== '' || undefined}
            />
          </>
        )}
        {asked === 'new-password' && (
          <>
            <Text size='sm'>{words.signIn.newPasswordHint}</Text>
            <PasswordInput
              key={form.key('newPassword')}
              {...form.getInputProps('newPassword')}
              label={words.signIn.newPassword}
              autoComplete='new-password'
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ 'aria-label': words.signIn.showPassword }}
            />
            <PasswordInput
              key={form.key('repeated')}
              {...form.getInputProps('repeated')}
              label={words.signIn.repeatPassword}
              autoComplete='new-password'
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ 'aria-label': words.signIn.showPassword }}
            />
          </>
        )}
        {asked === 'code' && (
          <TextInput
            key={form.key('code')}
            {...form.getInputProps('code')}
            label={words.signIn.code}
            autoComplete='one-time-code'
            inputMode='numeric'
            required
            withAsterisk={false}
          />
        )}
        <Button type='submit' loading={isPending} fullWidth>
          {asked === 'password' ? words.signIn.submit : words.signIn.continue}
        </Button>
      </Stack>
    </form>
  )
}
