// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cutfiles load DIR LEDGER SEED
 *	replaces, appends to and deletes files until the power goes, each change made durable with fsync or fdatasync and
 *	then logged to LEDGER, a file of the host.
 * cutfiles check DIR LEDGER
 *	after the power is back: is every file as it was logged last, or one change further?
 * Lines of the ledger: "v FILE VERSION", and "l LOG BYTES". What a file's version is, its number tells.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES	   24u
#define LOGS	   4u
#define MAX_BYTES  (40u << 10)
#define MAX_LOG	   (256u << 10)
#define MAX_APPEND (12u << 10)
#define SHOW	   8u

static uint32_t versions[FILES], lengths[LOGS];
static uint8_t data[MAX_LOG + 1], want[MAX_LOG];
static int dir, ledger;
static unsigned int wrong;

static void __attribute__((format(printf, 1, 2), noreturn)) fail(const char *fmt, ...)
{
	int error = errno;
	va_list args;

	va_start(args, fmt);
	fputs("FAILED: cutfiles: ", stdout);
	vprintf(fmt, args);
	printf(": %s\n", strerror(error));
	exit(1);
}

static void __attribute__((format(printf, 1, 2))) violation(const char *fmt, ...)
{
	va_list args;

	if (wrong++ >= SHOW)
		return;
	va_start(args, fmt);
	fputs("WRONG file: ", stdout);
	vprintf(fmt, args);
	putchar('\n');
}

static uint64_t mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static void content(uint8_t *to, uint64_t what, size_t from, size_t len)
{
	uint64_t word = 0;

	for (size_t at = from; at < from + len; at++) {
		if (at == from || at % 8 == 0)
			word = mix(what + at / 8);
		to[at - from] = (uint8_t)(word >> at % 8 * 8);
	}
}

/* Of a version: 0 is the file that never was, and some others are deletions. */
static uint64_t version_key(unsigned int file, uint32_t version)
{
	return mix((uint64_t)file << 32 | version) << 20;
}

static bool version_exists(unsigned int file, uint32_t version)
{
	return version && version_key(file, version) >> 61;
}

static size_t version_bytes(unsigned int file, uint32_t version)
{
	return 1 + (version_key(file, version) >> 24) % MAX_BYTES;
}

static uint64_t log_key(unsigned int log)
{
	return mix(0x10c000ull + log) << 20;
}

static void log_line(char kind, unsigned int number, uint32_t value)
{
	char line[64];
	int len = snprintf(line, sizeof(line), "%c %u %u\n", kind, number, value);

	if (write(ledger, line, (size_t)len) != len)
		fail("the ledger");
}

static void file_replace(const char *name, unsigned int file, uint32_t version)
{
	size_t bytes = version_bytes(file, version);
	int fd = openat(dir, "fresh", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	content(data, version_key(file, version), 0, bytes);
	if (fd < 0 || write(fd, data, bytes) != (ssize_t)bytes || fsync(fd) || close(fd))
		fail("version %u of %s is not written", version, name);
	if (renameat(dir, "fresh", dir, name) || fsync(dir))
		fail("version %u of %s takes no place", version, name);
}

static void file_change(unsigned int file)
{
	uint32_t version = versions[file] + 1;
	char name[32];

	snprintf(name, sizeof(name), "file-%u", file);
	if (version_exists(file, version))
		file_replace(name, file, version);
	else if ((unlinkat(dir, name, 0) && errno != ENOENT) || fsync(dir))
		fail("%s is not deleted", name);
	versions[file] = version;
	log_line('v', file, version);
}

static void log_append(unsigned int log, size_t bytes)
{
	char name[32];
	int fd;

	if (lengths[log] + bytes > MAX_LOG)
		return;
	snprintf(name, sizeof(name), "log-%u", log);
	fd = openat(dir, name, O_WRONLY | O_CREAT, 0644);
	content(data, log_key(log), lengths[log], bytes);
	if (fd < 0 || pwrite(fd, data, bytes, lengths[log]) != (ssize_t)bytes || fdatasync(fd) || close(fd))
		fail("%s does not take %zu bytes", name, bytes);
	/* the file's name, too */
	if (!lengths[log] && fsync(dir))
		fail("the folder");
	lengths[log] += (uint32_t)bytes;
	log_line('l', log, lengths[log]);
}

static void load(uint64_t seed)
{
	for (uint64_t n = 0;; n++) {
		uint64_t r = mix(mix(seed) + n);

		if (r % 4)
			file_change((unsigned int)(r >> 8) % FILES);
		else
			log_append((unsigned int)(r >> 8) % LOGS, 1 + (r >> 32) % MAX_APPEND);
	}
}

/* -1: there is none */
static ssize_t file_read(const char *name)
{
	int fd = openat(dir, name, O_RDONLY);
	ssize_t len;

	if (fd < 0 && errno == ENOENT)
		return -1;
	len = fd < 0 ? -1 : read(fd, data, sizeof(data));
	if (len < 0)
		fail("%s cannot be read", name);
	close(fd);
	return len;
}

static bool file_is(ssize_t len, unsigned int file, uint32_t version)
{
	size_t bytes = version_bytes(file, version);

	if (!version_exists(file, version))
		return len < 0;
	if (len != (ssize_t)bytes)
		return false;
	content(want, version_key(file, version), 0, bytes);
	return !memcmp(data, want, bytes);
}

/* Returns whether the change that had not been logged is there. */
static bool file_check(unsigned int file)
{
	char name[32];
	ssize_t len;

	snprintf(name, sizeof(name), "file-%u", file);
	len = file_read(name);
	if (file_is(len, file, versions[file]))
		return false;
	if (file_is(len, file, versions[file] + 1))
		return true;
	violation("%s, %zd bytes, is not version %u%s", name, len, versions[file],
		  version_exists(file, versions[file]) ? "" : " (deleted)");
	return false;
}

static void log_check(unsigned int log)
{
	char name[32];
	ssize_t len;

	snprintf(name, sizeof(name), "log-%u", log);
	len = file_read(name);
	content(want, log_key(log), 0, lengths[log]);
	if (lengths[log] && (len < (ssize_t)lengths[log] || memcmp(data, want, lengths[log])))
		violation("%s, %zd bytes, does not have the %u that were synced", name, len, lengths[log]);
}

static void ledger_read(const char *path)
{
	unsigned int number, value;
	char line[64], kind;
	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof(line), f)) {
		if (!strchr(line, '\n') || sscanf(line, "%c %u %u", &kind, &number, &value) != 3)
			break;
		if (kind == 'v' && number < FILES)
			versions[number] = value;
		else if (kind == 'l' && number < LOGS && value <= MAX_LOG)
			lengths[number] = value;
	}
	if (f)
		fclose(f);
}

static int check(void)
{
	bool further[FILES];
	unsigned int files = LOGS, synced = 0;

	for (unsigned int i = 0; i < FILES; i++) {
		further[i] = file_check(i);
		files += version_exists(i, versions[i]);
		synced += versions[i];
	}
	for (unsigned int i = 0; i < LOGS; i++)
		log_check(i);
	/* what is there now counts from now on */
	for (unsigned int i = 0; i < FILES; i++)
		if (further[i])
			log_line('v', i, versions[i] + 1);
	printf("files=%u changes=%u bad-files=%u\n", files, synced, wrong);
	return wrong ? 1 : 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 4 || (strcmp(argv[1], "check") && (argc != 5 || strcmp(argv[1], "load")))) {
		fprintf(stderr, "usage: cutfiles load DIR LEDGER SEED\n       cutfiles check DIR LEDGER\n");
		return 2;
	}
	dir = open(argv[2], O_RDONLY | O_DIRECTORY);
	if (dir < 0)
		fail("%s", argv[2]);
	ledger_read(argv[3]);
	ledger = open(argv[3], O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (ledger < 0)
		fail("%s", argv[3]);
	if (!strcmp(argv[1], "check"))
		return check();
	load(strtoull(argv[4], NULL, 0));
}
