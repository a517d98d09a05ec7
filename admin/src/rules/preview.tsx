import { List, Stack, Text } from '@mantine/core'
import '@mantine/core/styles/List.css'
import type { components } from '../api/schema'
import { fullName } from '../customers/customer-columns'
import { NotLoaded } from '../feedback/not-loaded'
import { words } from './words'

type Answer = components['schemas']['PreviewAnswer']

/** How many customers meet the rule, for the note beside Save. */
export const matchText = ({ count, count_is_exact }: Answer) =>
  count_is_exact ? words.rules.matches(count) : words.rules.matchesAtLeast(count)

type Props = {
  answer: Answer | undefined
  error: unknown
  isComplete: boolean
  /** Whether the answer is that of the rule before. */
  isOld: boolean
}

/** The first customers who meet the rule that is being edited. */
export function Preview({ answer, error, isComplete, isOld }: Props) {
  if (!isComplete) {
    return (
      <Text size='sm' c='dimmed'>
        {words.rules.notComplete}
      </Text>
    )
  }
  if (error) return <NotLoaded error={error} />
  if (!answer || answer.customers.length === 0) return null
  return (
    <Stack gap={4} role='group' aria-label={words.rules.firstMatches} aria-busy={isOld}>
      <Text size='sm' fw={500}>
        {words.rules.firstMatches}
      </Text>
      <List size='sm' listStyleType='none'>
        {answer.customers.map((customer) => (
          <List.Item key={customer.id}>
            {customer.email ?? customer.id}{' '}
            <Text component='span' size='sm' c='dimmed'>
              {fullName({ first_name: customer.first_name ?? null, last_name: customer.last_name ?? null })}
            </Text>
          </List.Item>
        ))}
      </List>
    </Stack>
  )
}
