import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

/** How words are found in `src/words` and kept for translators in `src/locales`: see `README.md`. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'de', 'es', 'fr', 'ja', 'pt', 'ar-XB'],
  catalogs: [
    {
      path: '<rootDir>/src/locales/{locale}',
      include: ['<rootDir>/src/words'],
      exclude: ['**/words/{first,later}/**'],
    },
    // Words of the sign-in, which comes without those of the pages.
    { path: '<rootDir>/src/locales/first/{locale}', include: ['<rootDir>/src/words/first'] },
    // Words of windows and pages that load their code later.
    { path: '<rootDir>/src/locales/later/{locale}', include: ['<rootDir>/src/words/later'] },
  ],
  // English with accents, written from right to left: it shows words that are not here, and what is fixed to a side.
  pseudoLocale: 'ar-XB',
  // Relative to the files in `src/words`, `src/words/first` and `src/words/later`.
  runtimeConfigModule: { i18n: ['./spoken', 'i18n'] },
  orderBy: 'message',
  format: formatter({ lineNumbers: false, origins: false, printPlaceholdersInComments: false }),
})
