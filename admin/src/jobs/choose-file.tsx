import { Button, Stack, Text, Textarea, VisuallyHidden } from '@mantine/core'
import { type DragEvent, useRef, useState } from 'react'
import { words } from './words'
import classes from './jobs.module.css'
import { pasted } from './preview'

type Props = { hint: string; onChoose: (file: File) => void }

/** A field for a dropped file or a pasted list, with a button that opens the file dialog. */
export function ChooseFile({ hint, onChoose }: Props) {
  const { importing } = words
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [text, setText] = useState('')
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file) onChoose(file)
  }
  const dragOver = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  return (
    <Stack gap='md'>
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={dragOver}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Text size='sm'>{importing.drop}</Text>
        <Button variant='default' size='sm' data-autofocus onClick={() => input.current?.click()}>
          {importing.choose}
        </Button>
        <VisuallyHidden>
          <input
            ref={input}
            type='file'
            tabIndex={-1}
            aria-label={importing.file}
            accept='.csv,.txt,.tsv,.jsonl,.ndjson,text/csv,text/plain'
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? []
              // The same file can be selected again after it was corrected.
              currentTarget.value = ''
              if (file) onChoose(file)
            }}
          />
        </VisuallyHidden>
        <Text size='xs' c='dimmed'>
          {hint}
        </Text>
      </div>
      <Textarea
        label={importing.paste}
        rows={5}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button
        variant='default'
        size='sm'
        w='fit-content'
        disabled={text.trim() === ''}
        onClick={() => onChoose(pasted(text))}
      >
        {importing.usePasted}
      </Button>
    </Stack>
  )
}
