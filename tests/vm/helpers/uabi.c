// SPDX-License-Identifier: GPL-2.0-or-later
// flags: -I/repo/include/uapi
/*
 * uabi get NODE CALL [FIELD=VALUE...]: one vendor ioctl, prints "FIELD VALUE" lines, or its error's name and status 1
 * uabi sizes NODE: structures short, long, at the end of memory and in none; prints what is wrong
 * uabi calls NODE: "CALL ERROR" of each call with nothing asked for
 * uabi held NODE: opens, says so, and does the same for each line of its input
 * uabi loop NODE TIMES: all that only read, over and over
 * uabi readonly NODE: makes a namespace with a structure that cannot be written; prints the error
 */
#include "uabi.h"

#include <sys/mman.h>

#define GUARD 0xa5

static int fd;
static int wrong;

static void bad(const struct call *c, const char *what, long got)
{
	printf("%s: %s (%ld)\n", c->name, what, got);
	wrong = 1;
}

/* 0 or the error of one call with a structure of all zeroes but its size */
static int ask(const struct call *c, void *at, unsigned int size)
{
	*(unsigned int *)at = size;
	return ioctl(fd, c->number, at) ? errno : 0;
}

static int refused_size(int error)
{
	return error == EINVAL || error == EPERM;
}

static unsigned char *page;

static void fill(unsigned int zeroes)
{
	memset(page, GUARD, 8192);
	memset(page, 0, zeroes);
}

static int guard_broken(unsigned int from)
{
	for (; from < 8192; from++)
		if (page[from] != GUARD)
			return 1;
	return 0;
}

static int nonzero(unsigned int from, unsigned int to)
{
	for (; from < to; from++)
		if (page[from])
			return 1;
	return 0;
}

/* What each call says when nothing is wrong with the structure but, perhaps, its values. */
static int plain(const struct call *c)
{
	fill(4096);
	return ask(c, page, c->bytes);
}

static void lengths(const struct call *c)
{
	static const unsigned int more[] = { 1, 8, 100 };
	int usual = plain(c), error;
	unsigned int i, size;

	for (size = 0; size < c->least; size++) {
		fill(0);
		memset(page, 0, c->least);
		error = ask(c, page, size);
		if (error != EINVAL)
			bad(c, "a size below the fields that are read", error);
		if (guard_broken(c->least) || nonzero(4, c->least))
			bad(c, "wrote though it refused the size", size);
	}
	for (size = c->least; size <= c->bytes; size += 4) {
		fill(size);
		error = ask(c, page, size);
		if (error != usual)
			bad(c, "a shorter structure answers something else", error);
		if (guard_broken(size))
			bad(c, "wrote behind the size it was given", size);
		if (!error && *(unsigned int *)page != size)
			bad(c, "says that it filled", *(unsigned int *)page);
	}
	for (i = 0; i < sizeof(more) / sizeof(*more); i++) {
		size = c->bytes + more[i];
		fill(size);
		error = ask(c, page, size);
		if (error != usual)
			bad(c, "a longer structure answers something else", error);
		if (guard_broken(size))
			bad(c, "wrote behind the longer structure", size);
		if (!error && (*(unsigned int *)page != c->bytes || nonzero(c->bytes, size)))
			bad(c, "a longer structure's rest is not zero, or size is", *(unsigned int *)page);
		page[size - 1] = 1;
		error = ask(c, page, size);
		if (error != E2BIG || *(unsigned int *)page != c->bytes)
			bad(c, "a field that is not known yet", error);
	}
	fill(8192);
	error = ask(c, page, 4097);
	if (error != E2BIG)
		bad(c, "a size above 4096", error);
	fill(4096);
	((unsigned int *)page)[1] = 0x80000000u;
	error = ask(c, page, c->bytes);
	if (error != EINVAL)
		bad(c, "an unknown flag", error);
}

/* @page is followed by a page that is not there. */
static void edges(const struct call *c)
{
	int usual = plain(c), error;
	unsigned char *at = page + 8192 - c->bytes;

	memset(at, 0, c->bytes);
	error = ask(c, at, c->bytes);
	if (error != usual)
		bad(c, "a structure at the end of memory", error);
	memset(at, 0, c->bytes);
	error = ask(c, at, c->bytes + 8);
	if (error != EFAULT)
		bad(c, "a structure that reaches into no memory", error);
	if (ioctl(fd, c->number, page + 8192 - 2) != -1 || errno != EFAULT)
		bad(c, "a size that reaches into no memory", errno);
	if (ioctl(fd, c->number, NULL) != -1 || errno != EFAULT)
		bad(c, "no structure", errno);
	if (ioctl(fd, c->number, (void *)-4096l) != -1 || errno != EFAULT)
		bad(c, "the kernel's memory", errno);
}

static void sizes(void)
{
	unsigned int i, n;

	page = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || munmap(page + 8192, 4096))
		exit(2);
	for (i = 0; i < NR_CALLS; i++) {
		if (refused_size(plain(&calls[i])) && calls[i].reads)
			bad(&calls[i], "a call that only reads is refused", errno);
		lengths(&calls[i]);
		edges(&calls[i]);
	}
	for (n = 0; n < 256; n++) {
		for (i = 0; i < NR_CALLS; i++)
			if (_IOC_NR(calls[i].number) == n)
				break;
		fill(4096);
		if (i == NR_CALLS && (ioctl(fd, _IO('G', n), page) != -1 || errno != ENOTTY)) {
			printf("number %#x is not ENOTTY (%d)\n", n, errno);
			wrong = 1;
		}
		/* the size is in the structure, so it is not in the number */
		if (i < NR_CALLS && (ioctl(fd, _IOWR('G', n, char[16]), page) != -1 || errno != ENOTTY)) {
			printf("number %#x with a size is not ENOTTY (%d)\n", n, errno);
			wrong = 1;
		}
	}
}

static void all(void)
{
	unsigned char buffer[4096];
	unsigned int i;
	int error;

	for (i = 0; i < NR_CALLS; i++) {
		memset(buffer, 0, sizeof(buffer));
		error = ask(&calls[i], buffer, calls[i].bytes);
		printf("%s %s\n", calls[i].name, error ? strerrorname_np(error) : "0");
	}
	fflush(stdout);
}

static int loop(unsigned int times)
{
	unsigned char buffer[4096];
	unsigned int i;
	int error, done = 0;

	while (times--) {
		for (i = 0; i < NR_CALLS; i++) {
			memset(buffer, 0, sizeof(buffer));
			if (!calls[i].reads)
				continue;
			error = ask(&calls[i], buffer, calls[i].bytes);
			done += !error;
			if (error && error != EAGAIN && error != EINTR && error != ENODATA && error != ENOENT &&
			    error != EREMOTEIO)
				printf("%s: %s\n", calls[i].name, strerrorname_np(error));
		}
	}
	fprintf(stderr, "%d answers\n", done);
	return !done;
}

static int readonly(void)
{
	struct gmx_ioc_ns_create *req = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (req == MAP_FAILED)
		return 2;
	req->size = sizeof(*req);
	req->blocks = 131072;
	if (mprotect(req, 4096, PROT_READ))
		return 2;
	puts(ioctl(fd, GMX_IOCTL_NS_CREATE, req) ? strerrorname_np(errno) : "0");
	return 0;
}

int main(int argc, char **argv)
{
	char line[64];

	if (argc < 3)
		return 2;
	fd = open(argv[2], O_RDONLY);
	if (fd < 0) {
		printf("%s: %s\n", argv[2], strerrorname_np(errno));
		return 2;
	}
	if (!strcmp(argv[1], "get") && argc > 3)
		return call_by_name(fd, argv[3], argv + 4);
	if (!strcmp(argv[1], "readonly"))
		return readonly();
	if (!strcmp(argv[1], "sizes")) {
		sizes();
	} else if (!strcmp(argv[1], "calls")) {
		all();
	} else if (!strcmp(argv[1], "loop") && argc > 3) {
		return loop(atoi(argv[3]));
	} else if (!strcmp(argv[1], "held")) {
		puts("open");
		fflush(stdout);
		while (fgets(line, sizeof(line), stdin))
			all();
	} else {
		return 2;
	}
	return wrong;
}
