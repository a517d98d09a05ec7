import { PageError } from '../api/errors'
import { words } from './words'
import { readJob } from './job-data'

/** Saves content that the page created as a file. */
export function save(file: Blob, filename: string) {
  const url = URL.createObjectURL(file)
  follow(url, filename)
  // The browser has started to read it by then.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Downloads a job's result directly from the bucket, with a new URL. */
export async function downloadResult(jobId: string) {
  const { result } = await readJob(jobId)
  if (!result) throw new PageError(words.jobs.resultGone)
  follow(result.url, '')
}

function follow(url: string, filename: string) {
  const link = document.createElement('a')
  link.href = url
  link.download = filename
  link.click()
}
