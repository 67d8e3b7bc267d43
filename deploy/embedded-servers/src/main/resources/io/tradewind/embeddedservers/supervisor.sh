# Keeps one server as a child, and never lets it outlive the program that asked for it.
#
#   $1      signal that asks the server to stop in good order (TERM, INT)
#   $2      seconds it gets for that, before SIGKILL
#   $3      file that its output is appended to
#   $4...   the server's command
#
# Standard input is a pipe whose other end only the asking program holds. It is never written to: its end,
# be it closed in good order or by a kill -9, is the order to stop the server. The server's process id is the
# one line on standard output; the exit code is the server's.

# Ctrl-C and a closed terminal are for the asking program: it drains first, then closes the pipe.
trap '' INT QUIT HUP

stop_signal=$1
grace_seconds=$2
log=$3
shift 3

# Without setsid the shell's job control is what gives the server a process group of its own.
if [ "$TRADEWIND_JOB_CONTROL" = yes ]; then
  set -m
fi
unset TRADEWIND_JOB_CONTROL

# A shell gives background jobs an empty standard input, so the pipe needs a number of its own. The server must
# not inherit it: only the guard may wait on it.
exec 3<&0 </dev/null

"$@" >>"$log" 2>&1 3<&- &
server=$!
echo "$server"

(
  # Nothing may keep the asking program's reading end open but this script itself.
  exec >/dev/null 2>&1
  read -r _ <&3
  kill -s "$stop_signal" "$server"
  waited=0
  while [ "$waited" -lt "$grace_seconds" ] && kill -0 "$server"; do
    sleep 1
    waited=$((waited + 1))
  done
  kill -s KILL "$server"
) &
guard=$!
exec 3<&-

wait "$server"
status=$?
kill -s KILL "$guard" 2>/dev/null
exit "$status"
