/*
 * One identity and its failure streak: wrong guesses on one open challenge, successes on two others, repeats of both.
 *
 * The streak is a set of attempt ids in an item of its own, so a guess takes two writes: one on the challenge, one on the
 * streak. Between them the function may die, and either write may land late. The challenges' own write is the business of
 * attempts.pml; here a guess that may be judged has been.
 */
#include "claims.pml"

#define GUESSERS 2
#define REQUESTS 2                  /* of each guesser and claimant: one, and its repeat, or another */
#define CLAIMANTS 2                 /* each has a challenge of its own, on which it succeeds */
#define END 2

/* The promises. */
#define COUNTED 1                   /* a wrong guess is on the streak before it is answered */
#define COUNTED_ONCE 2              /* however often it is sent */
#define ENDED_ONCE 3                /* a success ends one streak: a repeat of an older one ends no newer streak */

/* What must be reachable. */
#define SEEN_ENDED 101
#define SEEN_REPEAT_ENDED 102       /* the first write of a success failed, and its repeat ended the streak */
#define SEEN_REPEAT_IGNORED 103     /* the repeat of an older success changed nothing */
#define SEEN_SILENT_FAILURE 104     /* LIMIT: a guess was judged, its function died, and the streak never hears of it */
#define SEEN_FAILURE_DROPPED 105    /* LIMIT: a guess answered after a success was taken off by that success */
#define SEEN_FAILURE_DROPPED_BY_REPEAT 106  /* LIMIT: the same, but by the repeat of a success, long after it */

/* The item. */
byte failures;                      /* the set of attempt ids, a bit each */
byte last_verified_at;              /* 0 while absent */
#ifdef MUTANT_NUMBER
byte number;
#define STREAK number
#else
#define STREAK SIZE(failures)
#endif

byte now = 1;
byte consumed_at[CLAIMANTS];        /* 0 while its challenge is open */
bool keyed[GUESSERS];
byte late_failure[GUESSERS];        /* an add_failure nobody heard of, by attempt id; 0: none */

/* What really happened. */
byte added;                         /* attempts whose failure was ever counted */
byte since_end;                     /* attempts whose failure was counted since the streak last ended */
#if CHECK > 100
byte after_success;                 /* attempts answered as wrong since the newest success was written */
#define REMEMBER(id) after_success = after_success | BIT(id)
#define SUCCEED after_success = 0
#else
#define after_success 0
#define REMEMBER(id) skip
#define SUCCEED skip
#endif
byte ended;                         /* bit c: the success of claimant c has ended a streak */

#define BIT(id) (1 << (id))
#define SIZE(set) (((set) >> 1 & 1) + ((set) >> 2 & 1) + ((set) >> 3 & 1) + ((set) >> 4 & 1))
#define ID(me, request) (1 + REQUESTS * (me) + (keyed[me] -> 0 : request))

/* DynamoIdentities.add_failure. */
inline add_failure(id) {
	failures = failures | BIT(id);
	added = added | BIT(id);
	since_end = since_end | BIT(id);
#ifdef MUTANT_NUMBER
	number++;
#endif
	CLAIM(COUNTED_ONCE, STREAK == SIZE(since_end))
}

#ifdef MUTANT_ANY_SUCCESS
#define NEWER(at) true
#else
#define NEWER(at) (last_verified_at < at)
#endif

/* DynamoIdentities.record_success; `at` is when the challenge was consumed, however late the write. */
inline record_success(me, at, is_repeat) {
	if
	:: NEWER(at) ->
		printf("%d: the success of claimant %d at %d ends the streak of %d\n", now, me, at, STREAK);
		CLAIM(ENDED_ONCE, !(ended & BIT(me)));
		WITNESS(SEEN_ENDED, failures);
		WITNESS(SEEN_REPEAT_ENDED, is_repeat && failures);
		WITNESS(SEEN_FAILURE_DROPPED, (failures & after_success) && !(is_repeat));
		WITNESS(SEEN_FAILURE_DROPPED_BY_REPEAT, (failures & after_success) && is_repeat && now > at);
		ended = ended | BIT(me);
		failures = 0;
		since_end = 0;
		last_verified_at = at;
#ifdef MUTANT_NUMBER
		number = 0;
#endif
	:: else -> WITNESS(SEEN_REPEAT_IGNORED, is_repeat && failures)
	fi
}

inline answer_wrong(me, id) {
	printf("%d: attempt %d is answered WRONG\n", now, id);
	CLAIM(COUNTED, added & BIT(id));
	REMEMBER(id)
}

/* Verifying.verify with a wrong code. */
proctype Guesser(byte me) {
	byte request, id;

	do
	:: request < REQUESTS ->
		id = ID(me, request);       /* judged: one of the challenge's tries */
#ifdef MUTANT_ANSWERED_FIRST
		d_step { answer_wrong(me, id) };
		if
		:: d_step { add_failure(id) }
		:: true                     /* the function dies */
		fi;
#else
		if
		:: atomic { add_failure(id) -> answer_wrong(me, id) }
		:: d_step { late_failure[me] = id; printf("%d: attempt %d is not answered\n", now, id) }
		:: WITNESS(SEEN_SILENT_FAILURE, !(added & BIT(id)))  /* the function dies between the writes */
		fi;
#endif
		d_step { id = 0; request++ }
	:: else -> break
	od
}

/* Verifying.verify with the right code and a key: the success, and its repeat. */
proctype Claimant(byte me) {
	byte request;

	d_step {
		consumed_at[me] = now;
		SUCCEED;
		printf("%d: claimant %d succeeds\n", now, me)
	};
	do
	:: request < REQUESTS ->
		if
		:: d_step { record_success(me, consumed_at[me], request > 0) }
		:: true                     /* the streak cannot be ended, or the function dies: the success stands */
		fi;
		request++
	:: else -> break
	od
}

active proctype Network() {

end:	do
	:: d_step { late_failure[0] -> add_failure(late_failure[0]); late_failure[0] = 0 }
	:: d_step { late_failure[1] -> add_failure(late_failure[1]); late_failure[1] = 0 }
	od
}

active proctype Clock() {
	do
	:: now < END -> now++
	:: else -> break
	od
}

init {
	atomic {
		if
		:: keyed[0] = true
		:: true
		fi;
		if
		:: keyed[1] = keyed[0]
		:: true
		fi;
		run Guesser(0);
		run Guesser(1);
		run Claimant(0);
		run Claimant(1)
	}
}
