/* Parts of the C library that the bootstrap is linked without: none of them answers a request, and together they are a
   third of what a static binary takes from the C library. What is defined here is not taken from there. */

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <time.h>

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
