# SPDX-License-Identifier: MIT
# --fail-on looks at every suspect, shown or not.
incident logs
cat >shop.yaml <<'END'
pack: shop
title: Our shop
rules:
  - id: shop/pool-exhausted
    title: Connection pool exhausted
    severity: high
    match: 'connection pool exhausted \(pool_active=(?<pool_active>\d+)'
    cause: every connection is in use
    fix: find what the holders wait for
    examples: ['ERROR connection pool exhausted (pool_active=50 of 50)']
END
set -- --no-builtin -r shop.yaml -o report.json logs
lineup scan --fail-on high "$@"
echo "status $?"
lineup scan --fail-on info "$@"
echo "status $?"
lineup scan --fail-on critical "$@"
echo "status $?"
json '[[s["id"], s["severity"], s["service"], s["count"]] for s in d["suspects"] if s["id"].startswith("shop")]' <report.json
json 'all(abs(s["score"] - sum(r["points"] for r in s["reasons"])) < 1e-3 for s in d["suspects"])' <report.json
lineup scan --no-builtin -r shop.yaml logs | grep -c 'find what the holders wait for'
lineup scan --fail-on high --no-builtin -r shop.yaml -o report.json --exclude billing.log logs
echo "status $?"
lineup scan -n 1 --fail-on high --no-builtin -r shop.yaml -e 'order failed' -e accepted --format json logs >report.json
echo "status $?"
json 'len(d["suspects"])' <report.json
