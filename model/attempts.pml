/*
 * One challenge, and everybody who may touch it: clients who guess, one who cancels, some who resend, the clock.
 *
 * A write to the table is one atomic step, as UpdateItem is. The network loses requests and answers, and it delays: a
 * write whose answer was lost may have landed, may land at any time later, or never (`late`). So the SDK's own retry and
 * a client's repeat both meet the first try's effect, before it, after it, or not at all.
 *
 * A mutant is the protocol with one idea taken away (-DMUTANT_…); README.md has the table.
 */
#include "claims.pml"

#ifndef CLIENTS
#define CLIENTS 2
#endif
#ifndef END
#define END 4             /* the clock stops when REPEAT has passed after the last possible success */
#endif
#ifndef RESENDS
#define RESENDS 1
#endif
#define KEYS 2            /* clients 0 and 2 share a key, so that a repeat runs beside its original */
#define REQUESTS 2        /* of each client: one, and one repeat */
#define ALLOWED 2         /* attempts_allowed */
#define LIFE 2            /* of the code after each mail, in ticks */
#define LATEST 3          /* issue + hard maximum */
#define REPEAT 2          /* REPEAT_WINDOW */
#define INTERVAL 1        /* address_interval */

/* The promises. */
#define ONE_SUCCESS 1               /* no two attempts are accepted */
#define REVEALED 2                  /* no more guesses are answered than allowed */
#define COUNTED_ONCE 3              /* however often an attempt is sent, it spends one */
#define NO_LOST_SUCCESS 4           /* who succeeded and asks again in time is accepted again */
#define NOT_AFTER_CANCEL 5          /* no first success */
#define NOT_AFTER_EXPIRY 6          /* no first success */
#define REPEAT_ENDS 7               /* a success can be fetched for REPEAT, and no longer */
#define LIFE_BOUNDED 8              /* a resend neither shortens the life nor extends it beyond LATEST */
#define REASONED 9                  /* a refusal has a reason */

/* What must be reachable. */
#define SEEN_ACCEPTED 101
#define SEEN_ACCEPTED_AGAIN 102     /* the first answer was lost, the repeat is accepted */
#define SEEN_FETCHED_AFTER_EXPIRY 103
#define SEEN_TOO_LATE 104           /* one's own success, asked for again after REPEAT */
#define SEEN_BEATEN 105             /* a right guess, but another attempt was first */
#define SEEN_EXHAUSTED 106
#define SEEN_ANSWERED_AGAIN 107     /* exhausted, but the repeat of a counted guess is still answered */
#define SEEN_EXPIRED 108
#define SEEN_CANCELLED 109
#define SEEN_SAVED_BY_RESEND 110    /* accepted at a time when the first mail's code would have been over */
#define SEEN_LATE_WRITE_WIN 111     /* the write that consumed landed after another had been answered */
#define SEEN_CANCEL_REFUSED 112
#define SEEN_RESEND_REFUSED 113     /* by the last attempt, a success, a cancellation or expiry */

mtype = { ACCEPTED, WRONG, CONSUMED, CANCELLED, EXHAUSTED, EXPIRED, UNEXPLAINED };

/* The item. */
short tries;                        /* the set of attempt ids, a bit each */
byte consumed_by;                   /* an attempt id, 0 while absent */
byte consumed_at;
bool cancelled;
byte expires_at = LIFE;
byte sent_0;                        /* when the newest mail was asked for: the address window */

byte now;

/* Who guesses, and which writes are still on their way. */
bool right[CLIENTS];
byte key[CLIENTS];                  /* 0: no Idempotency-Key. Two clients with one key: a repeat beside its original */
byte late[CLIENTS];                 /* when the request of such a write was made, plus one; 0: none */

/* What really happened, whatever the item says. */
short judged, revealed, accepted;   /* attempts: judged by a write; known to be right or wrong; known to be right */
byte winner, won_at;
#if CHECK > 100
bool lost[CLIENTS];                 /* the client's first request was not answered at first */
#define LOST(me) lost[me]
#define SET_LOST(me) lost[me] = true
#else
#define LOST(me) false
#define SET_LOST(me) skip
#endif

/* derive_attempt_id: an unkeyed request is an attempt of its own; the same key and guess are the same attempt. */
#define UNKEYED (CLIENTS * REQUESTS)
#define ID(me, request) (key[me] -> UNKEYED + 2 * key[me] + right[me] - 1 : 1 + REQUESTS * (me) + (request))
#define BIT(id) (1 << (id))
#define SIZE(set) (((set) >> 1 & 1) + ((set) >> 2 & 1) + ((set) >> 3 & 1) + ((set) >> 4 & 1) + ((set) >> 5 & 1) \
	+ ((set) >> 6 & 1) + ((set) >> 7 & 1) + ((set) >> 8 & 1) + ((set) >> 9 & 1) + ((set) >> 10 & 1))

/* The condition, by the names of conditions.py. */
#ifdef MUTANT_NUMBER
byte number;
#define SPENT number
#define ALREADY_COUNTED(id) false
#else
#define SPENT SIZE(tries)
#define ALREADY_COUNTED(id) (tries & BIT(id))
#endif

#ifdef MUTANT_EXPIRY_INCLUDED
#define NOT_EXPIRED(at) (expires_at >= at)
#else
#define NOT_EXPIRED(at) (expires_at > at)
#endif

#ifdef MUTANT_CANCEL_FORGOTTEN
#define NOT_CANCELLED true
#else
#define NOT_CANCELLED !cancelled
#endif

#if defined MUTANT_REPEAT_FOREVER
#define OWN_SUCCESS_ASKED_AGAIN(id, at) (consumed_by == id)
#elif defined MUTANT_STRICT_CONSUME
#define OWN_SUCCESS_ASKED_AGAIN(id, at) false
#else
#define OWN_SUCCESS_ASKED_AGAIN(id, at) (consumed_by == id && consumed_at + REPEAT > at)
#endif

#define NOT_OVER(at) (!consumed_by && NOT_CANCELLED && NOT_EXPIRED(at))
#define ATTEMPTS_LEFT (SPENT < ALLOWED)
#define OPEN_AT(at) (NOT_OVER(at) && ATTEMPTS_LEFT)
#define MAY_BE_JUDGED(id, at) \
	(OWN_SUCCESS_ASKED_AGAIN(id, at) || (NOT_OVER(at) && (ATTEMPTS_LEFT || ALREADY_COUNTED(id))))

#if defined MUTANT_READ_COMPARE_WRITE
bool permitted[CLIENTS];
#define CONDITION(me, id, at) permitted[me]
#elif defined MUTANT_MAC_IN_CONDITION
#define CONDITION(me, id, at) (MAY_BE_JUDGED(id, at) && right[me])
#define NO_REASON WRONG
#elif defined MUTANT_STRICT_CONSUME
bool reserved[CLIENTS];
#define CONDITION(me, id, at) (reserved[me] && !(right[me] && consumed_by))
#else
#define CONDITION(me, id, at) MAY_BE_JUDGED(id, at)
#endif
#ifndef NO_REASON
#define NO_REASON UNEXPLAINED       /* the table refused what the rules allow: `_reason` raises Unavailable */
#endif

inline reveal(id, is_right) {
	revealed = revealed | BIT(id);
	accepted = (is_right -> accepted | BIT(id) : accepted);
	CLAIM(REVEALED, SIZE(revealed) <= ALLOWED);
	CLAIM(ONE_SUCCESS, SIZE(accepted) <= 1)
}

inline count(me, id) {
	tries = tries | BIT(id);
	judged = judged | BIT(id);
	reveal(id, right[me]);              /* whoever hears of it: a status may tell what an answer did not */
#ifdef MUTANT_NUMBER
	number++;
#endif
	CLAIM(COUNTED_ONCE, SPENT == SIZE(judged))
}

inline consume(id, at) {
	if
	:: !winner ->
		CLAIM(NOT_AFTER_CANCEL, !cancelled);
		CLAIM(NOT_AFTER_EXPIRY, at < expires_at);
		winner = id;
		won_at = at
	:: else
	fi;
	consumed_at = (consumed_by -> consumed_at : at);
	consumed_by = id
}

/* Challenge.refusal: the first reason that holds. The old item alone gives it, so it says nothing of the guess. */
#define REFUSAL(id, at) (consumed_by -> CONSUMED : (cancelled -> CANCELLED : \
	(!ATTEMPTS_LEFT && !ALREADY_COUNTED(id) -> EXHAUSTED : (expires_at <= at -> EXPIRED : NO_REASON))))

/* DynamoChallenges.spend_attempt: the one write. */
inline spend_attempt(me, id, at, verdict) {
	if
	:: CONDITION(me, id, at) ->
		count(me, id);
		if
		:: right[me] -> consume(id, at); verdict = ACCEPTED
		:: else -> verdict = WRONG
		fi
	:: else -> verdict = REFUSAL(id, at)
	fi
}

/* What mutants do before the deciding write. */
inline prepare(me, id, at) {
#if defined MUTANT_READ_COMPARE_WRITE
	permitted[me] = MAY_BE_JUDGED(id, at)
#elif defined MUTANT_STRICT_CONSUME
	d_step {
		reserved[me] = MAY_BE_JUDGED(id, at);
		if
		:: reserved[me] -> count(me, id)
		:: else
		fi
	}
#else
	skip
#endif
}

inline answer(me, id, at, verdict) {
	printf("%d: client %d is answered %e\n", now, me, verdict);
	CLAIM(REASONED, verdict != UNEXPLAINED);
	CLAIM(NO_LOST_SUCCESS, !(winner == id && at < won_at + REPEAT) || verdict == ACCEPTED);
	CLAIM(REPEAT_ENDS, verdict != ACCEPTED || at < won_at + REPEAT);
	if
	:: verdict == ACCEPTED || verdict == WRONG -> reveal(id, verdict == ACCEPTED)
	:: else
	fi;
	WITNESS(SEEN_ACCEPTED, verdict == ACCEPTED);
	WITNESS(SEEN_ACCEPTED_AGAIN, verdict == ACCEPTED && LOST(me) && key[me] && winner == id && at > won_at);
	WITNESS(SEEN_FETCHED_AFTER_EXPIRY, verdict == ACCEPTED && at >= expires_at);
	WITNESS(SEEN_TOO_LATE, verdict == CONSUMED && winner == id);
	WITNESS(SEEN_BEATEN, verdict == CONSUMED && right[me] && winner != id);
	WITNESS(SEEN_EXHAUSTED, verdict == EXHAUSTED && right[me]);
	WITNESS(SEEN_ANSWERED_AGAIN, verdict == WRONG && !ATTEMPTS_LEFT && LOST(me) && key[me]);
	WITNESS(SEEN_EXPIRED, verdict == EXPIRED && right[me]);
	WITNESS(SEEN_CANCELLED, verdict == CANCELLED && right[me]);
	WITNESS(SEEN_SAVED_BY_RESEND, verdict == ACCEPTED && won_at >= LIFE);
	verdict = 0
}

/*
 * A client and the function that serves it: a request, and one more, which repeats the first if there is a key. A
 * request that is lost on its way there is one that was not made.
 */
proctype Client(byte me) {
	byte request, at, id;
	mtype verdict;

	do
	:: request < REQUESTS ->
		d_step {
			at = now;
			id = ID(me, request);
			printf("%d: client %d makes a guess (right: %d), attempt %d\n", now, me, right[me], id)
		};
		prepare(me, id, at);
		if
		:: d_step { spend_attempt(me, id, at, verdict); answer(me, id, at, verdict) }
		:: atomic {                 /* no answer: 503, a crash, an answer that the network loses */
			request == 0 ->
			late[me] = at + 1;
			SET_LOST(me);
			printf("%d: client %d hears nothing\n", now, me)
		};
			if
			:: true                 /* the SDK gives up */
			:: d_step { spend_attempt(me, id, at, verdict); answer(me, id, at, verdict) }
			fi
		fi;
		d_step { at = 0; id = 0; request++ }
	:: else -> break
	od
}

/* The writes that nobody heard of: each may have landed, land at any time, or never. */
#define LANDS(who) d_step { \
	late[who] -> \
	id = ID(who, 0); \
	at = late[who] - 1; \
	printf("%d: the first write of client %d lands\n", now, who); \
	WITNESS(SEEN_LATE_WRITE_WIN, right[who] && !winner && revealed && MAY_BE_JUDGED(id, at)); \
	spend_attempt(who, id, at, verdict); \
	id = 0; at = 0; verdict = 0; late[who] = 0 }

active proctype Network() {
	byte id, at;
	mtype verdict;

end:	do
	:: LANDS(0)
#if CLIENTS > 1
	:: LANDS(1)
#endif
#if CLIENTS > 2
	:: LANDS(2)
#endif
	od
}

/* DynamoChallenges.cancel. */
active proctype Cancel() {
	d_step {
		WITNESS(SEEN_CANCEL_REFUSED, consumed_by);
		cancelled = !consumed_by;
		printf("%d: cancelled: %d\n", now, cancelled)
	}
}

/* Issuing.resend and DynamoChallenges.ask_again: one transaction of the challenge and the address window. */
#ifdef MUTANT_RESEND_UNBOUNDED
#define RENEWED(at) (at + LIFE)
#else
#define RENEWED(at) (at + LIFE < LATEST -> at + LIFE : LATEST)
#endif
#ifdef MUTANT_RESEND_UNLIMITED
#define INSIDE_WINDOW(at) true
#else
#define INSIDE_WINDOW(at) (sent_0 + INTERVAL <= at)
#endif

#if RESENDS
active [RESENDS] proctype Resend() {
	byte at, before;

	at = now;
	d_step {
		WITNESS(SEEN_RESEND_REFUSED, !OPEN_AT(at));
		if
		:: OPEN_AT(at) && INSIDE_WINDOW(at) ->
			before = expires_at;
			expires_at = RENEWED(at);
			sent_0 = at;
#ifdef MUTANT_RESEND_RENEWS
			tries = 0;
#endif
			printf("%d: sent again, over at %d\n", now, expires_at);
			CLAIM(LIFE_BOUNDED, before <= expires_at && expires_at <= LATEST)
		:: else
		fi;
		before = 0; at = 0
	}
}
#endif

active proctype Clock() {
	do
	:: now < END -> now++
	:: break
	od
}

/* Every choice of clients, but only in one order: they differ by nothing else. */
init {
	byte one, kind;

	atomic {
		do
		:: one < CLIENTS ->
			do
			:: kind < 3 -> kind++
			:: break
			od;
			right[one] = kind % 2;
			key[one] = kind / 2 * (1 + one % KEYS);
			one++
		:: else -> break
		od;
		do
		:: one > 0 -> one--; run Client(one)
		:: else -> break
		od;
		kind = 0
	}
}
