# SPDX-License-Identifier: MIT
# What is wrong with a command line is said in one line, with status 2, and nothing is scanned.
incident logs
status lineup scna logs
status lineup logs
status lineup scan
status lineup scan --formt json logs
status lineup scan --format jsn logs
status lineup scan --format html logs
status lineup scan -j 0 logs
status lineup scan --window soon logs
status lineup scan --since noon logs
status lineup scan --incident 17:00 logs
status lineup scan --fail-on terrible logs
status lineup scan --tz Nowhere/Land logs
status lineup scan -r missing.yaml logs
status lineup scan -f missing.txt logs
status lineup scan --changes missing.csv logs
status lineup scan -o no/such/report.json logs
status lineup lines --top 3 logs
status lineup help nothing
status lineup lines
status lineup 2>&1 | tail -n 1
status lineup scan -e 'pool (' logs
status lineup lines -e 'pool' -e '[z-a]' logs
status lineup help scna
status lineup version
status lineup lines logs -s
status lineup lines logs --layout
status lineup scan --layout-file missing.txt logs
status lineup rules list -f missing.txt
status lineup scan --baseline 10:00-10:10 logs
status lineup scan --incident 10:15..10:16 --incident 10:17..10:18 logs
status lineup scan --incident 10:15.. logs
status lineup scan --incident '2026-03-01 10:15..2026-03-01 10:15' logs
status lineup scan --baseline monday/ --baseline tuesday/ logs
status lineup scan ''
echo '- id: shop/none' >none.yaml
status lineup scan --no-builtin -r none.yaml logs
# A file that was named and has no rule in it is no set of rules in which all is well.
status lineup rules test none.yaml
