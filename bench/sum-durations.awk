# The durations of a strace log added up by system call, without joining halves or telling threads apart.
{
  name = $3
  if (name == "<...") name = $4
  sub(/\(.*/, "", name)
  took = $NF
  if (took ~ /^<[0-9.]+>$/) {
    gsub(/[<>]/, "", took)
    calls[name]++
    seconds[name] += took
  }
}
END { for (name in calls) print name, calls[name], seconds[name] }
