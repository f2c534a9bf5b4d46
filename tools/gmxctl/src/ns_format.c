// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gmxctl ns format. NVMe answers Format NVM at its end, and nothing interrupts the ioctl: a process of its own sends it, and
 * goes on when nobody waits for that one any longer.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ns.h"
#include "wait.h"

#define FORMAT_MS 600000
#define POLL_MS	  200
#define BEGUN_MS  1000 /* what is refused, is refused before */
#define CNS_NS	  0x00
#define CNS_ANY	  0x11

const struct ctl_option ns_format_options[] = {
	{ "nsid", 0, "NSID", "the namespace, where TARGET is a controller", NULL },
	{ "block", 'b', "BYTES", "size of a logical block (as it is)", NULL },
	{ "metadata", 0, "BYTES", "metadata of a block (as it is, or 0 with --block)", NULL },
	{ "protection", 0, "TYPE", "protection information (none)", "none 1 2 3" },
	{ "erase", 'e', "KIND", "how thoroughly (none)", "none user crypto" },
	{ "no-wait", 0, NULL, "return when it has begun", NULL },
	{ "status", 0, NULL, "only say how far one is", NULL },
	{ "wait", 'w', NULL, "with --status: until it has ended", NULL },
	{ "force", 'f', NULL, "also when it is in use", NULL },
	{ NULL },
};

/* The process that sends the command */
struct format {
	struct libgmx_ctrl *ctrl;
	uint32_t nsid;
	unsigned int index, erase, protection;
	pid_t pid;
	int result; /* where it says what came of it */
	bool tells;
};

/* The word that confirms: the disk's name, or the controller's where there is none */
static const char *name_of(const struct libgmx_target *target)
{
	return target->disk[0] ? target->disk : target->ctrl;
}

static int choose_format(struct ctl *ctl, const struct libgmx_id_ns *id)
{
	uint64_t block = id->block_bytes, metadata = ctl_option(ctl, "block") ? 0 : id->metadata_bytes;
	int status = ctl_option_number(ctl, "block", 512, 65536, &block);

	if (!status)
		status = ctl_option_number(ctl, "metadata", 0, 4096, &metadata);
	return status ? -status : ns_format_index(ctl, id, block, metadata);
}

/* Percent that are left; 0: it does not say, or none runs. What goes wrong is said by the command that runs. */
static unsigned int left(const struct format *f)
{
	uint8_t data[LIBGMX_IDENTIFY_BYTES];
	struct libgmx_id_ns id = { .format_left = 0 };
	bool found = !libgmx_identify(f->ctrl, CNS_NS, f->nsid, 0, data) && !libgmx_decode_id_ns(data, sizeof(data), &id);

	if (found && !id.blocks &&
	    (libgmx_identify(f->ctrl, CNS_ANY, f->nsid, 0, data) || libgmx_decode_id_ns(data, sizeof(data), &id)))
		found = false;
	return found ? id.format_left : 0;
}

/* It outlives its parent, whose terminal and pipes are none of its business */
static void send_alone(const struct format *f, int result)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), rc;
	ssize_t n;

	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	setsid();
	for (int fd = 0; fd < 3 && null >= 0; fd++)
		dup2(null, fd);
	rc = libgmx_format(f->ctrl, f->nsid, f->index, f->erase, f->protection, false, false, FORMAT_MS);
	n = write(result, &rc, sizeof(rc));
	_exit(n == sizeof(rc) ? 0 : 1);
}

static int begin(struct format *f)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	f->pid = fork();
	if (!f->pid)
		send_alone(f, ends[1]);
	close(ends[1]);
	f->result = ends[0];
	return f->pid < 0 ? -errno : 0;
}

/* -ECANCELED: it goes on, and is not waited for (@ms: any longer than this; 0: somebody said so); else what came of it */
static int await(struct ctl *ctl, struct format *f, uint64_t ms)
{
	struct pollfd end = { .fd = f->result, .events = POLLIN };
	uint64_t until = clock_ms() + ms;
	unsigned int percent_left;
	int rc = -EIO;

	while (poll(&end, 1, POLL_MS) <= 0) {
		percent_left = left(f);
		if (percent_left)
			progress_show(ctl, "format", 100 - percent_left, 100);
		if (leave_asked() || (ms && (percent_left || clock_ms() >= until)))
			return -ECANCELED;
	}
	if (read(f->result, &rc, sizeof(rc)) != sizeof(rc))
		rc = -EIO;
	waitpid(f->pid, NULL, 0);
	return rc;
}

static void way_to_end(const struct libgmx_target *target, char *out, size_t room)
{
	snprintf(out, room, "gmxctl ns format %s --nsid %u --status --wait waits for its end", target->ctrl, target->nsid);
}

static int goes_on(struct ctl *ctl, const struct libgmx_target *target, const struct format *f)
{
	char hint[200];

	if (f && !f->tells)
		snprintf(hint, sizeof(hint), "the controller does not say how far it is; process %d ends with it", (int)f->pid);
	else
		way_to_end(target, hint, sizeof(hint));
	return ctl_fail(ctl, CTL_BUSY, hint, "the format of namespace %u of %s goes on, and is not waited for any longer",
			target->nsid, target->ctrl);
}

/* What is there now, once the disk has taken it over */
static int show(struct ctl *ctl, const struct libgmx_target *target, struct libgmx_ctrl *ctrl, bool ended)
{
	struct libgmx_id_ns id;
	bool attached = false;
	int status = ns_identify(ctl, ctrl, target->nsid, &id);

	if (status)
		return status;
	status = ended ? ns_await_disk(ctl, ctrl, target->nsid, id.block_bytes, &attached)
		       : ns_is_attached(ctl, ctrl, target->nsid, &attached);
	ns_put(ctl_record(ctl_list(ctl)), target->ctrl, target->nsid, &id, attached);
	return status;
}

static int format_it(struct ctl *ctl, const struct libgmx_target *target, struct format *f)
{
	bool no_wait = ctl_option(ctl, "no-wait");
	int rc;

	/* before there is a child, which a signal from the keyboard would reach too */
	leave_begin();
	rc = begin(f);
	if (!rc)
		rc = await(ctl, f, no_wait ? BEGUN_MS : 0);
	leave_end();
	progress_end(ctl);
	if (f->result >= 0)
		close(f->result);
	if (rc == -ECANCELED)
		return no_wait ? show(ctl, target, f->ctrl, false) : goes_on(ctl, target, f);
	if (rc)
		return ctl_fail_rc(ctl, rc, "namespace %u of %s is not formatted", target->nsid, target->ctrl);
	return show(ctl, target, f->ctrl, true);
}

static int look(struct ctl *ctl, const struct libgmx_target *target, struct format *f)
{
	unsigned int percent_left = left(f);

	if (!f->tells)
		return ctl_fail(ctl, CTL_UNSUPPORTED, "gmxctl event list has its end, where the controller has an event log",
				"%s does not say how far a format is", target->ctrl);
	leave_begin();
	while (percent_left && ctl_option(ctl, "wait") && !leave_asked()) {
		progress_show(ctl, "format", 100 - percent_left, 100);
		sleep_ms(POLL_MS);
		percent_left = left(f);
	}
	leave_end();
	progress_end(ctl);
	if (percent_left && ctl_option(ctl, "wait"))
		return goes_on(ctl, target, NULL);
	return show(ctl, target, f->ctrl, !percent_left);
}

static int prepare(struct ctl *ctl, const struct libgmx_target *target, const struct libgmx_id_ns *id, struct format *f)
{
	const char *erase = ctl_option(ctl, "erase"), *protection = ctl_option(ctl, "protection");
	int index = choose_format(ctl, id);
	struct plan *plan;
	char hint[200];

	/* the driver would have this one wait for the end of that one */
	if (id->format_left) {
		way_to_end(target, hint, sizeof(hint));
		return ctl_fail(ctl, CTL_BUSY, hint, "namespace %u of %s is being formatted already, %u %% are done",
				target->nsid, target->ctrl, 100u - id->format_left);
	}
	if (index < 0)
		return -index;
	f->index = (unsigned int)index;
	f->erase = !erase ? 0 : !strcmp(erase, "user") ? 1 : !strcmp(erase, "crypto") ? 2 : 0;
	f->protection = protection && strcmp(protection, "none") ? (unsigned int)atoi(protection) : 0;
	plan = plan_new(ctl, "formats namespace %u of %s to blocks of %u+%u bytes; all data on it is lost:", target->nsid,
			target->ctrl, id->formats[index].block_bytes, id->formats[index].metadata_bytes);
	ns_describe(plan, target->ctrl, target->nsid, id, NULL, 0);
	return plan_confirm(plan, name_of(target));
}

int run_ns_format(struct ctl *ctl)
{
	struct format f = { .result = -1 };
	struct libgmx_target target;
	struct libgmx_id_ns id;
	int status;

	if (ctl_option(ctl, "wait") && !ctl_option(ctl, "status"))
		return ctl_usage(ctl, "--wait is for --status: a format is waited for without it");
	if (ctl_option(ctl, "status") && ctl_option(ctl, "no-wait"))
		return ctl_usage(ctl, "--status only looks: --no-wait is not for it");
	status = ctl_namespace(ctl, 0, &target);
	if (!status)
		status = ctl_open(ctl, target.ctrl, &f.ctrl);
	if (status)
		return status;
	f.nsid = target.nsid;
	status = ns_identify(ctl, f.ctrl, target.nsid, &id);
	f.tells = !status && id.tells_format;
	if (!status && ctl_option(ctl, "status")) {
		status = look(ctl, &target, &f);
	} else if (!status) {
		status = prepare(ctl, &target, &id, &f);
		if (!status)
			status = format_it(ctl, &target, &f);
	}
	libgmx_close(f.ctrl);
	return status == PLAN_DRY ? CTL_OK : status;
}
