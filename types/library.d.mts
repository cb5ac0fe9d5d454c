// Written by npm run types.
/// <reference lib="esnext.disposable" />

export * from './library.cjs'
