// SPDX-License-Identifier: LGPL-2.1-or-later
/* Results in words. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <gmx/nvme.h>
#include <gmx/vendor.h>

#include <libgmx/error.h>

#include "status.h"

struct status {
	unsigned int code;
	enum libgmx_kind kind;
	const char *text; /* NULL: libnvme has one */
	const char *hint;
};

static const struct status statuses[] = {
	{ GMX_SC_INVALID_OPCODE, LIBGMX_NOT_SUPPORTED, NULL, NULL },
	{ GMX_SC_LOG_PAGE, LIBGMX_NOT_SUPPORTED, NULL, NULL },
	{ GMX_SC_FW_SLOT, LIBGMX_REJECTED, NULL, "gmxctl fw list shows the slots and which can be written" },
	{ GMX_SC_FW_IMAGE, LIBGMX_REJECTED, NULL, "the image is damaged or for another family: get it again from the vendor" },
	{ GMX_SC_FW_NEEDS_CONV_RESET, LIBGMX_REJECTED, "The image runs after a conventional reset",
	  "reboot, or switch the slot's power" },
	{ GMX_SC_FW_NEEDS_SUBSYS_RESET, LIBGMX_REJECTED, "The image runs after a reset of the NVM subsystem",
	  "gmxctl controller reset --subsystem, or reboot" },
	{ GMX_SC_FW_NEEDS_RESET, LIBGMX_REJECTED, "The image runs after a reset of the controller", "gmxctl controller reset" },
	{ GMX_SC_FW_PROHIBITED, LIBGMX_REJECTED, NULL, "the running image does not allow this one: look at its release notes" },
	{ GMX_SC_NS_NO_CAPACITY, LIBGMX_REJECTED, NULL,
	  "gmxctl controller show says how much is free; delete a namespace or take a smaller size" },
	{ GMX_SC_NS_ID_UNAVAILABLE, LIBGMX_REJECTED, NULL, "delete a namespace that is not used any more" },
	{ GMX_SC_NS_ATTACHED, LIBGMX_REJECTED, NULL, "it is attached already: nothing has to be done" },
	{ GMX_SC_NS_NOT_ATTACHED, LIBGMX_REJECTED, NULL, "gmxctl ns list --all shows what is attached" },
	{ GMX_SC_SELF_TEST_BUSY, LIBGMX_BUSY, NULL, "gmxctl selftest status shows it; selftest abort ends it" },
	{ GMX_SC_FORMAT_IN_PROGRESS, LIBGMX_BUSY, NULL, "wait for its end" },
	{ GMX_SC_SANITIZE_BUSY, LIBGMX_BUSY, NULL, "gmxctl ns sanitize --status shows how far it is" },
	{ GMX_SC_SANITIZE_FAILED, LIBGMX_REJECTED, NULL,
	  "sanitize again, or leave the failure with gmxctl ns sanitize --action exit-failure" },
	{ GMX_SC_HOST_ABORTED, LIBGMX_BUSY, NULL, NULL },
	{ GMX_SC_NS_NOT_READY, LIBGMX_BUSY, NULL, "the controller is still starting: try again" },
	{ GMX_SC_NS_WRITE_PROTECTED, LIBGMX_REJECTED, NULL, "gmxctl feature set 84h takes the write protection away" },
	{ GMX_VND_SC_NO_VOLUME, LIBGMX_REJECTED, "There is no such volume", NULL },
	{ GMX_VND_SC_NO_DRIVE, LIBGMX_REJECTED, "There is no such drive", NULL },
	{ GMX_VND_SC_VOLUME_STATE, LIBGMX_REJECTED, "Not in the state that the volume is in", NULL },
	{ GMX_VND_SC_DRIVE_STATE, LIBGMX_REJECTED, "Not in the state that the drive is in", NULL },
	{ GMX_VND_SC_DRIVE_USED, LIBGMX_REJECTED, "The drive belongs to a volume", NULL },
	{ GMX_VND_SC_TOO_FEW, LIBGMX_REJECTED, "Too few drives for the level, or too few bytes on one of them", NULL },
	{ GMX_VND_SC_NO_KEY, LIBGMX_REJECTED, "The key slot is empty", NULL },
	{ GMX_VND_SC_KEY_USED, LIBGMX_REJECTED, "The key is a namespace's media key", NULL },
	{ GMX_VND_SC_KEY_WRAP, LIBGMX_REJECTED, "The wrapped key does not verify", NULL },
	{ GMX_VND_SC_NO_POLICY, LIBGMX_REJECTED, "There is no such policy", NULL },
	{ GMX_VND_SC_POLICY_USED, LIBGMX_REJECTED, "The policy is bound", NULL },
	{ GMX_VND_SC_SCSI, LIBGMX_REJECTED, "The drive did not answer GOOD", NULL },
	{ GMX_VND_SC_LIMIT, LIBGMX_REJECTED, "There are as many as the controller allows", NULL },
};

struct errno_text {
	int number;
	enum libgmx_kind kind;
	const char *text;
	const char *hint;
};

static const struct errno_text errnos[] = {
	{ ENODEV, LIBGMX_NO_DEVICE, "No such device", "gmxctl controller list shows what there is" },
	{ ENXIO, LIBGMX_NO_DEVICE, "No such device", "gmxctl controller list shows what there is" },
	{ ENOENT, LIBGMX_NO_DEVICE, NULL, NULL },
	{ ENOTUNIQ, LIBGMX_NO_DEVICE, "The name fits several controllers",
	  "name one by its node, gmxctl controller list shows them" },
	{ EACCES, LIBGMX_PERMISSION, NULL, "run it as root" },
	{ EPERM, LIBGMX_PERMISSION, NULL, "run it as root" },
	{ EBUSY, LIBGMX_BUSY, NULL, "something else uses or resets it: try again when that has ended" },
	{ EAGAIN, LIBGMX_BUSY, NULL, "the controller is just starting, being reset or given up: gmxctl status says which" },
	{ ETIMEDOUT, LIBGMX_BUSY, NULL, NULL },
	{ EINTR, LIBGMX_BUSY, "The host took the command back: a time-out, or a reset",
	  "gmxctl status shows what is the matter" },
	{ ENOTTY, LIBGMX_NOT_SUPPORTED, "The driver has no such call", "a newer driver may: gmxctl doctor shows which one runs" },
	{ EOPNOTSUPP, LIBGMX_NOT_SUPPORTED, "The controller has no such thing", NULL },
	{ ENETRESET, LIBGMX_FAILED, "The controller did not come back from the reset", "gmxctl status, the kernel's log" },
	{ EBADMSG, LIBGMX_FAILED, "What was read makes no sense", NULL },
	{ EKEYREJECTED, LIBGMX_FAILED, "The signature does not verify", "get the file and its signature again" },
	{ ENOKEY, LIBGMX_FAILED, "It was signed with a key that is not trusted", "--key FILE names another one" },
	{ ENODATA, LIBGMX_FAILED, "There is none", NULL },
};

static const struct status *status_of(int rc)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if ((int)statuses[i].code == LIBGMX_STATUS(rc))
			return &statuses[i];
	return NULL;
}

static const struct errno_text *errno_of(int rc)
{
	for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
		if (errnos[i].number == -rc)
			return &errnos[i];
	return NULL;
}

const char *libgmx_strerror(int rc)
{
	static __thread char buf[160];
	const struct status *s;
	const struct errno_text *e;
	const char *text;

	if (!rc)
		return "Success";
	if (rc < 0) {
		e = errno_of(rc);
		if (e && e->text)
			return e->text;
		text = strerror_r(-rc, buf, sizeof(buf));
		return text;
	}
	s = status_of(rc);
	text = s && s->text ? s->text : libgmx_nvme_text(LIBGMX_STATUS(rc));
	snprintf(buf, sizeof(buf), "%.120s (NVMe status %03Xh)", text ? text : "Unknown status", (unsigned int)LIBGMX_STATUS(rc));
	return buf;
}

const char *libgmx_hint(int rc)
{
	const struct status *s = rc > 0 ? status_of(rc) : NULL;
	const struct errno_text *e = rc < 0 ? errno_of(rc) : NULL;

	if ((rc == -EACCES || rc == -EPERM) && !geteuid())
		return "root may not either: it is the driver's own, or the kernel is locked down";
	return s ? s->hint : e ? e->hint : NULL;
}

enum libgmx_kind libgmx_kind(int rc)
{
	const struct status *s;
	const struct errno_text *e;

	if (!rc)
		return LIBGMX_OK;
	if (rc < 0) {
		e = errno_of(rc);
		return e ? e->kind : LIBGMX_FAILED;
	}
	s = status_of(rc);
	return s ? s->kind : LIBGMX_REJECTED;
}
