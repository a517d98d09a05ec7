import { lingui } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { linguiMacros } from './macros.ts'
import { themeCss } from './theme-css.ts'

// `npm run dev` shows the sources live in front of a stack that `make run` has started.
const stack = 'http://127.0.0.1:8000'

const start =
  /rolldown\/runtime|src\/(styles|theme\.css|words\/(languages|brand)|session\/(current-tokens|other-tabs|tokens|session\.|person)|theme\.ts|pages\.|feedback\/notice)|@lingui\/core|@mantine\/core\/esm\/(core|components\/(Input|TextInput|Button|ActionIcon|Card|Paper|Center|Stack|Title|Text|Anchor|Alert|Loader|UnstyledButton|CloseButton|Transition)\/)|@mantine\/hooks\/esm\/use-(id|uncontrolled|document-title|disclosure|merged-ref|isomorphic-effect|did-update)\/|node_modules\/(react|react-dom|scheduler|clsx)\/|tabler\/icons-react\/dist\/esm\/(createR|default)/
const signIn =
  /src\/(words\/first|session\/(sign-in|use-sign-in))|@mantine\/core\/(esm\/components|styles)\/PasswordInput/
const lists =
  /src\/(work|words\/(?!first|later)|table\/(?!period-picker|saved-views-window)|api|jobs\/(all-that-match|groups-menu|members-menu|watched)|customer-groups\/group-list-data|customers\/(customers-query|customer-columns)|shell\/(layout|navigation\.|account|menu-button|more-menu|section|page)|session\/(use-person|authorized)|feedback\/(problem|empty|first|window-code))|react-router|@tanstack|openapi-fetch|@mantine\/hooks\/esm\/use-(window-event|selection)\/|tabler\/icons-react\/dist\/esm\/icons\/Icon(Upload|Download|Dots|Trash|ArrowsRight|ArrowMerge)\.|@mantine\/core\/esm\/components\/(Pagination|Checkbox|Skeleton|Group|EmptyState)\//
const details =
  /src\/(shell\/(facts|crumbs|copy-id|dead-end)|membership\/(selection-bar|terms-text)|keys\/(key-name|touch)|history\/(history-filter\.|undo-toast|done)|customer-groups\/(group-columns|group-name)|customers\/customer-data|edit\/own-key)|tabler\/icons-react\/dist\/esm\/icons\/Icon(Copy|Check|Pencil|Filter|FilterOff)\.|@mantine\/core\/(esm\/components|styles)\/Kbd/
const group =
  /src\/(customer-groups\/(group-page|group-data|member-data|members-section|metadata-section|name-section)|growth\/(growth\.|growth-data|growth-line|line)|history\/history-data|metadata\/value\.|references\/(reference-data|used-by-section))|lossless-json/

export default defineConfig({
  // A word that a language lacks, or a message that is no message, stops the build.
  plugins: [linguiMacros(), lingui({ failOnMissing: true, failOnCompileError: true }), react(), themeCss()],
  build: {
    target: 'es2023',
    // Nothing as a data: address, so that the content policy needs no exception.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What always comes together, in few files: each costs a request and compresses for itself.
          groups: [
            { name: 'start', test: start, priority: 5 },
            { name: 'sign-in', test: signIn, priority: 4 },
            { name: 'lists', test: lists, priority: 3 },
            { name: 'details', test: details, priority: 2 },
            { name: 'group', test: group, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/admin': stack, '/cognito': stack, '/config.json': stack },
  },
  // Collecting the words takes long on a busy machine.
  test: { setupFiles: 'tests/language.ts', testTimeout: 60_000 },
})
