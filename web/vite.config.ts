/**
 * Builds the page into dist/web. All addresses in it are relative, so that any static host, or any folder of one, can serve it, and it
 * asks for nothing from elsewhere.
 */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 900 },
})
