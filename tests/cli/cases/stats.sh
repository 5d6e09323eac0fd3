# SPDX-License-Identifier: MIT
# --stats: what was read and what it cost, on standard error. Seconds and memory vary, and are cut.
printf '%s\n' '2026-03-01T10:15:10Z ERROR pool exhausted' 'no stamp' >app.log
gzip -k app.log
command "$LINEUP" scan --stats --no-builtin -e 'pool exhausted' -j "$JOBS" --no-progress \
	app.log app.log.gz 2>&1 >report |
	sed -E -e "s/of $JOBS threads/of N threads/" -e 's/^(  [A-Za-z]+) +[0-9.]+ s.*/\1 N s/' \
		-e 's/^(compiled rules: |memory: ).*/\1.../'
[ -s report ] && echo "the report is on standard output"

# No rule of the program's own is dear enough to be asked of each line by itself.
command "$LINEUP" scan --stats -j "$JOBS" --no-progress app.log 2>&1 >report | grep -o '[0-9]* line by line'
