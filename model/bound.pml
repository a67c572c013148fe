/*
 * One identity that never succeeds: how long can its streak grow before it gets no challenge any more?
 *
 * Issue reads the streak, and opens a challenge on the terms for it: two steps, between which others act. A guess is
 * judged in one write and counted in the next, likewise. No life is longer than the day of the address window, so a
 * challenge that lives is one of the last MOST_OPEN that were sent for. Time is told in ages, so it never ends.
 *
 * BOUND is what Policy.most_failures says for these numbers, asked of the product's own arithmetic. Where a request may be
 * under way while a mail leaves the window (STRADDLE), one challenge more can be guessed on: BOUND_OF_ONE_MORE.
 */
#include "claims.pml"

#ifdef STRADDLE
#define ALLOWS BOUND_OF_ONE_MORE
#else
#define ALLOWS BOUND
#endif
#define DAY (MOST_OPEN + 1)         /* the longest life and the address window, in ticks; a tick is the address interval */
#define REQUESTS 2                  /* as many issues, and as many guesses, are under way at once */

/* The promises. */
#define BOUNDED 1                   /* no more wrong guesses between successes than most_failures says */

/* What must be reachable. */
#define SEEN_BOUND_REACHED 101      /* the bound is no looser than the worst that can happen */
#define SEEN_LOCKED 102
#define SEEN_STALE_TERMS 103        /* LIMIT: a challenge is opened on the terms of a streak that has grown meanwhile */
#define SEEN_BEYOND_BOUND 104       /* LIMIT: requests under way when a mail leaves the window lead past most_failures */

byte streak;                        /* wrong guesses that are counted, so may be answered */
byte uncounted;                     /* judged, not counted yet */
byte age[MOST_OPEN] = DAY;          /* of the last challenges, the newest first */
byte left[MOST_OPEN];               /* guesses that they can still take */
byte terms[REQUESTS];               /* attempts for a challenge about to be opened; 0: no issue under way */
bool spanned;                       /* some request under way began before the last tick */
#define NOBODY (!terms[0] && !terms[1] && !uncounted)
byte tick;                          /* scratch */

#ifdef MUTANT_STEP_UP_FORGOTTEN
#define TERMS MANY
#else
#define TERMS (streak >= STEP_UP -> FEW : MANY)
#endif
#ifdef MUTANT_LOCK_FORGOTTEN
#define LOCKED false
#else
#define LOCKED (streak >= REFUSE)
#endif
#ifdef MUTANT_WINDOW_FORGOTTEN
#define WINDOW_ALLOWS (age[0] >= 1)
#else
#define WINDOW_ALLOWS (age[MOST_OPEN - 1] >= DAY && age[0] >= 1)
#endif

/* Issuing.issue: DynamoIdentities.failures and Policy.terms, then the transaction of DynamoChallenges.open. */
#define ISSUE(request) \
	:: d_step { terms[request] == 0 && !LOCKED -> \
		terms[request] = TERMS; printf("an issue reads a streak of %d\n", streak) } \
	:: d_step { terms[request] && WINDOW_ALLOWS -> \
		WITNESS(SEEN_STALE_TERMS, terms[request] != TERMS || LOCKED); \
		tick = MOST_OPEN - 1; \
		do \
		:: tick > 0 -> age[tick] = age[tick - 1]; left[tick] = left[tick - 1]; tick-- \
		:: else -> break \
		od; \
		age[0] = 0; left[0] = terms[request]; terms[request] = 0; \
		printf("a challenge is opened, for %d guesses\n", left[0]) } \
	:: d_step { terms[request] && !WINDOW_ALLOWS -> terms[request] = 0 }

#define GUESS(at) \
	:: d_step { left[at] && uncounted < REQUESTS -> \
		left[at]--; uncounted++; printf("a guess is judged\n") }

active proctype World() {
end:	do
	ISSUE(0)
	ISSUE(1)
	GUESS(0)
#if MOST_OPEN > 1
	GUESS(1)
#endif
#if MOST_OPEN > 2
	GUESS(2)
#endif
	:: d_step {                     /* DynamoIdentities.add_failure, then the answer */
		uncounted ->
		uncounted--;
		streak++;
		printf("a wrong guess is counted and answered: %d\n", streak);
		CLAIM(BOUNDED, streak <= ALLOWS);
		WITNESS(SEEN_BEYOND_BOUND, streak > BOUND);
		WITNESS(SEEN_BOUND_REACHED, streak == BOUND);
		WITNESS(SEEN_LOCKED, LOCKED)
	}
	:: d_step {                     /* time passes; a request lasts less than a tick */
#ifdef STRADDLE
		NOBODY || !spanned ->
		spanned = !NOBODY;
#else
		NOBODY ->
#endif
		tick = 0;
		do
		:: tick < MOST_OPEN ->
			age[tick] = (age[tick] < DAY -> age[tick] + 1 : DAY);
			left[tick] = (age[tick] < DAY -> left[tick] : 0);
			tick++
		:: else -> break
		od;
		tick = 0;
		printf("a tick passes\n")
	}
	od
}
