import { words } from '../words'

type ErrorBody = {
  type?: string
  code?: string
  message?: string
  errors?: { path: string; message: string }[] | null
  request_id?: string
}

/** An answer of the API that is not a success, in its own words. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly code: string | undefined
  readonly fields: Record<string, string>
  readonly requestId: string | undefined

  constructor(
    readonly status: number,
    body: ErrorBody,
  ) {
    super(body.message ?? words.errors.status(status))
    this.code = body.code
    this.requestId = body.request_id
    this.fields = Object.fromEntries((body.errors ?? []).map(({ path, message }) => [path, message]))
  }

  static async from(response: Response): Promise<ApiError> {
    return new ApiError(response.status, await response.json().catch(() => ({})))
  }
}

export const isStale = (error: unknown) => error instanceof ApiError && error.status === 412
export const isMissing = (error: unknown) => error instanceof ApiError && error.status === 404

/** What happened, for a person. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return words.errors.unreachable
  if (error.status === 403) return words.errors.forbidden
  if (error.status >= 500) return words.errors.unexpected(error.requestId)
  return error.message
}
