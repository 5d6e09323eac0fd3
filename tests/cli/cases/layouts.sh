# SPDX-License-Identifier: MIT
# Stamps in layouts of one's own, on the command line and from a file.
printf '%s\n' '# of the press' '' '  %Y/%j|%H.%M.%S  ' '%d~%m~%Y %H:%M' >layouts
printf '%s\n' 'x 2026/060|10.00.01 up' '02~03~2026 10:05 down' 'no time' >app.log
lineup lines --no-builtin --layout-file layouts app.log | while read -r line; do
	printf '%s\n' "$line" | json '[d["time"], d["time_basis"]]'
done
lineup lines --no-builtin --layout '%d~%m~%Y %H:%M' app.log | tail -n 2 | head -n 1 | json 'd["time"]'
echo '# none' >empty
echo '%H:%M' >short
for file in empty short missing; do
	status lineup lines --layout-file $file app.log
done
