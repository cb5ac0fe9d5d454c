/** What a scraper takes best, of the two forms there are. */
export type Form = 'text' | 'openmetrics'

/**
 * Chooses by the header Accept: OpenMetrics where it is asked for by name and not liked less than plain text. A media type
 * that is not ours, or one of a version that is not ours, counts for nothing.
 *
 * Source: RFC 9110 12.5.1; Prometheus sends `application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3`.
 */
export function formFor(accept: string | undefined): Form {
  let [text, openMetrics] = [0, 0]
  for (const range of (accept ?? '').split(',')) {
    const [media = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase())
    const value = (name: string) =>
      parameters.find(parameter => parameter.startsWith(`${name}=`))?.slice(name.length + 1)
    const quality = Number(value('q') ?? 1)
    const weight = Number.isFinite(quality) ? quality : 0
    if (media === 'application/openmetrics-text' && /^"?1\.0\.0"?$/.test(value('version') ?? '1.0.0'))
      openMetrics = Math.max(openMetrics, weight)
    else if (media === 'text/plain') text = Math.max(text, weight)
  }
  return openMetrics > 0 && openMetrics >= text ? 'openmetrics' : 'text'
}
