import { ActionIcon, Text } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { words } from '../words'

/** An id, and a button that copies it. */
export function CopyId({ id }: { id: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(id)
    setCopied(true)
    window.setTimeout(() => setCopied(false), 2000)
  }
  return (
    <>
      <Text component='bdi' size='xs'>
        {id}
      </Text>{' '}
      <ActionIcon
        size='xs'
        variant='subtle'
        color='gray'
        aria-label={copied ? words.copied : words.copyId}
        onClick={() => void copy()}
      >
        {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      </ActionIcon>
    </>
  )
}
