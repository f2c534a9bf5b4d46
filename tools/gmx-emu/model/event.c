// SPDX-License-Identifier: GPL-2.0-or-later
/* The vendor event log, page C4h: a ring on disk, written event by event, and the async events that point at pages. */
#include <errno.h>

#include "emu.h"

#define EVENT_FILE  "events"
#define EVENT_NVRAM "events"

struct emu_events {
	struct emu_ring *ring;
	uint64_t seen; /* the newest that a host has read */
	uint64_t lost; /* left the ring unread */
	bool told_power_on;
};

/* Where a host looks when it hears of an event of this class. */
static const uint8_t event_pages[GMX_VND_NR_CLASSES] = {
	[GMX_VND_CLASS_DRIVE] = GMX_VND_LOG_DRIVES,    [GMX_VND_CLASS_VOLUME] = GMX_VND_LOG_VOLUMES,
	[GMX_VND_CLASS_JOURNAL] = GMX_VND_LOG_JOURNAL, [GMX_VND_CLASS_KEY] = GMX_VND_LOG_KEYS,
	[GMX_VND_CLASS_QOS] = GMX_VND_LOG_QOS,	       [GMX_VND_CLASS_THERMAL] = GMX_VND_LOG_HEALTH,
	[GMX_VND_CLASS_FIRMWARE] = GMX_VND_LOG_FW,     [GMX_VND_CLASS_CONTROLLER] = GMX_VND_LOG_EVENTS,
};

static uint8_t event_severity(unsigned int code)
{
	switch (code) {
	case GMX_VND_EV_DRIVE_FAILED:
	case GMX_VND_EV_VOLUME_FAILED:
	case GMX_VND_EV_JOURNAL_FAILED:
	case GMX_VND_EV_THERMAL_CRITICAL:
	case GMX_VND_EV_FATAL: return GMX_VND_SEV_CRITICAL;
	case GMX_VND_EV_DRIVE_MEDIA_ERROR:
	case GMX_VND_EV_VOLUME_DEGRADED:
	case GMX_VND_EV_FW_FAILED: return GMX_VND_SEV_ERROR;
	case GMX_VND_EV_DRIVE_REMOVED:
	case GMX_VND_EV_DRIVE_SPARE_LOW:
	case GMX_VND_EV_QOS_MISSED:
	case GMX_VND_EV_THERMAL_WARNING:
	case GMX_VND_EV_UNSAFE_SHUTDOWN:
	case GMX_VND_EV_LINK_ERROR: return GMX_VND_SEV_WARNING;
	default: return GMX_VND_SEV_INFO;
	}
}

/* Written when a host has read; what left the ring between that and a kill is counted at the next start. */
static void event_store(struct emu_subsys *s)
{
	json_object *o = json_object_new_object();

	json_object_object_add(o, "seen", json_object_new_int64((int64_t)s->events->seen));
	json_object_object_add(o, "lost", json_object_new_int64((int64_t)s->events->lost));
	json_object_object_add(o, "first", json_object_new_int64((int64_t)emu_ring_first(s->events->ring)));
	emu_nvram_set(s, EVENT_NVRAM, o);
}

static uint64_t event_load_number(json_object *o, const char *key)
{
	json_object *value;
	int64_t n = json_object_object_get_ex(o, key, &value) ? json_object_get_int64(value) : 0;

	return n > 0 ? (uint64_t)n : 0;
}

static void event_load(struct emu_subsys *s)
{
	json_object *o = emu_nvram_get(s, EVENT_NVRAM);
	uint64_t first = emu_ring_first(s->events->ring), from;

	s->events->seen = EMU_MIN(event_load_number(o, "seen"), emu_ring_last(s->events->ring));
	s->events->lost = event_load_number(o, "lost");
	from = EMU_MAX(event_load_number(o, "first"), s->events->seen + 1);
	if (first > from)
		s->events->lost += first - from;
}

int emu_event_open(struct emu_subsys *s)
{
	int ret;

	s->events = calloc(1, sizeof(*s->events));
	if (!s->events)
		return -ENOMEM;
	s->events->ring = emu_ring_open(s, EVENT_FILE, sizeof(struct gmx_vnd_event), EMU_EVENT_ENTRIES);
	ret = s->events->ring ? emu_persist_open(s) : -EIO;
	if (ret) {
		emu_event_close(s);
		return ret;
	}
	event_load(s);
	emu_event_power_on(s);
	return 0;
}

void emu_event_close(struct emu_subsys *s)
{
	if (!s->events)
		return;
	emu_persist_close(s);
	emu_ring_close(s->events->ring);
	free(s->events);
	s->events = NULL;
}

/* Health knows which power cycle this is and how the last one ended, and the two files open in any order. */
void emu_event_power_on(struct emu_subsys *s)
{
	uint64_t cycles;
	char text[64];

	if (!s->events || !s->health || s->events->told_power_on)
		return;
	s->events->told_power_on = true;
	cycles = emu_health_power_cycles(s);
	if (emu_health_was_unsafe(s))
		emu_event_add(s, GMX_VND_EV_UNSAFE_SHUTDOWN, 0, cycles - 1, "power went without a shutdown");
	snprintf(text, sizeof(text), "power on, cycle %llu", (unsigned long long)cycles);
	emu_event_add(s, GMX_VND_EV_POWER_ON, 0, cycles, text);
}

/* A controller that ends tells nobody any more; the others do. */
static bool event_ends(unsigned int code, uint32_t object, const struct emu_ctrl *c)
{
	return (code == GMX_VND_EV_RESET || code == GMX_VND_EV_SHUTDOWN || code == GMX_VND_EV_FATAL) && object == c->function;
}

static void event_send(struct emu_subsys *s, unsigned int code, uint32_t object)
{
	unsigned int class = GMX_VND_EVENT_CLASS(code);

	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		struct emu_ctrl *c = s->ctrls[i];

		if (c && c->feat[GMX_VND_FEAT_EVENT_MASK] & 1u << class && !event_ends(code, object, c))
			emu_aer_send(c, GMX_AEN_VENDOR, event_pages[class], event_pages[class]);
	}
}

void emu_event_add(struct emu_subsys *s, unsigned int code, uint32_t object, uint64_t value, const char *text)
{
	unsigned int class = GMX_VND_EVENT_CLASS(code);
	struct emu_events *events = s->events;
	struct gmx_vnd_event entry = { 0 };
	uint64_t first;

	if (!events || class >= GMX_VND_NR_CLASSES)
		return;
	first = emu_ring_first(events->ring);
	entry.sequence = htole64(emu_ring_last(events->ring) + 1);
	entry.time_ms = htole64(s->ops->wall(s->host));
	entry.power_on_ms = htole64(s->health ? emu_health_uptime_ms(s) : 0);
	entry.code = htole16((uint16_t)code);
	entry.class = (uint8_t)class;
	entry.severity = event_severity(code);
	entry.object = htole32(object);
	entry.value = htole64(value);
	snprintf(entry.text, sizeof(entry.text), "%s", text ? text : "");
	if (!emu_ring_add(events->ring, &entry))
		return;
	if (first && emu_ring_first(events->ring) > first && first > events->seen)
		events->lost++;
	emu_persist_event(s, code, object, value, text);
	event_send(s, code, object);
}

uint64_t emu_event_last(struct emu_subsys *s)
{
	return s->events ? emu_ring_last(s->events->ring) : 0;
}

uint16_t emu_event_vendor_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct emu_events *events = s->events;
	uint64_t first = emu_ring_first(events->ring), last = emu_ring_last(events->ring);
	uint64_t nr = first ? last - first + 1 : 0, end;
	size_t size = sizeof(struct gmx_vnd_log_events) + nr * sizeof(struct gmx_vnd_event);
	struct gmx_vnd_log_events *head = calloc(1, size);
	struct gmx_vnd_event *entry;

	if (!head)
		return GMX_SC_INTERNAL;
	entry = (struct gmx_vnd_event *)(head + 1);
	head->length = htole32((uint32_t)size);
	head->version = htole16(GMX_VND_VERSION);
	head->entry_bytes = htole16(sizeof(*entry));
	head->count = htole32((uint32_t)nr);
	head->capacity = htole32(EMU_EVENT_ENTRIES);
	head->first = htole64(first);
	head->last = htole64(last);
	head->lost = htole64(events->lost);
	for (uint64_t i = 0; i < nr; i++)
		memcpy(&entry[i], emu_ring_get(events->ring, first + i), sizeof(*entry));
	*buf = (uint8_t *)head;
	*len = size;
	/* As far as this read reaches */
	end = ((uint64_t)emu_cdw13(cmd) << 32 | emu_cdw12(cmd)) +
	      (((uint64_t)(emu_cdw11(cmd) & 0xffff) << 16 | emu_cdw10(cmd) >> 16) + 1) * 4;
	end = end < sizeof(*head) ? 0 : EMU_MIN((end - sizeof(*head)) / sizeof(*entry), nr);
	if (end && first + end - 1 > events->seen) {
		events->seen = first + end - 1;
		event_store(s);
	}
	return 0;
}

void emu_event_status(struct emu_subsys *s, json_object *out)
{
	json_object_object_add(out, "first", json_object_new_int64((int64_t)emu_ring_first(s->events->ring)));
	json_object_object_add(out, "last", json_object_new_int64((int64_t)emu_ring_last(s->events->ring)));
	json_object_object_add(out, "lost", json_object_new_int64((int64_t)s->events->lost));
}
