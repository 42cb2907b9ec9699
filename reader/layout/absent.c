/* Parts of the C library that the bootstrap is linked without: none of them answers a request, and together they are
   half of what a static binary takes from the C library. What is defined here is not taken from there. */

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* No host has to be found by its name: Lambda gives the Runtime API's address. A name is refused with the C library's own
   message. */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  (void)host, (void)service, (void)hints, (void)found;
  return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *found) { (void)found; }

int __res_init(void) { return -1; }

/* A thread keeps the resolver's state here, and no more than that: it has none. */
__thread void *__libc_resp;

/* Where the main thread's stack ends, which the C library reads from /proc/self/maps. Rust wants it for its message about a
   stack that overflowed; without it the process dies of the same signal. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes) {
  (void)thread, (void)attributes;
  return ENOSYS;
}

/* Local time, for SQLite's modifier of that name, which no statement has: it answers that there is none. */
struct tm *localtime_r(const time_t *time, struct tm *local) {
  (void)time, (void)local;
  return 0;
}

/* What printf and all of its kin are made of. The C library itself says unusual errors with them, and nothing else in the
   binary calls one: SQLite has its own, and so has Rust. */
int __vfprintf_internal(FILE *file, const char *format, va_list arguments, unsigned mode) {
  (void)file, (void)format, (void)arguments, (void)mode;
  return -1;
}

/* The C library's assertions about itself, which would need them. */
void __assert_fail(const char *assertion, const char *file, unsigned line, const char *function) {
  (void)line;
  const char *parts[] = {file, ": ", function ? function : "", ": assertion failed: ", assertion, "\n"};
  for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
    if (write(STDERR_FILENO, parts[part], strlen(parts[part])) < 0) break;
  abort();
}

/* A message in another language: it is the one in English. What reads translations is made of locales, character sets and
   shared libraries. */
char *__dcgettext(const char *domain, const char *message, int category) {
  (void)domain, (void)category;
  return (char *)message;
}
