import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressPlugin } from './compress-plugin.ts'
import { shellPlugin } from './shell-plugin.ts'

export default defineConfig({
  plugins: [react(), shellPlugin(), compressPlugin()],
  build: {
    target: 'es2024',
    // Data URLs for fonts or scripts would be refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
