// SPDX-License-Identifier: GPL-2.0-or-later
/* Get Log Page (5.14): which pages there are, who may read which part of them, and the pages that nobody else has. */
#include "emu.h"

struct log_page {
	uint8_t page;
	emu_log_fn *fn;
	uint8_t opcode;	  /* admin command that the page belongs to, 0: none */
	bool in_sanitize; /* allowed while a sanitize operation runs (8.15.1), or has failed */
};

static emu_log_fn log_changed_ns, log_effects;

/* Those of the vendor hold nothing of the host's data. */
static const struct log_page log_pages[] = {
	{ GMX_LOG_ERROR, emu_error_log, 0, true },
	{ GMX_LOG_SMART, emu_health_log, 0, true },
	{ GMX_LOG_FW_SLOT, emu_fw_log, 0, false },
	{ GMX_LOG_CHANGED_NS, log_changed_ns, 0, true },
	{ GMX_LOG_EFFECTS, log_effects, 0, false },
	{ GMX_LOG_SELF_TEST, emu_selftest_log, GMX_ADM_SELF_TEST, false },
	{ GMX_LOG_TELEMETRY_HOST, emu_telemetry_host_log, 0, false },
	{ GMX_LOG_TELEMETRY_CTRL, emu_telemetry_ctrl_log, 0, false },
	{ GMX_LOG_PERSISTENT, emu_event_persistent_log, 0, false },
	{ GMX_LOG_SANITIZE, emu_sanitize_log, GMX_ADM_SANITIZE, true },
	{ GMX_VND_LOG_HEALTH, emu_health_extended_log, 0, true },
	{ GMX_VND_LOG_VOLUMES, emu_volume_log, 0, true },
	{ GMX_VND_LOG_DRIVES, emu_drive_log, 0, true },
	{ GMX_VND_LOG_EVENTS, emu_event_vendor_log, 0, true },
	{ GMX_VND_LOG_FW, emu_fw_update_log, 0, true },
	{ GMX_VND_LOG_POWER, emu_power_log, 0, true },
};

static const struct log_page *log_find(struct emu_ctrl *c, uint8_t page)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(log_pages); i++) {
		const struct log_page *p = &log_pages[i];

		if (p->page == page)
			return !p->opcode || emu_cmd_find(c, true, p->opcode) ? p : NULL;
	}
	return NULL;
}

/* All pages are the controller's or the subsystem's; none is kept by namespace (LPA bit 0 is clear). */
static uint16_t log_check_nsid(uint32_t nsid)
{
	if (!nsid || nsid == GMX_NSID_ALL)
		return 0;
	return nsid > EMU_MAX_NS ? GMX_SC_INVALID_NS | GMX_STS_DNR : GMX_SC_INVALID_FIELD | GMX_STS_DNR;
}

/* Reading takes the list away, so a read that keeps the event must keep the list too. */
static uint16_t log_changed_ns(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct emu_ctrl *c = cmd->ctrl;
	__le32 *page = calloc(GMX_NS_LIST_ENTRIES, sizeof(*page));

	if (!page)
		return GMX_SC_INTERNAL;
	if (c->nr_changed_ns > GMX_NS_LIST_ENTRIES) {
		page[0] = htole32(GMX_NSID_ALL);
	} else {
		for (unsigned int i = 0; i < c->nr_changed_ns; i++)
			page[i] = htole32(c->changed_ns[i]);
	}
	*buf = (uint8_t *)page;
	*len = GMX_NS_LIST_ENTRIES * sizeof(*page);
	return 0;
}

static uint16_t log_effects(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct gmx_log_effects *page = calloc(1, sizeof(*page));

	if (!page)
		return GMX_SC_INTERNAL;
	for (int admin = 0; admin < 2; admin++) {
		unsigned int nr;
		const struct emu_opcode *op = emu_cmd_table(admin, &nr);

		for (; nr--; op++) {
			if (!op->there || op->there(cmd->ctrl))
				(admin ? page->acs : page->iocs)[op->opcode] = htole32(op->effects | GMX_EFFECTS_CSUPP);
		}
	}
	*buf = (uint8_t *)page;
	*len = sizeof(*page);
	return 0;
}

static void log_was_read(struct emu_ctrl *c, uint8_t page, bool retain)
{
	if (page == GMX_LOG_CHANGED_NS && !retain)
		c->nr_changed_ns = 0;
	if (page == GMX_LOG_TELEMETRY_CTRL && !retain)
		emu_telemetry_taken(c->s);
	emu_aer_log_read(c, page, retain);
}

/* The host describes room for all that it asks for, also where the page ends before that. */
static uint16_t log_to_host(struct emu_cmd *cmd, const uint8_t *buf, uint64_t len, uint64_t room)
{
	struct emu_dptr d;
	uint16_t status = emu_dptr_walk(cmd, room, &d);

	if (status)
		return status;
	status = emu_dptr_write(cmd, &d, 0, buf, len);
	emu_dptr_free(&d);
	return status;
}

uint16_t emu_log_cmd(struct emu_cmd *cmd)
{
	struct emu_ctrl *c = cmd->ctrl;
	uint64_t want = ((uint64_t)(emu_cdw11(cmd) & 0xffff) << 16 | emu_cdw10(cmd) >> 16) + 1;
	uint64_t offset = (uint64_t)emu_cdw13(cmd) << 32 | emu_cdw12(cmd);
	const struct log_page *p = log_find(c, emu_cdw10(cmd) & 0xff);
	char what[] = "log:00";
	uint8_t *buf = NULL;
	uint16_t status;
	size_t len = 0;

	if (!p)
		return GMX_SC_LOG_PAGE | GMX_STS_DNR;
	if (!p->in_sanitize && emu_sanitize_refuses(c->s))
		return emu_sanitize_refuses(c->s);
	want *= 4;
	if (want > 4096ull << c->s->traits->mdts || offset & 3)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	status = log_check_nsid(emu_nsid(cmd));
	if (!status)
		status = p->fn(cmd, &buf, &len);
	if (status)
		return status;
	if (offset >= len) {
		status = GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	} else {
		snprintf(what, sizeof(what), "log:%02x", p->page);
		emu_fault_data(c, what, buf, len);
		status = log_to_host(cmd, buf + offset, EMU_MIN(want, len - offset), want);
	}
	free(buf);
	if (!status)
		log_was_read(c, p->page, emu_cdw10(cmd) & GMX_LOG_RAE);
	return status;
}

static void log_add_changed_ns(struct emu_ctrl *c, uint32_t nsid)
{
	if (c->nr_changed_ns > GMX_NS_LIST_ENTRIES)
		return;
	for (unsigned int i = 0; i < c->nr_changed_ns; i++) {
		if (c->changed_ns[i] == nsid)
			return;
	}
	if (c->nr_changed_ns < GMX_NS_LIST_ENTRIES)
		c->changed_ns[c->nr_changed_ns] = nsid;
	c->nr_changed_ns++;
}

void emu_log_ns_changed(struct emu_subsys *s, uint32_t nsid, struct emu_ctrl *except)
{
	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		struct emu_ctrl *c = s->ctrls[i];

		c->ns_changes++;
		if (c == except)
			continue;
		log_add_changed_ns(c, nsid);
		emu_aer_send(c, GMX_AEN_NOTICE, GMX_AEN_NOTICE_NS_CHANGED, GMX_LOG_CHANGED_NS);
	}
}
