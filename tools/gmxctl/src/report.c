// SPDX-License-Identifier: GPL-2.0-or-later
/* What went wrong: on standard error for people, in the document for programs. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

struct exit_code {
	int code;
	const char *name;
	const char *help;
};

static const struct exit_code codes[] = {
	{ CTL_OK, "ok", "done" },
	{ CTL_FAILED, "failed", "failed for another reason than those below" },
	{ CTL_USAGE, "usage", "the command was not understood" },
	{ CTL_NO_DEVICE, "no-device", "there is no such device" },
	{ CTL_PERMISSION, "permission", "the caller may not do it" },
	{ CTL_BUSY, "busy", "something else uses it, or it took too long" },
	{ CTL_REJECTED, "rejected", "the controller refused" },
	{ CTL_UNSUPPORTED, "not-supported", "this controller or driver cannot do it" },
	{ CTL_UNCONFIRMED, "unconfirmed", "it would destroy something, and nobody confirmed" },
	{ CTL_PARTIAL, "partial", "partly done: not for all targets, or not all of it" },
	{ CTL_DEGRADED, "degraded", "health: at least one controller needs attention" },
	{ CTL_CRITICAL, "critical", "health: at least one controller fails or has failed" },
	{ CTL_UNKNOWN, "unknown", "health: at least one controller did not say" },
};

const char *ctl_exit_name(int code)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(codes); i++)
		if (codes[i].code == code)
			return codes[i].name;
	return NULL;
}

const char *ctl_exit_help(int code)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(codes); i++)
		if (codes[i].code == code)
			return codes[i].help;
	return NULL;
}

static void add(struct ctl *ctl, int code, int status, const char *text, const char *hint)
{
	struct json_object *e = json_object_new_object();
	/* what is not understood has come to none */
	const struct ctl_stage *stage = code == CTL_USAGE ? NULL : ctl->stage;
	char message[600];

	snprintf(message, sizeof(message), "%s%s%s%s", stage ? "stage " : "", stage ? stage->name : "", stage ? ": " : "", text);
	if (stage && (!hint || !hint[0]))
		hint = stage->hint;

	put_text(e, "code", ctl_exit_name(code));
	if (status > 0)
		put_number(e, "nvme_status", (uint64_t)LIBGMX_STATUS(status));
	else
		put_null(e, "nvme_status");
	put_text(e, "message", message);
	put_text(e, "hint", hint ? hint : "");
	json_object_array_add(ctl->errors, e);
	progress_end(ctl);
	fprintf(stderr, "gmxctl: %s\n", message);
	if (hint && hint[0])
		fprintf(stderr, "  %s\n", hint);
}

int ctl_fail(struct ctl *ctl, enum ctl_exit code, const char *hint, const char *format, ...)
{
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	add(ctl, code, 0, message, hint);
	return code;
}

static int add_rc(struct ctl *ctl, int rc, const char *hint, const char *format, va_list args)
{
	static const enum ctl_exit by_kind[] = {
		[LIBGMX_OK] = CTL_FAILED,
		[LIBGMX_FAILED] = CTL_FAILED,
		[LIBGMX_NO_DEVICE] = CTL_NO_DEVICE,
		[LIBGMX_PERMISSION] = CTL_PERMISSION,
		[LIBGMX_BUSY] = CTL_BUSY,
		[LIBGMX_REJECTED] = CTL_REJECTED,
		[LIBGMX_NOT_SUPPORTED] = CTL_UNSUPPORTED,
	};
	int code = by_kind[libgmx_kind(rc)];
	char message[512];
	size_t n = (size_t)vsnprintf(message, sizeof(message), format, args);

	if (n < sizeof(message))
		snprintf(message + n, sizeof(message) - n, ": %s", libgmx_strerror(rc));
	add(ctl, code, rc, message, hint);
	return code;
}

int ctl_fail_rc(struct ctl *ctl, int rc, const char *format, ...)
{
	va_list args;
	int code;

	va_start(args, format);
	code = add_rc(ctl, rc, libgmx_hint(rc), format, args);
	va_end(args);
	return code;
}

int ctl_fail_may(struct ctl *ctl, int rc, const char *instead, const char *format, ...)
{
	bool refused = libgmx_kind(rc) == LIBGMX_PERMISSION && geteuid();
	char hint[300];
	va_list args;
	int code;

	snprintf(hint, sizeof(hint), "the driver takes this command from root alone (CAP_SYS_ADMIN)%s%s", instead ? "; " : "",
		 instead ? instead : "");
	va_start(args, format);
	code = add_rc(ctl, rc, refused ? hint : libgmx_hint(rc), format, args);
	va_end(args);
	return code;
}

int ctl_usage(struct ctl *ctl, const char *format, ...)
{
	char message[512], name[64], hint[96];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	ctl_command_name(ctl->cmd, ' ', name, sizeof(name));
	snprintf(hint, sizeof(hint), "gmxctl %s --help says how it goes", name);
	add(ctl, CTL_USAGE, 0, message, hint);
	return CTL_USAGE;
}
