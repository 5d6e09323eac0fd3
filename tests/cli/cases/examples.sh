# SPDX-License-Identifier: MIT
# Every command line of README.md and of the man page runs.
incident logs
tar cJf bundle.tar.xz logs
cp -r logs yesterday
printf '2026-03-01T10:14:00Z,billing,deploy 7\n' >changes.csv
mkdir my-rules
sed -n '/^```yaml$/,/^```$/p' "$SOURCE/README.md" | grep -v '^```' >my-rules/shop.yaml
# What the README shows of rules is without fault.
lineup rules check --strict my-rules/
lineup rules test --strict my-rules/
{
	sed -n '/^```sh$/,/^```$/p' "$SOURCE/README.md" | grep '^lineup '
	sed -n 's/\\-/-/g; /^lineup [a-z]* /p' "$SOURCE/src/man/lineup.1"
} | sort -u >examples
while read -r line; do
	eval "$line" >out 2>&1 </dev/null
	status=$?
	[ $status -le 1 ] || { echo "$line: status $status"; head -n 3 out; }
done <examples
[ "$(wc -l <examples)" -ge 8 ] && echo "all were run"
