/*
 * The mail of one challenge: two workers fed by a queue that delivers at least once, a resend, the end of the challenge.
 *
 * A worker takes a lease, hands the mail over, records it; it may die anywhere, and each of its writes may be answered,
 * lost, or land late. A message may be with two workers at once, stays until somebody is done with it, and is dead after
 * RECEIVES tries.
 */
#include "claims.pml"

#ifndef RECEIVES
#define RECEIVES 3        /* maxReceiveCount */
#endif
#ifndef SENDS_PER_MAIL
#define SENDS_PER_MAIL 2
#endif
#define EXPIRES_AT 3
#ifdef RESEND
#define END 1             /* all happens before the end, which the scope without a resend shows */
#else
#define END EXPIRES_AT
#endif
#define LEASE 1           /* how long a lease lasts, in ticks */
#define WORKERS 2

/* The promises. */
#define HANDED 1                    /* a mail is handed over SENDS_PER_MAIL times for each that was asked for, at most */
#define NOT_WHEN_OVER 2             /* no lease on what is consumed, cancelled, exhausted, expired, or sent */
#define NO_SELF_HOLD 3              /* a worker's own retry is never told that another worker is at it */
#define COUNTED_ONCE 4              /* however often the write of a lease lands, it counts one */
#define NOT_FORGOTTEN 5             /* at rest a mail is settled, over, known to be given up, or its message is dead or unsent */

/* What must be reachable. */
#define SEEN_SENT 101
#define SEEN_SENT_TWICE 102
#define SEEN_GIVEN_UP 103
#define SEEN_HELD 104
#define SEEN_NOTHING_TO_DO 105
#define SEEN_OWN_LEASE_AGAIN 106
#define SEEN_SENT_AFTER_GIVING_BACK 107
#define SEEN_TWO_ASKED_ONE_SENT 108 /* two mails asked for before the lease are one */
#define SEEN_DEAD_LETTER 109        /* at rest, with a mail still owed */
#define SEEN_GIVEN_UP_UNSENT 110    /* LIMIT: nothing was handed over, yet the mail is given up */
#define SEEN_UNQUEUED 111           /* LIMIT: the function died between asking for a mail and queueing it */
#define SEEN_TWO_HOLDERS 112        /* LIMIT: a late record takes away the lease of a worker that is still sending */
#define SEEN_THIRD_HANDING_OVER 113 /* LIMIT: what the first mail left over, the second may use up */

mtype = { LEASED, HELD, NOTHING_TO_DO, GIVEN_UP };
mtype = { NONE, TAKE, RECORD, GIVE_BACK };

/* The item. */
byte asked = 1, sent;
byte lease_until, lease_by;         /* 0 while absent */
byte sends;                         /* the set of lease ids, a bit each */
byte allowed = SENDS_PER_MAIL;
bool over;                          /* consumed, cancelled or exhausted */

byte now;

/* The queue: message 0 comes from the issue, message 1 from the resend. */
bool queued[2];
byte receives[2];
byte lease_id[WORKERS];             /* of a message at work: crypto.fresh_entropy, here the least that nobody knows */

/* A write that nobody heard of; one at a time. */
mtype late = NONE;
byte late_lease, late_at, late_mails;

/* What really happened. */
byte handed;
byte settled;                       /* the newest mail that SES accepted or refused for good, and the worker knows it */
bool told;                          /* that the newest mail is given up: counted, and alarmed on */
bool unqueued;                      /* a mail was asked for and its message never queued */
#if CHECK > 100
byte handed_second;                 /* how often the second mail was handed over */
byte holds_until[WORKERS];          /* a worker that holds a lease and still works, until then; 0: none */
bool given_back;
#define HOLDS_UNTIL(who) holds_until[who]
#define REMEMBER(what) what
#else
#define handed_second 0
#define given_back false
#define HOLDS_UNTIL(who) 0
#define REMEMBER(what) skip
#endif
#ifdef MUTANT_LEASE_UNNAMED
byte holder;                        /* whose lease it really is */
#else
#define holder lease_by
#endif

#define BIT(id) (1 << (id))
#define SIZE(set) (((set) >> 1 & 1) + ((set) >> 2 & 1) + ((set) >> 3 & 1) + ((set) >> 4 & 1) + ((set) >> 5 & 1) \
	+ ((set) >> 6 & 1))

/* The condition, by the names of conditions.mail_owed. */
#ifdef MUTANT_SENDS_NUMBER
byte number;
#define SENDS number
#else
#define SENDS SIZE(sends)
#endif
#ifdef MUTANT_LEASE_UNNAMED
#define OWN_LEASE_ASKED_AGAIN(id) false
#else
#define OWN_LEASE_ASKED_AGAIN(id) (lease_by == id)
#endif
#ifdef MUTANT_SENDS_UNBOUNDED
#define SENDS_LEFT true
#else
#define SENDS_LEFT (SENDS < allowed)
#endif
#ifdef MUTANT_OVER_FORGOTTEN
#define OPEN_AT(at) (at < EXPIRES_AT)
#else
#define OPEN_AT(at) (!over && at < EXPIRES_AT)
#endif
#define FREE(at) (lease_until <= at)
#define OWED(at) (OPEN_AT(at) && sent < asked)
#define MAIL_OWED(id, at) (OWED(at) && (OWN_LEASE_ASKED_AGAIN(id) || (FREE(at) && SENDS_LEFT)))

/* DynamoChallenges.lease_mail and _no_mail. */
inline lease_mail(id, at, said) {
	if
	:: MAIL_OWED(id, at) ->
		CLAIM(NOT_WHEN_OVER, !over && at < EXPIRES_AT && sent < asked);
		WITNESS(SEEN_OWN_LEASE_AGAIN, lease_by == id);
		lease_until = at + LEASE;
		lease_by = id;
		sends = sends | BIT(id);
#ifdef MUTANT_LEASE_UNNAMED
		holder = id;
#endif
#ifdef MUTANT_SENDS_NUMBER
		number++;
#endif
		CLAIM(COUNTED_ONCE, SENDS == SIZE(sends));
		said = LEASED
	:: else ->
		said = (OWED(at) -> (FREE(at) -> GIVEN_UP : HELD) : NOTHING_TO_DO)
	fi
}

/* DynamoChallenges.give_back: only the holder can. */
inline give_back(id) {
	if
	:: lease_by == id ->
		sends = sends & ~BIT(id);
		lease_until = 0;
		lease_by = 0;
#ifdef MUTANT_SENDS_NUMBER
		number--;
#endif
		REMEMBER(given_back = true)
	:: else
	fi
}

#ifdef MUTANT_RECORDS_ALL
#define RECORDED(mails) asked
#else
#define RECORDED(mails) mails
#endif

/* DynamoChallenges._record: sent, or undeliverable, which owes as little. */
inline record(mails) {
	if
	:: sent < mails -> sent = RECORDED(mails); lease_until = 0; lease_by = 0
	:: else
	fi
}

#define KNOWN(id) ((sends & BIT(id)) || lease_by == id || late_lease == id || lease_id[1 - me] == id)
#define RECEIVE(m) atomic { \
	queued[m] && receives[m] < RECEIVES && (me == 0 || receives[0] || receives[1]) -> \
	message = m; receives[m]++; at = now; id = 1; \
	do \
	:: KNOWN(id) -> id++ \
	:: else -> break \
	od; \
	lease_id[me] = id; \
	printf("%d: worker %d receives message %d\n", now, me, m) }
#define SET_LATE(what) atomic { \
	late == NONE -> \
	late = what; late_lease = id; late_mails = mails; late_at = at; \
	printf("%d: worker %d hears nothing of its %e\n", now, me, what) }

/* Mailer.send: the mail may have gone out, whether or not SES said so. */
inline hand_over(me, mails) {
	handed++;
	REMEMBER(handed_second = handed_second + (mails == 2));
	printf("%d: worker %d hands mail %d over\n", now, me, mails);
	CLAIM(HANDED, handed <= SENDS_PER_MAIL * asked);
	WITNESS(SEEN_SENT_TWICE, handed == 2 && asked == 1);
	WITNESS(SEEN_SENT_AFTER_GIVING_BACK, given_back);
	WITNESS(SEEN_THIRD_HANDING_OVER, handed_second == 3)
}

inline settle(mails) {
	settled = (settled < mails -> mails : settled)
}

/* functions.deliver and Delivering.deliver. */
proctype Worker(byte me) {
	byte message, id, at, mails;
	mtype said;

receive:
end:	atomic {
		if
		:: RECEIVE(0)
		:: RECEIVE(1)
		fi;
		if
		:: true
		:: SET_LATE(TAKE) -> goto retry
		:: SET_LATE(TAKE) -> goto failed
		fi;
		goto lease
	};
retry:	skip;
lease:	atomic {
		lease_mail(id, at, said);
		printf("%d: worker %d is told %e\n", now, me, said);
		CLAIM(NO_SELF_HOLD, said != HELD || holder != id);
		WITNESS(SEEN_HELD, said == HELD);
		WITNESS(SEEN_NOTHING_TO_DO, said == NOTHING_TO_DO && !over);
		WITNESS(SEEN_GIVEN_UP, said == GIVEN_UP);
		told = told || said == GIVEN_UP;
		WITNESS(SEEN_GIVEN_UP_UNSENT, said == GIVEN_UP && !handed);
		WITNESS(SEEN_TWO_ASKED_ONE_SENT, said == LEASED && asked == 2 && sent == 0);
		if
		:: said == LEASED ->
			mails = asked;
			WITNESS(SEEN_TWO_HOLDERS, HOLDS_UNTIL(1 - me) > at);
			REMEMBER(holds_until[me] = at + LEASE)
		:: else
		fi;
		lease_id[me] = (said == LEASED -> id : 0)
	};
	if
	:: said == LEASED -> said = 0
#ifdef MUTANT_HELD_IS_DONE
	:: said != LEASED -> goto done
#else
	:: said == HELD -> goto failed
	:: said == NOTHING_TO_DO || said == GIVEN_UP -> goto done
#endif
	fi;
	if
	:: goto failed                  /* the function dies before it sends, or cannot derive the code */
	:: d_step { hand_over(me, mails) };
		if
		:: d_step { settle(mails); record(mails); WITNESS(SEEN_SENT, true) } -> goto done
		:: atomic { SET_LATE(RECORD); settle(mails) } -> goto failed
#ifdef MUTANT_UNKNOWN_GIVEN_BACK
		:: d_step { give_back(id) } -> goto failed
#endif
		:: goto failed              /* SES did not answer, or the function dies before it records */
		fi
	:: d_step { give_back(id) } -> goto failed   /* SES would not take it now */
	:: SET_LATE(GIVE_BACK) -> goto failed
	:: d_step { settle(mails); record(mails) } -> goto done  /* SES refuses it for good */
	fi;
done:
	queued[message] = false;
failed:
	atomic { message = 0; id = 0; at = 0; mails = 0; said = 0; lease_id[me] = 0; REMEMBER(holds_until[me] = 0) };
	goto receive
}

/* The write that nobody heard of lands, at some time, or never. */
active proctype Network() {
	mtype said;

end:	do
	:: atomic {
		late != NONE ->
		if
		:: printf("%d: the late %e lands\n", now, late);
			if
			:: late == TAKE -> lease_mail(late_lease, late_at, said)
			:: late == RECORD -> record(late_mails)
			:: late == GIVE_BACK -> give_back(late_lease)
			fi
		:: true
		fi;
		said = 0; late = NONE; late_lease = 0; late_at = 0; late_mails = 0
	}
	od
}

#ifdef RESEND
/* Issuing.resend: ask for one more mail, then queue it, or die in between. */
active proctype Resend() {
end:	atomic {
		OPEN_AT(now) ->
		asked++;
		told = false;
		allowed = allowed + SENDS_PER_MAIL;
		printf("%d: one more mail is asked for\n", now)
	};
	if
	:: queued[1] = true
	:: unqueued = true
	fi
}
#else
/* Succeeds, cancels or guesses wrong too often. */
active proctype Claimant() {
	if
	:: over = true
	:: true
	fi
}
#endif

active proctype Clock() {
	do
	:: now < END -> now++
#ifdef RESEND
	:: else -> break
#else
	:: break
#endif
	od
}

init {
	atomic {
		if
#ifndef RESEND
		:: unqueued = true          /* the function died between asking for the mail and queueing it */
#endif
		:: queued[0] = true
		fi;
		run Worker(0);
		run Worker(1)
	};
	timeout ->                      /* nothing moves any more */
	d_step {
		CLAIM(NOT_FORGOTTEN, over || now >= EXPIRES_AT || settled == asked || unqueued || told || queued[0] || queued[1]);
		WITNESS(SEEN_DEAD_LETTER, OWED(now) && !told && (queued[0] || queued[1]));
		WITNESS(SEEN_UNQUEUED, OWED(now) && unqueued && !queued[0] && !queued[1])
	}
}
