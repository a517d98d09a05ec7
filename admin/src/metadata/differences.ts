import { words } from '../words'
import { type Metadata, sameMetadata, valueText } from './value'

/** The keys whose values differ, with both. */
export function differences(theirs: Metadata | null, yours: Metadata) {
  const keys = new Set([...Object.keys(theirs ?? {}), ...Object.keys(yours)])
  return [...keys]
    .filter((key) => !sameMetadata(only(key, theirs ?? {}), only(key, yours)))
    .map((key) => ({ name: key, theirs: shown(key, theirs ?? {}), yours: shown(key, yours) }))
}

const only = (key: string, metadata: Metadata): Metadata =>
  Object.hasOwn(metadata, key) ? Object.fromEntries([[key, metadata[key] ?? null]]) : {}

const shown = (key: string, metadata: Metadata) =>
  Object.hasOwn(metadata, key) ? valueText(metadata[key]) : words.stale.gone
