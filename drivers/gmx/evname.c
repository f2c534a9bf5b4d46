// SPDX-License-Identifier: GPL-2.0-only
/* The codes of the controller's event log (GHI, section 4.5) as words, for uevents. */
#include "gmx.h"

static const struct {
	u16 code;
	const char *name;
} gmx_evname_names[] = {
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

/* NULL: of a later version of the interface. */
const char *gmx_evname(u16 code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gmx_evname_names); i++)
		if (gmx_evname_names[i].code == code)
			return gmx_evname_names[i].name;
	return NULL;
}
