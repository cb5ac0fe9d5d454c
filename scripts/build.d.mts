/** Constant → the program of a thread as JSON text, for esbuild's or vite's `define`. */
export function threadPrograms(options?: { minify?: boolean }): Promise<Record<string, string>>
export function reportPage(options?: { minify?: boolean }): Promise<{ define: Record<string, string>; inputs: object }>
