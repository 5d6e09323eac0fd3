# SPDX-License-Identifier: MIT
# Trouble that begins little by little: when it began is not sure, and the score is the mean over the
# onsets that are nearly as likely as the best one, not what that one alone would make of it.
awk -v n=39595 '
function chance(p) { n = (n * 16807) % 2147483647; return n < p * 2147483647 }
function say(s, service, level, text) { printf "2026-03-01T10:%02d:%02dZ host %s[7]: %s %s\n", s / 60, s % 60, service, level, text }
BEGIN {
	for (s = 0; s < 1800; s += 3) {
		say(s, "api", "INFO", "request served")
		if (chance(0.01) || (s >= 1200 && chance(0.04))) say(s, "db", "WARN", "slow write")
		if (chance(0.01) || (s >= 1260 && chance(0.1))) say(s, "api", "ERROR", "request failed")
		if (chance(0.005) || (s >= 1380 && chance(0.1))) say(s, "cache", "ERROR", "eviction failed")
	}
}
' >slowly.log
lineup scan --no-builtin --format json slowly.log |
	json '[[s["title"], s["service"], round(s["score"], 2)] for s in d["suspects"]]'
