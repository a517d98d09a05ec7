import { words } from '../words'

/** The relative time. The exact time is shown when the pointer is on it. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={words.moment(at)}>
      {words.ago(at)}
    </time>
  )
}
