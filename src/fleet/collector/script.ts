import { NAMESPACE_FILES, PROCESS_FILES, PROCESS_LINKS, READER_LINKS, SYSCTL_FILES } from '../../proc/recorded-paths.ts'

/** What the far side begins with, behind whatever the login shell prints. */
export const GREETING = 'linsight-frames/1'

export interface CollectorOrder {
  /** 32 hexadecimal digits that nobody over there can know: they stand before each frame. */
  nonce: string
  /** How often it looks, and the whole seconds between. */
  looks: 1 | 2
  pauseSeconds: number
  /**
   * What a linsight over there is asked for instead, where its version begins so (`0.1.`): a snapshot, or the recording of
   * a diagnosis.
   */
  ask?:
    | { version: string; what: 'snapshot' | 'diagnosis'; seconds?: number | undefined; tracing?: boolean | undefined }
    | undefined
}

/** Processes of one call of cat(1), and of ls(1). */
const PIDS_A_CAT = 40
const PIDS_AN_LS = 1000
/** Network namespaces, and tracked flows with translated addresses, at most. */
export const MOST_NAMESPACES = 256
export const MOST_FLOWS = 20_000

/**
 * The script for `sh -s` on its stdin: POSIX, for dash, bash and the ash of busybox. It changes nothing, writes no file, and
 * starts only when it is there as a whole. Nothing but numbers and the nonce of `order` becomes part of it.
 *
 * Frames: `\n<nonce> <kind> <words>\n`, then bytes up to the next frame. What processes call themselves cannot end a frame,
 * because nobody sees the nonce: it stands in no argument list. Many files go through one cat(1), with its own environment,
 * in which the nonce is, between them; where that fails each file has a frame.
 */
export function collectorScript(order: CollectorOrder): string {
  if (!/^[0-9a-f]{32}$/.test(order.nonce)) throw new RangeError('the nonce has 32 hexadecimal digits')
  return `n=${order.nonce}
looks=${order.looks}
pause=${Math.round(order.pauseSeconds)}
ask=${order.ask?.what ?? 'nothing'}
version='${/^[\d.]*$/.test(order.ask?.version ?? '') ? (order.ask?.version ?? '') : ''}'
seconds=${Math.round(order.ask?.seconds ?? 0)}
trace=${order.ask?.tracing === false ? '--no-trace' : '--trace'}
${SCRIPT}`
}

const perPid = (names: readonly string[]) => names.map(name => `$p/${name}`).join(' ')

const SCRIPT = String.raw`
LC_ALL=C; export LC_ALL
PATH=$PATH:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH

frame() { printf '\n%s %s\n' "$n" "$*"; }

# Files below /proc, each behind the environment of the cat that reads them.
files() {
  if [ "$fast" = 1 ]; then
    frame "files $*"
    a=self/environ
    for f do a="$a self/environ $f"; done
    LINSIGHT=$n cat $a
  else
    for f do frame "files $f"; cat "$f"; done
  fi
}

facts() {
  x=
  for p do x="$x ${perPid(PROCESS_FILES)}"; done
  files $x
}

in_parts() {
  size=$1 run=$2; shift 2
  part= count=0
  for one do
    part="$part $one" count=$((count + 1))
    if [ $count -ge $size ]; then $run $part; part= count=0; fi
  done
  if [ $count -gt 0 ]; then $run $part; fi
}

descriptors() {
  x=
  for p do x="$x $p/fd"; done
  frame descriptors
  ls $list self/fdinfo $x
}

links() {
  x=
  for p do x="$x ${perPid(PROCESS_LINKS)}"; done
  frame links
  ls $list -d $x
}

# One process of each network namespace but our own.
others() {
  for p do echo "$p/ns/net"; done | xargs ls $list -d |
    sed -n 's|^.* \([0-9][0-9]*\)/ns/net -> \(net:\[[0-9][0-9]*\]\)$|\2 \1|p' | sort -u -k1,1 | head -n ${MOST_NAMESPACES}
}

namespace() { files ${NAMESPACE_FILES.map(name => `$1/${name}`).join(' ')}; }

flows() {
  if [ -r net/nf_conntrack ]; then
    frame file net/nf_conntrack
    awk '{ k = 0; for (i = 1; i <= NF; i++) if ($i ~ /^(src|dst|sport|dport)=/) { k++; v[k] = substr($i, index($i, "=") + 1) }
      if (k == 8 && (v[1] != v[6] || v[2] != v[5] || v[3] != v[8] || v[4] != v[7])) print }' net/nf_conntrack |
      head -n ${MOST_FLOWS}
  fi
}

look() {
  set +f; set -- [0-9]*; set -f
  frame "look $(date -u +%s) $(cat sys/kernel/hostname)"
  files uptime version sys/kernel/random/boot_id self/status meminfo vmstat ${SYSCTL_FILES.join(' ')}
  frame links
  ls $list -d ${READER_LINKS.join(' ')}
  frame file stat
  sed -n -e '/^btime /p' -e '/^processes /p' stat
  frame file self/mountinfo
  sed -n '/ - proc /p' self/mountinfo
  namespace self/net
  flows
  own=$(ls $list -d self/ns/net | sed 's/^.* -> //')
  others "$@" | while read -r name p; do
    if [ "$name" != "$own" ]; then namespace "$p/net"; fi
  done
  in_parts ${PIDS_AN_LS} descriptors "$@"
  in_parts ${PIDS_AN_LS} links "$@"
  in_parts ${PIDS_A_CAT} facts "$@"
}

machine() {
  frame machine
  echo "kernel $(cat sys/kernel/osrelease)"
  echo "arch $(uname -m)"
  echo "hz $(getconf CLK_TCK)"
  echo "uid $(id -u)"
  case $(printf '\1\0' | od -An -tu2 | tr -d ' \n') in
    1) echo 'endian little' ;;
    256) echo 'endian big' ;;
  esac
  frame users
  cut -d: -f1,3 /etc/passwd | head -n 5000
}

collect() {
  list=-lnq
  ls -lnqd / > /dev/null || list=-ln
  fast=0
  case $(LINSIGHT=$n cat self/environ self/environ | tr '\000' '\n') in *"LINSIGHT=$n"*"LINSIGHT=$n"*) fast=1 ;; esac
  machine
  look
  if [ "$looks" = 2 ]; then sleep "$pause"; look; fi
  frame end
}

# Answers, and says so, where a linsight that fits is over there.
asked() {
  case $ask in nothing) return 1 ;; esac
  case $(linsight --version) in "linsight/$version"*) ;; *) return 1 ;; esac
  once || return 1
  if [ "$looks" = 2 ] && [ "$ask" = snapshot ]; then sleep "$pause"; once || return 1; fi
  frame end
}

once() {
  frame "$ask $(date -u +%s)"
  if [ "$ask" = diagnosis ]; then
    linsight diagnose --duration "$seconds"s "$trace" --fail-on never --record /dev/fd/3 3>&1 > /dev/null
  else
    linsight snapshot save -
  fi
  status=$?
  frame "status $status"
  return $status
}

answer() { asked || collect; }

main() {
  exec 2> /dev/null < /dev/null
  cd /proc && [ -r self/stat ] || { echo "${GREETING} $n none $(uname -s)"; exit 0; }
  set -f
  if command -v gzip > /dev/null; then
    echo "${GREETING} $n gzip $(date -u +%s)"
    answer | gzip -1c
  else
    echo "${GREETING} $n plain $(date -u +%s)"
    answer
  fi
}
main
`
