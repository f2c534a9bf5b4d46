// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting for what the driver does by itself. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wait.h"

#define DISK_MS 10000
#define POLL_MS 50

static volatile sig_atomic_t asked;
static struct sigaction before[2];

static void ask(int sig)
{
	(void)sig;
	asked = 1;
}

void leave_begin(void)
{
	/* without SA_RESTART: the driver's waiting ends too */
	struct sigaction action = { .sa_handler = ask };

	asked = 0;
	sigaction(SIGINT, &action, &before[0]);
	sigaction(SIGTERM, &action, &before[1]);
}

void leave_end(void)
{
	sigaction(SIGINT, &before[0], NULL);
	sigaction(SIGTERM, &before[1], NULL);
}

bool leave_asked(void)
{
	return asked;
}

void sleep_ms(unsigned int ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

uint64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

bool disk_find(const char *ctrl, uint32_t nsid, struct libgmx_disk *disk)
{
	struct libgmx_disk *disks;
	bool found = false;
	size_t n;

	memset(disk, 0, sizeof(*disk));
	if (libgmx_disks(ctrl, &disks, &n))
		return false;
	for (size_t i = 0; i < n && !found; i++) {
		found = disks[i].nsid == nsid;
		if (found)
			*disk = disks[i];
	}
	free(disks);
	return found;
}

bool disk_wait(const char *ctrl, uint32_t nsid, bool there, struct libgmx_disk *disk)
{
	uint64_t end = clock_ms() + DISK_MS;

	while (disk_find(ctrl, nsid, disk) != there) {
		if (clock_ms() >= end)
			return false;
		sleep_ms(POLL_MS);
	}
	return true;
}
