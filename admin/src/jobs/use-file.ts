import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { reads } from '../api/cache'
import { look, type Picked } from './preview'
import { upload } from './upload'

/** The file of an import: previewed when it is selected, and uploaded once for all jobs. */
export function useFile() {
  const { data: picked, error, mutate: choose, reset: forget } = useMutation({ ...reads, mutationFn: look })
  const uploaded = useRef<{ file: Blob; id: string } | null>(null)
  const [percent, setPercent] = useState<number | null>(null)
  const send = async (file: Picked) => {
    if (uploaded.current?.file === file.file) return uploaded.current.id
    setPercent(0)
    try {
      const id = await upload(file, setPercent)
      uploaded.current = { file: file.file, id }
      return id
    } finally {
      setPercent(null)
    }
  }
  /** `percent` is the progress of the upload; `send` returns the upload's id. */
  return { picked, error, choose, forget, send, percent }
}
