# SPDX-License-Identifier: MIT
# A baseline that could not be read, whole or at all, must not pass for a comparison.
incident logs
mkdir empty
gzip -c logs/billing.log | head -c 100 >cut.gz
for baseline in empty cut.gz logs; do
	lineup scan --no-builtin --baseline $baseline logs >report
	echo "status $?"
	sed -n '/^NOT READ/,$p' report
done
lineup scan --no-builtin --baseline empty -o report.json logs
jq -c '.inputs.troubles' report.json
