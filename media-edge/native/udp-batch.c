/*
 * UDP for the relay: a thread waits for packets of all its legs at once and gets them into one buffer that it shares
 * with JavaScript. Against the runtime's own sockets this leaves out an allocation, an object and a callback a packet,
 * and a read that only finds the socket empty; the relay then costs less than half.
 *
 * Node-API 8, one instance a thread. Every function runs on the thread that has loaded it, and only `wait` blocks.
 *
 *     setUp(packets: ArrayBuffer, notes: ArrayBuffer)   the shared memory: 64 slots of 2048 bytes and one for packets of
 *                                                       our own; four int32 for each of the 64
 *     open(address, port): id                           throws with `code` as in EADDRINUSE
 *     portOf(id): port
 *     aim(id, address, port)                            where `send` goes from now on
 *     connect(id, address, port)                        the same, and nobody else is heard
 *     send(id, offset, bytes)                           from the packets' memory
 *     wait(timeoutMs, restMs): count                    slots 0..count-1 are filled; 0 after the time. First rests until
 *                                                       restMs after it last woke up, unless all slots were filled then
 *     sourceOf(slot): address
 *     close(id)
 */
#define _GNU_SOURCE
#include "node-api.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { slot_count = 64, slot_bytes = 2048, packets_bytes = (slot_count + 1) * slot_bytes, notes_per_slot = 4, most_sockets = 65536 };

/* What a slot holds, as JavaScript reads it. A negative length: the system reported that a packet of ours was refused. */
enum { note_id, note_bytes, note_is_new_source, note_port };

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} Address;

typedef struct {
  int fd; /* -1: free */
  bool is_connected;
  socklen_t aim_bytes; /* 0: nowhere yet */
  Address aim;
  Address last_source;
} Socket;

typedef struct {
  int epoll;
  uint8_t *packets;
  int32_t *notes;
  napi_ref packets_ref;
  napi_ref notes_ref;
  Socket *sockets;
  int socket_count;
  Address sources[slot_count];
  struct timespec woke_at;
  bool was_full;
} Batch;

static socklen_t address_bytes(const Address *address) {
  return address->any.sa_family == AF_INET6 ? sizeof address->v6 : sizeof address->v4;
}

static bool same_source(const Address *one, const Address *other) {
  if (one->any.sa_family != other->any.sa_family) return false;
  if (one->any.sa_family == AF_INET6)
    return one->v6.sin6_port == other->v6.sin6_port && memcmp(&one->v6.sin6_addr, &other->v6.sin6_addr, sizeof one->v6.sin6_addr) == 0;
  return one->v4.sin_port == other->v4.sin_port && one->v4.sin_addr.s_addr == other->v4.sin_addr.s_addr;
}

static int port_of(const Address *address) {
  return ntohs(address->any.sa_family == AF_INET6 ? address->v6.sin6_port : address->v4.sin_port);
}

static bool parse_address(const char *text, int port, Address *address) {
  memset(address, 0, sizeof *address);
  if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons(port);
    return true;
  }
  if (inet_pton(AF_INET6, text, &address->v6.sin6_addr) != 1) return false;
  address->v6.sin6_family = AF_INET6;
  address->v6.sin6_port = htons(port);
  return true;
}

static const char *code_of(int error) {
  switch (error) {
    case EADDRINUSE: return "EADDRINUSE";
    case EADDRNOTAVAIL: return "EADDRNOTAVAIL";
    case EACCES: return "EACCES";
    case EMFILE: return "EMFILE";
    case EINVAL: return "EINVAL";
    default: return "EUDP";
  }
}

static napi_value fail(napi_env env, int error) {
  napi_throw_error(env, code_of(error), strerror(error));
  return NULL;
}

static Batch *batch_of(napi_env env) {
  void *data = NULL;
  napi_get_instance_data(env, &data);
  return data;
}

static int32_t number(napi_env env, napi_value value) {
  int32_t result = -1;
  napi_get_value_int32(env, value, &result);
  return result;
}

static napi_value to_number(napi_env env, int32_t value) {
  napi_value result = NULL;
  napi_create_int32(env, value, &result);
  return result;
}

static void arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  napi_get_cb_info(env, info, &count, values, NULL, NULL);
}

static bool read_address(napi_env env, napi_value text, napi_value port, Address *address) {
  char name[64];
  size_t bytes = 0;
  if (napi_get_value_string_utf8(env, text, name, sizeof name, &bytes) != napi_ok) return false;
  return parse_address(name, number(env, port), address);
}

static Socket *socket_of(Batch *batch, int32_t id) {
  if (id < 0 || id >= batch->socket_count || batch->sockets[id].fd < 0) return NULL;
  return &batch->sockets[id];
}

static bool shared_memory(napi_env env, napi_value value, size_t least, void **memory, napi_ref *reference) {
  size_t bytes = 0;
  if (napi_get_arraybuffer_info(env, value, memory, &bytes) != napi_ok || bytes < least) return false;
  return napi_create_reference(env, value, 1, reference) == napi_ok;
}

static napi_value set_up(napi_env env, napi_callback_info info) {
  napi_value values[2];
  arguments(env, info, 2, values);
  Batch *batch = batch_of(env);
  void *packets = NULL, *notes = NULL;
  if (batch->packets != NULL) return fail(env, EINVAL);
  if (!shared_memory(env, values[0], packets_bytes, &packets, &batch->packets_ref)) return fail(env, EINVAL);
  if (!shared_memory(env, values[1], slot_count * notes_per_slot * sizeof(int32_t), &notes, &batch->notes_ref)) return fail(env, EINVAL);
  batch->packets = packets;
  batch->notes = notes;
  batch->epoll = epoll_create1(EPOLL_CLOEXEC);
  return batch->epoll < 0 ? fail(env, errno) : NULL;
}

static int free_id(Batch *batch) {
  for (int id = 0; id < batch->socket_count; id += 1)
    if (batch->sockets[id].fd < 0) return id;
  if (batch->socket_count == most_sockets) return -1;
  int count = batch->socket_count == 0 ? 64 : batch->socket_count * 2;
  Socket *more = realloc(batch->sockets, count * sizeof *more);
  if (more == NULL) return -1;
  for (int id = batch->socket_count; id < count; id += 1) more[id].fd = -1;
  int id = batch->socket_count;
  batch->sockets = more;
  batch->socket_count = count;
  return id;
}

static napi_value open_socket(napi_env env, napi_callback_info info) {
  napi_value values[2];
  arguments(env, info, 2, values);
  Batch *batch = batch_of(env);
  Address address;
  if (!read_address(env, values[0], values[1], &address)) return fail(env, EINVAL);
  int id = free_id(batch);
  if (id < 0) return fail(env, EMFILE);
  int fd = socket(address.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return fail(env, errno);
  struct epoll_event wanted = {.events = EPOLLIN, .data.u32 = (uint32_t)id};
  if (bind(fd, &address.any, address_bytes(&address)) < 0 || epoll_ctl(batch->epoll, EPOLL_CTL_ADD, fd, &wanted) < 0) {
    int error = errno;
    close(fd);
    return fail(env, error);
  }
  batch->sockets[id] = (Socket){.fd = fd};
  return to_number(env, id);
}

static napi_value port_of_socket(napi_env env, napi_callback_info info) {
  napi_value values[1];
  arguments(env, info, 1, values);
  Socket *own = socket_of(batch_of(env), number(env, values[0]));
  Address address;
  socklen_t bytes = sizeof address;
  if (own == NULL) return fail(env, EINVAL);
  if (getsockname(own->fd, &address.any, &bytes) < 0) return fail(env, errno);
  return to_number(env, port_of(&address));
}

static napi_value aim(napi_env env, napi_callback_info info) {
  napi_value values[3];
  arguments(env, info, 3, values);
  Socket *own = socket_of(batch_of(env), number(env, values[0]));
  Address address;
  if (own == NULL || !read_address(env, values[1], values[2], &address)) return fail(env, EINVAL);
  own->aim = address;
  own->aim_bytes = address_bytes(&address);
  return NULL;
}

static napi_value connect_socket(napi_env env, napi_callback_info info) {
  napi_value values[3];
  arguments(env, info, 3, values);
  Socket *own = socket_of(batch_of(env), number(env, values[0]));
  Address address;
  if (own == NULL || !read_address(env, values[1], values[2], &address)) return fail(env, EINVAL);
  if (connect(own->fd, &address.any, address_bytes(&address)) < 0) return fail(env, errno);
  own->is_connected = true;
  return NULL;
}

/* What the system does not take at once is lost, as on the way; sound that comes late is of no use. */
static napi_value send_packet(napi_env env, napi_callback_info info) {
  napi_value values[3];
  arguments(env, info, 3, values);
  Batch *batch = batch_of(env);
  Socket *own = socket_of(batch, number(env, values[0]));
  int32_t offset = number(env, values[1]), bytes = number(env, values[2]);
  if (own == NULL || offset < 0 || bytes < 0 || offset > packets_bytes - bytes) return fail(env, EINVAL);
  if (own->is_connected)
    (void)!send(own->fd, batch->packets + offset, bytes, MSG_DONTWAIT);
  else if (own->aim_bytes > 0)
    (void)!sendto(own->fd, batch->packets + offset, bytes, MSG_DONTWAIT, &own->aim.any, own->aim_bytes);
  return NULL;
}

static bool receive(Batch *batch, int id, int slot) {
  Socket *own = &batch->sockets[id];
  Address *source = &batch->sources[slot];
  socklen_t bytes = sizeof *source;
  int32_t *notes = batch->notes + slot * notes_per_slot;
  ssize_t length = recvfrom(own->fd, batch->packets + slot * slot_bytes, slot_bytes, MSG_DONTWAIT | MSG_TRUNC, &source->any, &bytes);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  bool is_new = length >= 0 && !same_source(source, &own->last_source);
  if (is_new) own->last_source = *source;
  notes[note_id] = id;
  /* Longer than a slot: no RTP. It is handed on as an empty packet, which is refused and counted. */
  notes[note_bytes] = length > slot_bytes ? 0 : (int32_t)length;
  notes[note_is_new_source] = is_new;
  notes[note_port] = length < 0 ? 0 : port_of(source);
  return true;
}

/* Waking up costs more than a packet, here and where the packets go: what comes meanwhile is then handled in one go. */
static void rest(const Batch *batch, int32_t milliseconds) {
  if (milliseconds <= 0 || milliseconds >= 1000 || batch->was_full) return;
  struct timespec until = batch->woke_at;
  until.tv_nsec += milliseconds * 1000000L;
  if (until.tv_nsec >= 1000000000L) {
    until.tv_sec += 1;
    until.tv_nsec -= 1000000000L;
  }
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

/* The first packet of each socket that has some. @returns how many slots are filled now */
static int take(Batch *batch, int filled, int32_t timeout_ms) {
  struct epoll_event ready[slot_count];
  int count = epoll_wait(batch->epoll, ready, slot_count - filled, timeout_ms);
  for (int index = 0; index < count; index += 1)
    if (receive(batch, (int)ready[index].data.u32, filled)) filled += 1;
  return filled;
}

static napi_value wait_for_packets(napi_env env, napi_callback_info info) {
  napi_value values[2];
  arguments(env, info, 2, values);
  Batch *batch = batch_of(env);
  int32_t rest_ms = number(env, values[1]);
  rest(batch, rest_ms);
  int before = 0, filled = take(batch, 0, number(env, values[0]));
  clock_gettime(CLOCK_MONOTONIC, &batch->woke_at);
  /* Who rests takes all that has come: a flood at one socket does not hold up the packets behind it. */
  while (rest_ms > 0 && filled > before && filled < slot_count) {
    before = filled;
    filled = take(batch, filled, 0);
  }
  batch->was_full = filled == slot_count;
  return to_number(env, filled);
}

static napi_value source_of(napi_env env, napi_callback_info info) {
  napi_value values[1], result = NULL;
  arguments(env, info, 1, values);
  int32_t slot = number(env, values[0]);
  if (slot < 0 || slot >= slot_count) return fail(env, EINVAL);
  const Address *source = &batch_of(env)->sources[slot];
  char text[INET6_ADDRSTRLEN] = "";
  const void *bits = source->any.sa_family == AF_INET6 ? (const void *)&source->v6.sin6_addr : (const void *)&source->v4.sin_addr;
  inet_ntop(source->any.sa_family, bits, text, sizeof text);
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
  return result;
}

static napi_value close_socket(napi_env env, napi_callback_info info) {
  napi_value values[1];
  arguments(env, info, 1, values);
  Socket *own = socket_of(batch_of(env), number(env, values[0]));
  if (own == NULL) return NULL;
  close(own->fd);
  own->fd = -1;
  return NULL;
}

/* The thread has ended. */
static void tear_down(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  Batch *batch = data;
  for (int id = 0; id < batch->socket_count; id += 1)
    if (batch->sockets[id].fd >= 0) close(batch->sockets[id].fd);
  if (batch->epoll >= 0) close(batch->epoll);
  free(batch->sockets);
  free(batch);
}

static void add(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value) == napi_ok)
    napi_set_named_property(env, exports, name, value);
}

/* By these two names Node finds a module that can be loaded by several threads. */
__attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1(void) { return 8; }

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  Batch *batch = calloc(1, sizeof *batch);
  if (batch == NULL) return fail(env, ENOMEM);
  batch->epoll = -1;
  napi_set_instance_data(env, batch, tear_down, NULL);
  add(env, exports, "setUp", set_up);
  add(env, exports, "open", open_socket);
  add(env, exports, "portOf", port_of_socket);
  add(env, exports, "aim", aim);
  add(env, exports, "connect", connect_socket);
  add(env, exports, "send", send_packet);
  add(env, exports, "wait", wait_for_packets);
  add(env, exports, "sourceOf", source_of);
  add(env, exports, "close", close_socket);
  return exports;
}
