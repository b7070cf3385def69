import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/koers/dist/",
  publicDir: false,
  build: {
    outDir: "../src/koers/kit/static/koers/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome123", "firefox121", "safari17.5"],
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: {
      input: [
        "src/boot.ts", "src/app.ts", "src/answering.ts", "src/worker.ts", "src/css/app.css",
        "src/room.ts", "src/css/room.css", "src/console.ts", "src/screen.ts", "src/css/screen.css",
      ],
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
