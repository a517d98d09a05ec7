import { words } from '../words'
import { retryAfter } from './patience'

type ErrorBody = {
  type?: string
  code?: string
  message?: string
  errors?: { path: string; message: string }[] | null
  request_id?: string
}

/** An error response of the API, with its message. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly code: string | undefined
  readonly fields: Record<string, string>
  readonly requestId: string | undefined

  constructor(
    readonly status: number,
    body: ErrorBody,
    readonly retryAfterSeconds?: number | undefined,
  ) {
    super(body.message ?? words.errors.status(status))
    this.code = body.code
    this.requestId = body.request_id
    this.fields = Object.fromEntries((body.errors ?? []).map(({ path, message }) => [path, message]))
  }

  static async from(response: Response): Promise<ApiError> {
    return new ApiError(response.status, await response.json().catch(() => ({})), retryAfter(response))
  }
}

export const isStale = (error: unknown) => error instanceof ApiError && error.status === 412
export const isMissing = (error: unknown) => error instanceof ApiError && error.status === 404

/** Whether it is temporary: an error of the connection or the server, not of the request. */
export const isTemporary = (error: unknown) =>
  Boolean(error) && !(error instanceof ApiError && error.status < 500 && error.status !== 429)

/** The error as a message for the user. */
export function explain(error: unknown): string {
  if (error instanceof PageError) return error.message
  if (!(error instanceof ApiError)) return navigator.onLine ? words.errors.unreachable : words.connection.offline
  if (error.status === 403) return words.errors.forbidden
  if (error.status === 429) return words.connection.busyFor(error.retryAfterSeconds ?? 0)
  if (error.status >= 500) return words.errors.unexpected(error.requestId)
  return error.message
}

/** An error of the page itself, with a message for the user. */
export class PageError extends Error {
  override name = 'PageError'
}
