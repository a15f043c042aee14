import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressPlugin } from './compress-plugin.ts'
import { shellPlugin } from './shell-plugin.ts'

/** How many of the parts that are loaded on their own must need a module for it to come with the first of them. */
const BASE_PAGES = 8

export default defineConfig({
  plugins: [react(), shellPlugin(), compressPlugin()],
  build: {
    target: 'es2024',
    // Data URLs for fonts or scripts would be refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // What so many pages have in common is one file: dozens of small ones, most below what is worth compressing, weigh more.
      output: { codeSplitting: { groups: [{ name: 'base', minShareCount: BASE_PAGES }] } },
    },
  },
})
