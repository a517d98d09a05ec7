import { transformAsync } from '@babel/core'
import macros from '@lingui/babel-plugin-lingui-macro'
import type { Plugin } from 'vite'

/**
 * Turns the words in `src/words` into look-ups in the catalogue of the language that is spoken.
 *
 * Lingui's own transform for Vite needs a newer Node than the rest of this app does.
 */
export function linguiMacros(): Plugin {
  return {
    name: 'lingui-macros',
    enforce: 'pre',
    transform: {
      filter: { id: /\/src\/words\/.+\.ts$/, code: '@lingui/core/macro' },
      handler: async (code, filename) => {
        const result = await transformAsync(code, {
          filename,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: ['typescript'] },
          plugins: [macros],
        })
        return result?.code ? { code: result.code, map: result.map ?? null } : null
      },
    },
  }
}
