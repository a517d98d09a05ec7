import { Box } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { lazyCode } from '../shell/lazy-code'
import { Section } from '../shell/section'
import { words } from '../words'
import { referencesQuery } from './reference-data'

const UsedByList = lazyCode(async () => ({ default: (await import('./used-by-list')).UsedByList }))

/** Which other systems rely on the group. It shows where there are any. */
export function UsedBySection({ groupId, seen }: { groupId: string; seen: boolean }) {
  const { data } = useQuery({ ...referencesQuery(groupId), enabled: seen })
  if (!data || data.count === 0) return null
  return (
    <Section title={words.usedBy.title}>
      <Box px='md' pb='md'>
        <Suspense>
          <UsedByList references={data.references} count={data.count} />
        </Suspense>
      </Box>
    </Section>
  )
}
