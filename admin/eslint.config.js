import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import hooks from 'eslint-plugin-react-hooks'
import typescript from 'typescript-eslint'

export default defineConfig(
  globalIgnores(['dist', 'src/api/schema.d.ts']),
  js.configs.recommended,
  typescript.configs.strict,
  typescript.configs.stylistic,
  hooks.configs.flat['recommended-latest'],
  {
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      // An empty function says: nothing to do here.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
)
