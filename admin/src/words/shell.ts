import { plural, t } from '@lingui/core/macro'

/** The messages of every page. */
export const shell = {
  save: t`Save`,
  cancel: t`Cancel`,
  close: t`Close`,
  retry: t`Try again`,
  loading: t`Loading`,
  none: '–',
  copyId: t`Copy the ID`,
  copied: t`Copied`,
}

export const navigation = {
  label: t({ message: 'Main', comment: 'Name of the main navigation, for screen readers' }),
  skip: t`Skip to content`,
  open: t`Open navigation`,
  title: t`Navigation`,
  crumbs: t`Where this is`,
  account: t({ message: 'Account', context: 'of the person who is signed in' }),
  roles: { viewer: t`Viewer`, editor: t`Editor`, admin: t`Admin` },
  appearance: t`Appearance`,
  appearances: { auto: t`Like the system`, light: t`Light`, dark: t`Dark` },
  language: t`Language`,
  signOut: t`Sign out`,
}

export const errors = {
  title: t`That did not work`,
  unreachable: t`The server cannot be reached. Check your connection and try again.`,
  forbidden: t`You are not allowed to do this. Ask an administrator.`,
  unexpected: (request?: string) =>
    request
      ? t`Something went wrong on the server. Try again in a moment. (Request ${request})`
      : t`Something went wrong on the server. Try again in a moment.`,
  status: (status: number) => t`The server answered with status ${status}.`,
  pageTitle: t`This page has a problem`,
  pageText: t`Something unexpected happened while showing this page.`,
  noPage: t`There is no such page`,
  noPageText: t`The address may be mistyped.`,
}

/** Temporary problems with the server. */
export const connection = {
  offline: t`You are offline. What you see may be old, and nothing is saved until you are back. What you typed stays.`,
  busy: t`The server is busy. Trying again by itself …`,
  busyFor: (seconds: number) =>
    seconds > 0
      ? plural(seconds, {
          one: 'The server is busy. Try again in # second.',
          other: 'The server is busy. Try again in # seconds.',
        })
      : t`The server is busy. Try again in a moment.`,
  notLoaded: t`This could not be loaded.`,
  noCode: t`The code of this page could not be loaded. Check your connection and try again.`,
}
