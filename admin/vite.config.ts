import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { themeCss } from './theme-css.ts'

// `npm run dev` shows the sources live in front of a stack that `make run` has started.
const stack = 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react(), themeCss()],
  build: {
    target: 'es2023',
    // Nothing as a data: address, so that the content policy needs no exception.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/admin': stack, '/cognito': stack, '/config.json': stack },
  },
})
