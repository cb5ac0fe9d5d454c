import type { Origin } from '../terminal/json.ts'

/** The origin of what a source holds; what is read live was taken now. */
export function originOf({ kind, label, meta }: OriginFacts): Origin {
  return { host: meta.host, takenAt: kind === 'live' ? new Date().toISOString() : meta.takenAt, source: label }
}

interface OriginFacts {
  readonly kind: string
  readonly label: string
  readonly meta: { readonly host?: string | undefined; readonly takenAt?: string | undefined }
}
