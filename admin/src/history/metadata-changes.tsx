import { type Metadata, type Value, valueText } from '../metadata/value'
import { words } from '../words'
import table from '../table/table.module.css'
import classes from './history-section.module.css'

type Props = { before: Metadata | null | undefined; after: Metadata | null | undefined }

/** The changed keys, each with its value before and after. */
export function MetadataChanges({ before, after }: Props) {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  if (keys.length === 0) return null
  return (
    <table className={`${table.table} ${classes.values}`} aria-label={words.history.metadata}>
      <thead>
        <tr>
          <th>{words.metadata.key}</th>
          <th>{words.history.before}</th>
          <th>{words.history.after}</th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key}>
            <th scope='row'>{key}</th>
            <td>{shown(before, key)}</td>
            <td>{shown(after, key)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function shown(metadata: Metadata | null | undefined, key: string): string {
  if (!metadata || !Object.hasOwn(metadata, key)) return words.none
  const value = metadata[key] as Value
  return typeof value === 'string' && value !== '' ? value : valueText(value)
}
