import { isTemporary } from '../api/errors'

type Requested = { error: unknown; dataUpdateCount: number; errorUpdateCount: number }

/**
 * The time to the next request for a job: one second at first, ten seconds for long jobs. None after a refusal, such as
 * for a job that does not exist any more: it would be refused again.
 */
export const nextRequest = ({ error, dataUpdateCount, errorUpdateCount }: Requested) =>
  (!error || isTemporary(error)) && Math.min(10_000, 1_000 + 250 * (dataUpdateCount + errorUpdateCount))
