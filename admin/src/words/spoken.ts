import { i18n } from '@lingui/core'
import { speak } from './languages'

// Everything with messages waits here for its language. `lingui.config.ts` imports this in every message file.
await speak('pages')

export { i18n }
