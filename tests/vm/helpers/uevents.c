// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uevents FILE: writes the kernel's uevents to FILE, a line each with a blank between two variables, until it is ended.
 */
#include <linux/netlink.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(const char *what)
{
	perror(what);
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	char buf[65536];
	FILE *out;
	int s;

	if (argc != 2) {
		fprintf(stderr, "usage: uevents FILE\n");
		return 2;
	}
	/* appended, so that a caller may empty it */
	out = fopen(argv[1], "a");
	if (!out)
		return fail(argv[1]);
	setvbuf(out, NULL, _IOLBF, 0);
	s = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	if (s < 0 || bind(s, (struct sockaddr *)&kernel, sizeof(kernel)))
		return fail("uevents of the kernel");
	fputs("listening\n", out);
	for (;;) {
		ssize_t n = recv(s, buf, sizeof(buf), 0);

		if (n < 0)
			return fail("uevents of the kernel");
		for (ssize_t i = 0; i < n; i++)
			fputc(buf[i] ? buf[i] : ' ', out);
		fputc('\n', out);
	}
}
