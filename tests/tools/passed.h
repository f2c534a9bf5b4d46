/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands for the model from a process that has only a copy of it; a part of model.c. */
#ifndef TESTS_TOOLS_PASSED_H
#define TESTS_TOOLS_PASSED_H

/*
 * gmxctl sends a Format from a process of its own, which has a copy of the model: it passes the command on to the process
 * that has the model itself, where it goes on with each call.
 */
static int passed[2];
static pid_t owner;
static bool slow, still, interrupt;
static uint16_t passed_cid; /* 0: none */

static int pass(struct nvme_passthru_cmd *c)
{
	int status;

	/* its end is the end of this one */
	close(passed[0]);
	if (send(passed[1], c, sizeof(*c), 0) != sizeof(*c) || recv(passed[1], &status, sizeof(status), 0) != sizeof(status)) {
		errno = EIO;
		return -1;
	}
	return status;
}

static void serve(void)
{
	struct vnd_queue *q = &vnd_fn[0].q[0];
	struct nvme_passthru_cmd c;
	struct sigaction now;

	if (!passed_cid && recv(passed[0], &c, sizeof(c), MSG_DONTWAIT) == sizeof(c)) {
		passed_cid = (uint16_t)vnd_post(.opcode = c.opcode, .nsid = c.nsid, .cdw10 = c.cdw10);
		still = slow;
		slow = false;
		if (still)
			ops_run(2000);
	}
	/* time passes between two calls */
	if (!still)
		ops_run(100000);
	vnd_pull(0, 0);
	for (unsigned int i = 0; passed_cid && i < q->nr; i++) {
		int status;

		if (le16toh(q->stash[i].cid) != passed_cid)
			continue;
		status = le16toh(vnd_take(q, i).status) >> 1 & 0x7fff;
		passed_cid = 0;
		look();
		if (send(passed[0], &status, sizeof(status), MSG_NOSIGNAL) != sizeof(status))
			abort();
	}
	/* the keyboard, once it is listened to */
	sigaction(SIGINT, NULL, &now);
	if (passed_cid && interrupt && now.sa_handler != SIG_DFL) {
		interrupt = false;
		raise(SIGINT);
	}
}

#endif
