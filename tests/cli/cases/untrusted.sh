# SPDX-License-Identifier: MIT
# No byte of a log or of a file name reaches the terminal as a command, in any format.
name=$(printf 'a\033[31m\x0a=b.log')
for i in 1 2 3 4 5 6; do
	printf '2026-03-01T10:00:0%s ERROR \033]0;owned\007 \302\233 \342\200\256evil \377 password=hunter2 from 10.0.0.7\n' $i >>"$name"
done
for format in text json jsonl csv; do
	lineup scan --no-builtin -e ERROR --format $format . >out
	echo "$format $? $(tr -d '\n' <out | tr -cd '\000-\037\177' | wc -c)"
	lineup scan --no-builtin -e ERROR -v --redact --format $format . | grep -cE 'hunter2|10\.0\.0\.7'
done
lineup scan --no-builtin -e ERROR --format json . | json 'len(d["detections"])'
lineup lines --no-builtin . | head -n 1 | json '[d["path"]]'
status lineup scan "$(printf 'no\033[31msuch')"
