import { t } from '@lingui/core/macro'
import { number } from './formats'

/** Errors of input, for all forms. */
export const limits = {
  tooLong: (most: number, length: number) =>
    t`At most ${{ most: number(most) }} characters; this has ${{ length: number(length) }}.`,
  reversed: t({ message: 'This is before the first day.', comment: 'The last day of a period' }),
}

/** Conflicts between two users. */
export const conflict = {
  title: t`Someone changed this`,
  text: t`You and someone else changed the same. Choose what to keep; everything else is kept from both.`,
  field: t({ message: 'What', comment: 'Heading: the fields or keys that both changed' }),
  before: t({ message: 'Before', comment: 'Heading: what was there before a change' }),
  theirs: t({ message: 'Theirs', comment: 'Heading: the version that someone else saved' }),
  yours: t({ message: 'Yours', comment: 'Heading: the version that you want to save' }),
  gone: t({ message: 'not there', comment: 'This version lacks the key' }),
  takeTheirs: (name: string) => t`${name}: take theirs`,
  keepYours: (name: string) => t`${name}: keep yours`,
  edit: t`Go on editing`,
  save: t`Save what I chose`,
}

/** The confirmation before unsaved input is discarded. */
export const unsaved = {
  title: t`Discard what you changed?`,
  text: t`It is not saved yet.`,
  keep: t`Go on editing`,
  discard: t({ message: 'Discard', comment: 'Button: closes a window and forgets what was typed in it' }),
}

export const undo = {
  action: t({ message: 'Undo', comment: 'Button' }),
  of: (what: string) => t`Undo: ${what}`,
  undone: t`Undone.`,
  changedSince: t`It was changed again since, so it cannot be undone. See the history.`,
}
