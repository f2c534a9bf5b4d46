// SPDX-License-Identifier: LGPL-2.1-or-later
/* The event log of the controller, C4h. */
#include <errno.h>
#include <stdlib.h>

#include <libgmx/admin.h>
#include <libgmx/vendor.h>

#include "wire.h"

#define HEAD	     sizeof(struct gmx_vnd_log_events)
#define MAX_CAPACITY 65536u
#define MAX_ENTRY    1024u

struct event_name {
	uint16_t code;
	const char *name;
};

static const struct event_name names[] = {
	{ GMX_VND_EV_DRIVE_FAILED, "drive-failed" },
	{ GMX_VND_EV_DRIVE_REPAIRED, "drive-repaired" },
	{ GMX_VND_EV_DRIVE_MEDIA_ERROR, "drive-media-error" },
	{ GMX_VND_EV_DRIVE_ADDED, "drive-added" },
	{ GMX_VND_EV_DRIVE_REMOVED, "drive-removed" },
	{ GMX_VND_EV_DRIVE_SPARE_LOW, "drive-spare-low" },
	{ GMX_VND_EV_NS_CREATED, "ns-created" },
	{ GMX_VND_EV_NS_DELETED, "ns-deleted" },
	{ GMX_VND_EV_NS_ATTACHED, "ns-attached" },
	{ GMX_VND_EV_NS_DETACHED, "ns-detached" },
	{ GMX_VND_EV_NS_RESIZED, "ns-resized" },
	{ GMX_VND_EV_NS_IDENTITY, "ns-identity" },
	{ GMX_VND_EV_FORMAT_START, "format-start" },
	{ GMX_VND_EV_FORMAT_DONE, "format-done" },
	{ GMX_VND_EV_SANITIZE_START, "sanitize-start" },
	{ GMX_VND_EV_SANITIZE_DONE, "sanitize-done" },
	{ GMX_VND_EV_VOLUME_DEGRADED, "volume-degraded" },
	{ GMX_VND_EV_VOLUME_FAILED, "volume-failed" },
	{ GMX_VND_EV_VOLUME_OPTIMAL, "volume-optimal" },
	{ GMX_VND_EV_REBUILD_START, "rebuild-start" },
	{ GMX_VND_EV_REBUILD_DONE, "rebuild-done" },
	{ GMX_VND_EV_SCRUB_START, "scrub-start" },
	{ GMX_VND_EV_SCRUB_DONE, "scrub-done" },
	{ GMX_VND_EV_JOURNAL_REPLAYED, "journal-replayed" },
	{ GMX_VND_EV_JOURNAL_FAILED, "journal-failed" },
	{ GMX_VND_EV_KEY_PROGRAMMED, "key-programmed" },
	{ GMX_VND_EV_KEY_EVICTED, "key-evicted" },
	{ GMX_VND_EV_QOS_CHANGED, "qos-changed" },
	{ GMX_VND_EV_QOS_MISSED, "qos-missed" },
	{ GMX_VND_EV_THERMAL_WARNING, "thermal-warning" },
	{ GMX_VND_EV_THERMAL_CRITICAL, "thermal-critical" },
	{ GMX_VND_EV_THERMAL_NORMAL, "thermal-normal" },
	{ GMX_VND_EV_FW_DOWNLOADED, "fw-downloaded" },
	{ GMX_VND_EV_FW_COMMITTED, "fw-committed" },
	{ GMX_VND_EV_FW_ACTIVATED, "fw-activated" },
	{ GMX_VND_EV_FW_FAILED, "fw-failed" },
	{ GMX_VND_EV_POWER_ON, "power-on" },
	{ GMX_VND_EV_RESET, "reset" },
	{ GMX_VND_EV_SHUTDOWN, "shutdown" },
	{ GMX_VND_EV_UNSAFE_SHUTDOWN, "unsafe-shutdown" },
	{ GMX_VND_EV_FATAL, "fatal" },
	{ GMX_VND_EV_LINK_ERROR, "link-error" },
	{ GMX_VND_EV_TIMESTAMP, "timestamp" },
	{ GMX_VND_EV_SELF_TEST_START, "self-test-start" },
	{ GMX_VND_EV_SELF_TEST_DONE, "self-test-done" },
	{ GMX_VND_EV_TELEMETRY, "telemetry" },
	{ GMX_VND_EV_TEST, "test" },
};

const char *libgmx_event_name(unsigned int code)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].code == code)
			return names[i].name;
	return NULL;
}

const char *libgmx_event_class_name(unsigned int class_)
{
	static const char *const classes[] = { "drive", "volume", "journal", "key", "qos", "thermal", "firmware", "controller" };

	return class_ < sizeof(classes) / sizeof(classes[0]) ? classes[class_] : NULL;
}

const char *libgmx_severity_name(unsigned int severity)
{
	static const char *const severities[] = { "info", "warning", "error", "critical" };

	return severity < sizeof(severities) / sizeof(severities[0]) ? severities[severity] : NULL;
}

int libgmx_decode_event(const void *data, size_t len, struct libgmx_event *out)
{
	struct wire w = wire_of(data, len);

	memset(out, 0, sizeof(*out));
	if (w.len < offsetof(struct gmx_vnd_event, rsvd40))
		return -EBADMSG;
	out->sequence = GET(&w, gmx_vnd_event, sequence);
	out->time_ms = GET(&w, gmx_vnd_event, time_ms);
	out->power_on_ms = GET(&w, gmx_vnd_event, power_on_ms);
	out->code = GET16(&w, gmx_vnd_event, code);
	out->class_ = GET8(&w, gmx_vnd_event, class);
	out->severity = GET8(&w, gmx_vnd_event, severity);
	out->object = GET32(&w, gmx_vnd_event, object);
	out->value = GET(&w, gmx_vnd_event, value);
	wire_utf8(&w, offsetof(struct gmx_vnd_event, text), SIZE_OF(gmx_vnd_event, text), out->text, sizeof(out->text));
	return 0;
}

int libgmx_decode_event_head(const void *data, size_t len, struct libgmx_event_log *out, size_t *entry_bytes)
{
	struct wire w = wire_of(data, len);

	memset(out, 0, sizeof(*out));
	*entry_bytes = 0;
	if (w.len < HEAD || GET16(&w, gmx_vnd_log_events, version) >> 8 != GMX_VND_VERSION >> 8)
		return -ENOTSUP;
	out->count = GET32(&w, gmx_vnd_log_events, count);
	out->capacity = GET32(&w, gmx_vnd_log_events, capacity);
	out->first = GET(&w, gmx_vnd_log_events, first);
	out->last = GET(&w, gmx_vnd_log_events, last);
	out->lost = GET(&w, gmx_vnd_log_events, lost);
	*entry_bytes = GET16(&w, gmx_vnd_log_events, entry_bytes);
	/* what else would make a reader run wild */
	if (*entry_bytes < offsetof(struct gmx_vnd_event, rsvd40) || *entry_bytes > MAX_ENTRY || *entry_bytes % 4 ||
	    out->capacity > MAX_CAPACITY || out->count > out->capacity ||
	    (out->count && (!out->first || out->last - out->first + 1 != out->count)))
		return -EBADMSG;
	return 0;
}

/* One read of the log page; -EAGAIN: it moved meanwhile */
static int read_once(struct libgmx_ctrl *ctrl, uint64_t from, struct libgmx_event *out, unsigned int max, unsigned int *count,
		     struct libgmx_event_log *log)
{
	struct libgmx_event_log after;
	uint8_t head[HEAD], *raw;
	size_t entry, skip;
	unsigned int n;
	int rc = libgmx_log(ctrl, GMX_VND_LOG_EVENTS, 0, 0, true, 0, head, sizeof(head));

	*count = 0;
	if (!rc)
		rc = libgmx_decode_event_head(head, sizeof(head), log, &entry);
	if (rc || !log->count || from > log->last)
		return rc;
	skip = from > log->first ? (size_t)(from - log->first) : 0;
	n = log->count - (unsigned int)skip < max ? log->count - (unsigned int)skip : max;
	if (!n)
		return 0;
	raw = malloc(n * entry);
	if (!raw)
		return -ENOMEM;
	rc = libgmx_log(ctrl, GMX_VND_LOG_EVENTS, 0, 0, true, HEAD + skip * entry, raw, n * entry);
	if (!rc)
		rc = libgmx_log(ctrl, GMX_VND_LOG_EVENTS, 0, 0, true, 0, head, sizeof(head));
	if (!rc)
		rc = libgmx_decode_event_head(head, sizeof(head), &after, &entry);
	if (!rc && after.first != log->first)
		rc = -EAGAIN;
	for (unsigned int i = 0; i < n && !rc; i++) {
		rc = libgmx_decode_event(raw + i * entry, entry, &out[i]);
		if (!rc && out[i].sequence != log->first + skip + i)
			rc = -EBADMSG;
	}
	free(raw);
	*count = rc ? 0 : n;
	return rc;
}

int libgmx_event_read(struct libgmx_ctrl *ctrl, uint64_t from, struct libgmx_event *out, unsigned int max, unsigned int *count,
		      struct libgmx_event_log *head)
{
	struct libgmx_event_log log;
	int rc = -EAGAIN;

	for (unsigned int i = 0; i < 5 && rc == -EAGAIN; i++)
		rc = read_once(ctrl, from, out, max, count, &log);
	if (!rc && head)
		*head = log;
	return rc;
}
