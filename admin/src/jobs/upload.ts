import { api, body } from '../api/client'
import { PageError } from '../api/errors'
import type { components } from '../api/schema'
import { words } from './words'

type ContentType = components['schemas']['AnnounceUpload']['content_type']

export type Upload = { file: Blob; filename: string; contentType: ContentType }

/** Announces a file and uploads it directly to the bucket. Returns the upload's id. */
export async function upload({ file, filename, contentType }: Upload, onProgress: (percent: number) => void) {
  const { upload: told } = await body(
    api.POST('/admin/customer-group-uploads', {
      body: { filename: filename.trim().slice(-255) || 'pasted.txt', content_type: contentType, size: file.size },
    }),
  )
  await put(told, file, onProgress)
  return told.id
}

type Announced = components['schemas']['Upload']

/** The status if the browser sent the file twice, because the response to the first request was lost. */
const alreadyStored = 412

/** `fetch` does not report the progress of an upload. */
function put({ url, method, headers }: Announced, file: Blob, onProgress: (percent: number) => void) {
  return new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress(Math.floor((100 * loaded) / total))
    request.onload = () =>
      request.status < 300 || request.status === alreadyStored
        ? resolve()
        : reject(new PageError(words.importing.notStored))
    request.onerror = () => reject(new PageError(navigator.onLine ? words.importing.notSent : words.connection.offline))
    request.send(file)
  })
}
