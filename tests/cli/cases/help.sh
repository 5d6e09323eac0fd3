# SPDX-License-Identifier: MIT
# Help is on standard output with status 0, names every option, and hides what is for tests.
lineup --help >overview
echo "status $?"
head -n 1 overview
for command in scan lines rules help; do
	lineup help "$command" >one
	status lineup "$command" --help >two
	tail -n 1 two
	grep -v '^status' two | cmp - one
	head -n 1 one
done
lineup help scan | grep -c chunk-size
lineup help options | cut -f 2 | while read -r name; do
	for command in scan lines rules help; do
		lineup help $command
	done | grep -q -- "--$name" || echo "no help for --$name"
done
lineup --version | head -n 1
lineup -V | grep -c '^hyperscan [0-9]'
awk 'length > 80' overview
for command in scan lines rules; do lineup help $command; done | awk 'length > 80'
