/*
 * The least that any server can do: the same bytes, written to one socket after the other as soon as anything comes from one of
 * them. What comes is not looked at. Prints its port; ends with its input.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKETS_MAX 20000
#define EVENTS_MAX 256
#define READ_BYTES 65536

static const char UPGRADED[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

static int sockets[SOCKETS_MAX];
static int count = 0;
/* Whether the upgrade was answered, by descriptor. */
static char upgraded[SOCKETS_MAX + 64];
static char incoming[READ_BYTES];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void watch(int epoll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

/* All of it, or the socket is too slow to be measured. */
static void write_all(int fd, const char *bytes, size_t length) {
  if (write(fd, bytes, length) != (ssize_t)length) fail("write");
}

static void forget(int fd) {
  close(fd);
  for (int at = 0; at < count; at++) {
    if (sockets[at] == fd) sockets[at] = sockets[--count];
  }
}

static void take(int fd, const char *frame, size_t length) {
  ssize_t got = read(fd, incoming, sizeof incoming);
  if (got <= 0) {
    forget(fd);
    return;
  }
  if (!upgraded[fd]) {
    upgraded[fd] = 1;
    sockets[count++] = fd;
    write_all(fd, UPGRADED, sizeof UPGRADED - 1);
    return;
  }
  for (int at = 0; at < count; at++) write_all(sockets[at], frame, length);
}

/* The message is the one argument: framed as a WebSocket sends it. */
int main(int argc, char **argv) {
  if (argc != 2) return 2;
  size_t text = strlen(argv[1]);
  if (text < 126 || text > 65535) return 2;
  size_t length = text + 4;
  char *frame = malloc(length);
  frame[0] = (char)0x81;
  frame[1] = 126;
  frame[2] = (char)(text >> 8);
  frame[3] = (char)(text & 255);
  memcpy(frame + 4, argv[1], text);

  int server = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(server, (struct sockaddr *)&address, size) < 0 || listen(server, 4096) < 0) fail("listen");
  getsockname(server, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);

  int epoll = epoll_create1(0);
  watch(epoll, server);
  watch(epoll, 0);
  for (;;) {
    struct epoll_event events[EVENTS_MAX];
    int ready = epoll_wait(epoll, events, EVENTS_MAX, -1);
    for (int at = 0; at < ready; at++) {
      int fd = events[at].data.fd;
      if (fd == 0) return 0;
      if (fd != server) {
        take(fd, frame, length);
        continue;
      }
      int client = accept(server, NULL, NULL);
      if (client < 0 || client >= SOCKETS_MAX) fail("accept");
      int on = 1;
      setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      upgraded[client] = 0;
      watch(epoll, client);
    }
  }
}
