# SPDX-License-Identifier: MIT
# The first signal asks for the report of what was read so far.
mkfifo pipe
incident logs
"$LINEUP" scan --no-builtin -j "$JOBS" -o report.txt pipe logs &
program=$!
# Opened for writing only once the scan has opened it for reading: from then on it can be stopped.
exec 3>pipe
kill -TERM "$program"
exec 3>&-
wait "$program"
echo "status $?"
head -n 1 report.txt
