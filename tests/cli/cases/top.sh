# SPDX-License-Identifier: MIT
# How many suspects are asked for changes nothing about the story: its first sentences, and the timeline.
incident logs
story() { lineup scan --no-builtin "$@" --format json logs | json '[d["summary"], d["timeline"]]'; }
story >told
for wish in '-n 1' '-n 2' '-n 0' '-v' '-n 1 --fail-on info'; do
	# shellcheck disable=SC2086
	story $wish | cmp told - && echo "the same with $wish"
done
for wish in '-n 1' '-n 1 --fail-on critical'; do
	# shellcheck disable=SC2086
	lineup scan --no-builtin $wish --format json logs | json '[s["id"] for s in d["suspects"]]'
done
