import '@mantine/core/styles/PasswordInput.css'
import { PasswordInput, TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { signIn } from '../words/first/sign-in'
import type { FieldName, Fault } from './sign-in-fault'

type Props = {
  name: FieldName
  label: string
  fault: Fault | null
  /** Focuses the first field, or the field with an error. */
  first?: boolean
  autoComplete: string
  kind?: 'email' | 'password' | 'code'
  defaultValue?: string
  readOnly?: boolean
}

export function SignInField({ fault, first = false, kind, ...field }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const isFaulty = fault?.field === field.name
  useEffect(() => {
    if (isFaulty) input.current?.select()
  }, [isFaulty, fault])
  const props = {
    ...field,
    ref: input,
    required: true,
    withAsterisk: false,
    error: isFaulty && fault.text,
    autoFocus: first,
    'data-autofocus': first || undefined,
  }
  if (kind === 'password') {
    return <PasswordInput {...props} visibilityToggleButtonProps={{ 'aria-label': signIn.showPassword }} />
  }
  return <TextInput {...props} {...(kind === 'email' ? { type: 'email' } : { inputMode: 'numeric' })} dir='ltr' />
}

/** A new password, entered twice. */
export function NewPassword({ fault, first = false }: { fault: Fault | null; first?: boolean }) {
  const common = { fault, kind: 'password', autoComplete: 'new-password' } as const
  return (
    <>
      <SignInField {...common} name='newPassword' label={signIn.newPassword} first={first} />
      <SignInField {...common} name='repeated' label={signIn.repeatPassword} />
    </>
  )
}
