/* SPDX-License-Identifier: MIT */
#include "src/judge/bayes.h"

#include <math.h>

/*
 * Why Bayes factors and not p-values or ratios. A factor says by how much the counts speak for a
 * change, and it carries its own penalty for small counts: one new line against nothing is worth
 * less than one nat, ten are worth a lot, and "0 of 3 instead of 3 of 3" lies between, without any
 * threshold. Factors of unlike things (a rate, a share, a delay) are in one unit and may be added
 * and compared.
 *
 * The priors are the usual ones that say least: Jeffreys' Beta(1/2, 1/2) for a share; for a rate
 * Gamma(1/2) whose mean is one event in all the time that was looked at, since what is under
 * suspicion is mostly rare.
 */
#define PRIOR 0.5

/* lgamma without the sign that it leaves in a variable of the whole program: trials run side by
 * side. */
static double ln_gamma(double x)
{
	int sign;
	return lgamma_r(x, &sign);
}

static double ln_beta(double a, double b)
{
	return ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
}

double bayes_shares(double k0, double n0, double k1, double n1)
{
	return ln_beta(PRIOR + k0, PRIOR + n0 - k0) + ln_beta(PRIOR + k1, PRIOR + n1 - k1) -
	       ln_beta(PRIOR, PRIOR) - ln_beta(PRIOR + k0 + k1, PRIOR + n0 + n1 - k0 - k1);
}

/* The marginal likelihood of k events in e, without the factors that cancel. */
static double ln_marginal(double k, double e, double scale)
{
	return ln_gamma(PRIOR + k) - ln_gamma(PRIOR) + PRIOR * log(scale) -
	       (PRIOR + k) * log(scale + e);
}

double bayes_rates(double k0, double e0, double k1, double e1)
{
	double scale = PRIOR * (e0 + e1);
	return ln_marginal(k0, e0, scale) + ln_marginal(k1, e1, scale) -
	       ln_marginal(k0 + k1, e0 + e1, scale);
}

double soft_cap(double x, double cap)
{
	return x > 0 ? cap * -expm1(-x / cap) : 0;
}
