import { fileURLToPath } from 'node:url'

/** The folder of the package, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export const fixture = (path: string): string => `${ROOT}fixtures/${path}`
export const ZOO = fixture('zoo.snap.json')

/** The launcher of one of our bins, which runs what was built into dist. */
export const binPath = (name: string): string => `${ROOT}bin/${name}.cjs`
