const isMac = /mac|iphone|ipad/i.test(navigator.userAgent)

/** The name of a key as printed on keyboards. */
export const keyName = (key: string) =>
  key.replace('mod+', isMac ? '⌘ ' : 'Ctrl ').replace(/\b[a-z]$/, (letter) => letter.toUpperCase())
