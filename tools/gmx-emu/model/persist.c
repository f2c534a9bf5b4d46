// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The persistent event log, page 0Dh (5.14.1.13). A host reads it in a context: what there was when the context was
 * established, whatever happens meanwhile.
 */
#include <errno.h>

#include "emu.h"

#define PERSIST_FILE	 "persistent"
#define PERSIST_DATA	 512u /* the largest event: a SMART snapshot */
#define PERSIST_RECORD	 (8 + sizeof(struct gmx_persistent_event) + PERSIST_DATA)
#define PERSIST_EVENTS	 (EMU_PELS * 65536u / (sizeof(struct gmx_persistent_event) + PERSIST_DATA) - 1)
#define PERSIST_SNAPSHOT (24 * 3600 * 1000000000ull) /* SMART data once a day, and after power on */
#define PERSIST_FIRST	 1000000000ull

struct persist_record {
	uint32_t len;
	uint32_t rsvd;
	uint8_t event[sizeof(struct gmx_persistent_event) + PERSIST_DATA];
};

struct emu_persist {
	struct emu_subsys *s;
	struct emu_ring *ring;
	struct emu_timer timer;
	bool power_on; /* to be recorded when there are controllers */
	struct persist_context {
		uint8_t *buf;
		size_t len;
		uint32_t generation;
	} context[EMU_MAX_FUNCTIONS];
};

/* A timestamp as feature 0Eh gives it: milliseconds, where they come from */
static uint64_t persist_timestamp(struct emu_ctrl *c)
{
	if (!c)
		return 0;
	return (emu_feature_timestamp(c) & 0xffffffffffffull) | (uint64_t)(c->timestamp_origin & 7) << 49;
}

static struct emu_ctrl *persist_any_ctrl(struct emu_subsys *s)
{
	return s->nr_ctrls ? s->ctrls[0] : NULL;
}

/* What is not about one controller is said by the first one, also before it is there. */
static void persist_put(struct emu_subsys *s, struct emu_ctrl *c, uint64_t timestamp, unsigned int type, const void *data,
			size_t len)
{
	struct persist_record record = { 0 };
	struct gmx_persistent_event head = { 0 };

	timestamp = htole64(timestamp);
	len = EMU_MIN(len, (size_t)PERSIST_DATA);
	head.type = (uint8_t)type;
	head.revision = 1;
	head.header_length = sizeof(head) - 3;
	head.cntlid = htole16(c ? c->cntlid : 1);
	memcpy(head.timestamp, &timestamp, sizeof(timestamp));
	head.length = htole16((uint16_t)len);
	record.len = (uint32_t)(sizeof(head) + len);
	memcpy(record.event, &head, sizeof(head));
	memcpy(record.event + sizeof(head), data, len);
	emu_ring_add(s->persist->ring, &record);
}

static void persist_reset_info(struct emu_ctrl *c, struct gmx_persistent_reset *info, bool power_on)
{
	memset(info, 0, sizeof(*info));
	info->cntlid = htole16(c->cntlid);
	info->power_cycle = htole32(c->s->health ? (uint32_t)emu_health_power_cycles(c->s) : 0);
	if (power_on)
		return;
	info->power_on_ms = htole64(c->s->health ? emu_health_uptime_ms(c->s) : 0);
	info->timestamp = htole64(persist_timestamp(c));
}

/* One event for all controllers, which is power on, all clocks at zero, however late it is recorded; or for one of them */
static void persist_reset(struct emu_subsys *s, struct emu_ctrl *only)
{
	struct {
		char revision[8];
		struct gmx_persistent_reset ctrl[EMU_MAX_FUNCTIONS];
	} __attribute__((packed)) event;
	size_t nr = 0;

	memset(event.revision, ' ', sizeof(event.revision));
	if (s->fw)
		memcpy(event.revision, emu_fw_revision(s), sizeof(event.revision));
	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		if (s->ctrls[i] && (!only || s->ctrls[i] == only))
			persist_reset_info(s->ctrls[i], &event.ctrl[nr++], !only);
	}
	persist_put(s, only, only ? persist_timestamp(only) : 0, GMX_PERSISTENT_RESET, &event,
		    sizeof(event.revision) + nr * sizeof(event.ctrl[0]));
}

static void persist_power_on(struct emu_subsys *s)
{
	if (!s->persist->power_on || !s->nr_ctrls)
		return;
	s->persist->power_on = false;
	persist_reset(s, NULL);
}

void emu_persist_add(struct emu_subsys *s, struct emu_ctrl *c, unsigned int type, const void *data, size_t len)
{
	if (!s->persist)
		return;
	persist_power_on(s);
	persist_put(s, c, persist_timestamp(c ? c : persist_any_ctrl(s)), type, data, len);
}

static void persist_snapshot(struct emu_subsys *s)
{
	struct gmx_log_smart smart;

	if (!s->nr_ctrls || !s->health)
		return;
	emu_health_smart(s->ctrls[0], &smart);
	emu_persist_add(s, s->ctrls[0], GMX_PERSISTENT_SMART, &smart, sizeof(smart));
}

static void persist_timer(struct emu_timer *t)
{
	struct emu_persist *p = EMU_ENTRY(t, struct emu_persist, timer);

	persist_snapshot(p->s);
	emu_timer_set(p->s, t, emu_now(p->s) + PERSIST_SNAPSHOT);
}

int emu_persist_open(struct emu_subsys *s)
{
	struct emu_persist *p = calloc(1, sizeof(*p));

	static_assert(sizeof(struct persist_record) == PERSIST_RECORD, "a record has no padding");
	static_assert(sizeof(struct gmx_persistent_reset) * EMU_MAX_FUNCTIONS + 8 <= PERSIST_DATA, "a reset event fits");
	if (!p)
		return -ENOMEM;
	p->s = s;
	p->ring = emu_ring_open(s, PERSIST_FILE, PERSIST_RECORD, PERSIST_EVENTS);
	if (!p->ring) {
		free(p);
		return -EIO;
	}
	s->persist = p;
	emu_timer_init(&p->timer, persist_timer);
	emu_timer_set(s, &p->timer, emu_now(s) + PERSIST_FIRST);
	return 0;
}

void emu_persist_close(struct emu_subsys *s)
{
	struct emu_persist *p = s->persist;

	if (!p)
		return;
	emu_timer_cancel(s, &p->timer);
	for (unsigned int i = 0; i < EMU_MAX_FUNCTIONS; i++)
		free(p->context[i].buf);
	emu_ring_close(p->ring);
	free(p);
	s->persist = NULL;
}

static void persist_ns_change(struct emu_subsys *s, uint32_t nsid, uint32_t cdw10)
{
	struct gmx_persistent_ns_change event = { .cdw10 = htole32(cdw10), .nsid = htole32(nsid) };
	struct emu_ns *ns = emu_ns_find(s, nsid);

	if (ns) {
		event.nsze = htole64(ns->nsze);
		event.ncap = htole64(ns->ncap);
		event.flbas = (uint8_t)(ns->lbaf | (ns->ms_extended ? GMX_FLBAS_EXTENDED : 0));
		event.dps = ns->dps;
		event.nmic = ns->nmic;
	}
	emu_persist_add(s, NULL, GMX_PERSISTENT_NS_CHANGE, &event, sizeof(event));
}

static void persist_format_start(struct emu_subsys *s, uint32_t nsid, uint32_t cdw10)
{
	struct gmx_persistent_format event = { .nsid = htole32(nsid), .cdw10 = htole32(cdw10) };
	struct gmx_id_ctrl id;

	if (s->nr_ctrls) {
		emu_identify_ctrl(s->ctrls[0], &id);
		event.fna = id.fna;
	}
	emu_persist_add(s, NULL, GMX_PERSISTENT_FORMAT_START, &event, sizeof(event));
}

static void persist_format_done(struct emu_subsys *s, uint32_t nsid, uint32_t status)
{
	struct gmx_persistent_format_done event = {
		.nsid = htole32(nsid),
		.status = status != 0,
		.status_field = htole32(status),
	};

	emu_persist_add(s, NULL, GMX_PERSISTENT_FORMAT_DONE, &event, sizeof(event));
}

static void persist_sanitize_start(struct emu_subsys *s, uint64_t value)
{
	struct gmx_persistent_sanitize event = {
		.sanicap = htole32(emu_sanitize_caps(s->traits)),
		.cdw10 = htole32((uint32_t)value),
		.cdw11 = htole32((uint32_t)(value >> 32)),
	};

	emu_persist_add(s, NULL, GMX_PERSISTENT_SANITIZE_START, &event, sizeof(event));
}

static void persist_sanitize_done(struct emu_subsys *s, uint64_t value)
{
	struct gmx_persistent_sanitize_done event = {
		.progress = htole16((uint16_t)value),
		.status = htole16((uint16_t)(value >> 16)),
	};

	emu_persist_add(s, NULL, GMX_PERSISTENT_SANITIZE_DONE, &event, sizeof(event));
}

static void persist_hw_error(struct emu_subsys *s, struct emu_ctrl *c, unsigned int code, uint32_t info)
{
	struct gmx_persistent_hw_error event = { .code = htole16((uint16_t)code), .info = htole32(info) };

	emu_persist_add(s, c, GMX_PERSISTENT_HW_ERROR, &event, sizeof(event));
}

static void persist_thermal(struct emu_subsys *s, unsigned int threshold, unsigned int limit, uint64_t kelvin)
{
	uint64_t over = kelvin > limit ? kelvin - limit : 0;
	struct gmx_persistent_thermal event = { .over = (uint8_t)EMU_MIN(over, (uint64_t)255), .threshold = (uint8_t)threshold };

	emu_persist_add(s, NULL, GMX_PERSISTENT_THERMAL, &event, sizeof(event));
}

static void persist_fw_commit(struct emu_subsys *s, uint32_t slot, uint64_t value, const char *revision)
{
	uint16_t status = (uint16_t)(value >> 16);
	struct gmx_persistent_fw_commit event = {
		.action = (uint8_t)value,
		.slot = (uint8_t)slot,
		.sct = (status >> 8) & 7,
		.sc = (uint8_t)status,
	};

	memset(event.old_revision, ' ', sizeof(event.old_revision));
	memset(event.new_revision, ' ', sizeof(event.new_revision));
	if (s->fw)
		memcpy(event.old_revision, emu_fw_revision(s), sizeof(event.old_revision));
	if (revision)
		memcpy(event.new_revision, revision, strnlen(revision, sizeof(event.new_revision)));
	emu_persist_add(s, NULL, GMX_PERSISTENT_FW_COMMIT, &event, sizeof(event));
}

static void persist_time_changed(struct emu_subsys *s, struct emu_ctrl *c, uint64_t previous)
{
	struct gmx_persistent_timestamp event = {
		.previous = htole64(previous),
		.since_reset_ms = htole64(c ? (emu_now(s) - c->reset_at) / 1000000 : 0),
	};

	emu_persist_add(s, c, GMX_PERSISTENT_TIMESTAMP, &event, sizeof(event));
}

void emu_persist_event(struct emu_subsys *s, unsigned int code, uint32_t object, uint64_t value, const char *text)
{
	struct emu_ctrl *c = object < s->nr_ctrls ? s->ctrls[object] : NULL;

	if (!s->persist)
		return;
	switch (code) {
	case GMX_VND_EV_POWER_ON:
		s->persist->power_on = true;
		persist_power_on(s);
		break;
	case GMX_VND_EV_RESET:
		persist_power_on(s);
		if (c)
			persist_reset(s, c);
		break;
	case GMX_VND_EV_UNSAFE_SHUTDOWN: persist_hw_error(s, NULL, GMX_HW_UNSAFE_SHUTDOWN, (uint32_t)value); break;
	case GMX_VND_EV_FATAL: persist_hw_error(s, c, GMX_HW_FATAL_STATUS, c ? c->csts : 0); break;
	case GMX_VND_EV_LINK_ERROR: persist_hw_error(s, c, (value >> 32) + GMX_HW_PCIE_CORRECTABLE, (uint32_t)value); break;
	case GMX_VND_EV_DRIVE_MEDIA_ERROR: persist_hw_error(s, NULL, GMX_HW_MEDIA, object); break;
	case GMX_VND_EV_DRIVE_FAILED: persist_hw_error(s, NULL, GMX_HW_CRITICAL_WARNING, GMX_SMART_RELIABILITY); break;
	case GMX_VND_EV_DRIVE_SPARE_LOW: persist_hw_error(s, NULL, GMX_HW_CRITICAL_WARNING, GMX_SMART_SPARE); break;
	case GMX_VND_EV_THERMAL_WARNING: persist_thermal(s, 1, EMU_WCTEMP, value); break;
	case GMX_VND_EV_THERMAL_CRITICAL:
		persist_thermal(s, 2, EMU_CCTEMP, value);
		persist_snapshot(s);
		break;
	case GMX_VND_EV_NS_CREATED: persist_ns_change(s, object, 0); break;
	case GMX_VND_EV_NS_DELETED: persist_ns_change(s, object, 1); break;
	case GMX_VND_EV_FORMAT_START: persist_format_start(s, object, (uint32_t)value); break;
	case GMX_VND_EV_FORMAT_DONE: persist_format_done(s, object, (uint32_t)value); break;
	case GMX_VND_EV_SANITIZE_START: persist_sanitize_start(s, value); break;
	case GMX_VND_EV_SANITIZE_DONE: persist_sanitize_done(s, value); break;
	case GMX_VND_EV_FW_COMMITTED: persist_fw_commit(s, object, value, text); break;
	case GMX_VND_EV_TIMESTAMP: persist_time_changed(s, c, value); break;
	default: break;
	}
}

static void persist_pad(char *field, size_t len, const char *text)
{
	memset(field, ' ', len);
	memcpy(field, text, strnlen(text, len));
}

static void persist_head(struct emu_ctrl *c, struct gmx_log_persistent *head, uint32_t nr, uint64_t len)
{
	static const uint8_t supported[] = {
		GMX_PERSISTENT_SMART,	      GMX_PERSISTENT_FW_COMMIT,	  GMX_PERSISTENT_TIMESTAMP,
		GMX_PERSISTENT_RESET,	      GMX_PERSISTENT_HW_ERROR,	  GMX_PERSISTENT_NS_CHANGE,
		GMX_PERSISTENT_FORMAT_START,  GMX_PERSISTENT_FORMAT_DONE, GMX_PERSISTENT_SANITIZE_START,
		GMX_PERSISTENT_SANITIZE_DONE, GMX_PERSISTENT_THERMAL,
	};
	struct emu_subsys *s = c->s;
	uint64_t timestamp = htole64(persist_timestamp(c));
	uint64_t hours = htole64(emu_health_power_on_ms(s) / 3600000);
	uint64_t cycles = htole64(emu_health_power_cycles(s));

	memset(head, 0, sizeof(*head));
	head->lid = GMX_LOG_PERSISTENT;
	head->nr_events = htole32(nr);
	head->length = htole64(len);
	head->revision = 1;
	head->header_length = htole16(sizeof(*head) - offsetof(struct gmx_log_persistent, timestamp));
	memcpy(head->timestamp, &timestamp, sizeof(timestamp));
	memcpy(head->power_on_hours, &hours, sizeof(hours));
	memcpy(head->power_cycles, &cycles, sizeof(cycles));
	head->vid = htole16(GMX_PCI_VENDOR);
	head->ssvid = htole16(GMX_PCI_VENDOR);
	persist_pad(head->sn, sizeof(head->sn), s->config.serial);
	persist_pad(head->mn, sizeof(head->mn), s->traits->model);
	memcpy(head->subnqn, s->config.subnqn, sizeof(s->config.subnqn));
	for (unsigned int i = 0; i < sizeof(supported); i++)
		head->supported[supported[i] / 8] |= (uint8_t)(1u << supported[i] % 8);
}

/* Everything there is, oldest first */
static bool persist_collect(struct emu_ctrl *c, struct persist_context *ctx)
{
	struct emu_ring *ring = c->s->persist->ring;
	uint64_t first = emu_ring_first(ring), last = emu_ring_last(ring);
	size_t len = sizeof(struct gmx_log_persistent), at = len;
	uint32_t nr = 0;

	for (uint64_t i = first; i && i <= last; i++, nr++)
		len += EMU_MIN(((const struct persist_record *)emu_ring_get(ring, i))->len,
			       sizeof(((struct persist_record *)0)->event));
	ctx->buf = malloc(len);
	if (!ctx->buf)
		return false;
	ctx->len = len;
	ctx->generation = c->generation;
	persist_head(c, (struct gmx_log_persistent *)ctx->buf, nr, len);
	for (uint64_t i = first; i && i <= last; i++) {
		const struct persist_record *record = emu_ring_get(ring, i);
		size_t n = EMU_MIN(record->len, sizeof(record->event));

		memcpy(ctx->buf + at, record->event, n);
		at += n;
	}
	return true;
}

static void persist_release(struct persist_context *ctx)
{
	free(ctx->buf);
	ctx->buf = NULL;
	ctx->len = 0;
}

uint16_t emu_event_persistent_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct emu_ctrl *c = cmd->ctrl;
	struct persist_context *ctx = &c->s->persist->context[c->function];
	unsigned int action = (emu_cdw10(cmd) >> 8) & 3;

	persist_power_on(c->s);
	/* A context does not live longer than the controller that it was established on. */
	if (ctx->buf && ctx->generation != c->generation)
		persist_release(ctx);
	switch (action) {
	case GMX_PERSISTENT_READ:
		if (!ctx->buf)
			return GMX_SC_CMD_SEQ | GMX_STS_DNR;
		break;
	case GMX_PERSISTENT_ESTABLISH:
		if (ctx->buf)
			return GMX_SC_CMD_SEQ | GMX_STS_DNR;
		if (!persist_collect(c, ctx))
			return GMX_SC_INTERNAL;
		break;
	case GMX_PERSISTENT_RELEASE: persist_release(ctx); break;
	default: return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	}
	*len = ctx->buf ? ctx->len : sizeof(struct gmx_log_persistent);
	*buf = malloc(*len);
	if (!*buf)
		return GMX_SC_INTERNAL;
	if (ctx->buf)
		memcpy(*buf, ctx->buf, *len);
	else
		persist_head(c, (struct gmx_log_persistent *)*buf, 0, *len);
	return 0;
}
