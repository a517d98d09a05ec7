import '@mantine/core/styles/Progress.css'
import { Progress as Bar, Stack, Text } from '@mantine/core'
import { Problem } from '../feedback/problem'
import { words } from '../words'
import type { Progress } from './portions'

type Props = { progress: Progress | null; reached: Progress | null; error: unknown }

/** The progress of a large selection, and the error if it stopped. */
export function PortionsProgress({ progress, reached, error }: Props) {
  return (
    <>
      {progress && (
        <Stack gap={4}>
          <Text size='sm' role='status'>
            {words.selection.progress(progress.done, progress.all)}
          </Text>
          <Bar.Root size='md'>
            <Bar.Section
              value={(100 * progress.done) / progress.all}
              aria-label={words.selection.progressLabel}
              animated
            />
          </Bar.Root>
        </Stack>
      )}
      <Problem error={error} />
      {reached && <Text size='sm'>{words.selection.partly(reached.done, reached.all)}</Text>}
    </>
  )
}
