/*
 * How promises and witnesses are told to the model checker.
 *
 * CHECK is 0 (every promise at once), the number of one promise, or the number of one witness. A promise must hold
 * wherever it is claimed. A witness names something that must be able to happen: it is asserted never to, and the
 * counter-example that must come shows how it does.
 */
#ifndef CHECK
#define CHECK 0
#endif
#define CLAIM(name, holds) assert((CHECK != 0 && CHECK != name) || (holds))
#define WITNESS(name, happens) assert(CHECK != name || !(happens))
