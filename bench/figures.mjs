// How measured figures are written, in the report and in docs/speed.md.

/** What a median may hold beside the bytes of output, which results.json keeps. */
export const FIGURES = {
  wallMs: { name: 'wall', text: value => `${grouped(value)} ms` },
  cpuMs: { name: 'CPU', text: value => `${grouped(value)} ms` },
  rssMb: { name: 'peak memory', text: value => `${value.toFixed(0)} MB` },
  nsPerCall: { name: 'a call', text: value => `${grouped(value)} ns` },
  eventsPerS: { name: 'made a second', text: grouped },
  events: { name: 'taken', text: grouped },
  lost: { name: 'lost', text: grouped },
}

/** `821 ms`, `814 ms CPU`: that it is wall time goes without saying. */
export function figure(of, value) {
  return of === 'wallMs' ? FIGURES[of].text(value) : `${FIGURES[of].text(value)} ${FIGURES[of].name}`
}

export function isMissed({ bar, ratio, value, peer }) {
  return (peer === undefined ? value : ratio) > bar
}

/** What a ratio compares with, names of programs by `name`. */
export function peerText({ peer, peerLoad }, name) {
  const all = peer.split(' + ').map(name).join(' + ')
  return peerLoad === undefined ? all : `${all} of ${peerLoad}`
}

/** A number in groups of three from five digits on: `200 000`. */
export function grouped(value) {
  const digits = value.toFixed(0)
  return digits.length < 5 ? digits : digits.replaceAll(/\B(?=(\d{3})+$)/g, ' ')
}
