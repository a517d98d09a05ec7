import { Stack, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Problem } from '../feedback/problem'
import { type ProfileValues, profileFields } from './profile-values'

type Props = { form: UseFormReturnType<ProfileValues>; error: unknown }

export function ProfileFields({ form, error }: Props) {
  return (
    <Stack>
      {profileFields.map(([field, label, type], index) => (
        <TextInput
          key={field}
          {...form.getInputProps(field)}
          label={label}
          type={type}
          autoComplete='off'
          data-autofocus={index === 0 || undefined}
        />
      ))}
      <Problem error={error} />
    </Stack>
  )
}
