// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sanitize (5.24, 8.15). It runs in pieces from a timer over all drives, pass by pass; NVRAM knows how far it came, so
 * after a power cut it goes on there. Until it has succeeded no host gets at the media.
 */
#include <errno.h>
#include <unistd.h>

#include "drive.h"

#define SAN_PIECE   (4u << 20) /* bytes written in one go */
#define SAN_PARTS   16u	       /* of a drive: steps at least, and saves */
#define SAN_STEP_US 10000u
#define SAN_RATE    (400u << 20) /* bytes a second, as far as estimates go */
#define SAN_UNKNOWN 0xffffffffu

struct emu_sanitize {
	struct emu_subsys *s;
	struct emu_timer timer;
	unsigned int status; /* GMX_SANITIZED_* */
	bool failure_mode;
	uint32_t cdw10, pattern;
	unsigned int pass, drive; /* where it is */
	uint64_t off;
	unsigned int passes_done;
	bool erased;	 /* nothing was written since */
	bool unproven;	 /* erased is what the last life said */
	uint64_t stored; /* san_stored() when it was set */
};

static unsigned int san_action(const struct emu_sanitize *z)
{
	return GMX_SANITIZE_ACTION(z->cdw10);
}

static unsigned int san_passes(const struct emu_sanitize *z)
{
	if (san_action(z) != GMX_SANITIZE_OVERWRITE)
		return 1;
	return GMX_SANITIZE_PASSES(z->cdw10) ? GMX_SANITIZE_PASSES(z->cdw10) : 16;
}

static void san_save(struct emu_sanitize *z)
{
	json_object *o = json_object_new_object();

	json_object_object_add(o, "status", json_object_new_int((int)z->status));
	json_object_object_add(o, "failure-mode", json_object_new_boolean(z->failure_mode));
	json_object_object_add(o, "cdw10", json_object_new_int64(z->cdw10));
	json_object_object_add(o, "pattern", json_object_new_int64(z->pattern));
	json_object_object_add(o, "pass", json_object_new_int((int)z->pass));
	json_object_object_add(o, "drive", json_object_new_int((int)z->drive));
	json_object_object_add(o, "offset", json_object_new_int64((int64_t)z->off));
	json_object_object_add(o, "passes-done", json_object_new_int((int)z->passes_done));
	json_object_object_add(o, "erased", json_object_new_boolean(z->erased));
	emu_nvram_set(z->s, "sanitize", o);
	emu_nvram_save(z->s);
}

static uint64_t san_number(json_object *o, const char *key, uint64_t max)
{
	json_object *v;
	int64_t n;

	if (!json_object_object_get_ex(o, key, &v))
		return 0;
	n = json_object_get_int64(v);
	return n < 0 || (uint64_t)n > max ? 0 : (uint64_t)n;
}

static void san_restore(struct emu_sanitize *z)
{
	json_object *o = emu_nvram_get(z->s, "sanitize");

	z->status = (unsigned int)san_number(o, "status", GMX_SANITIZED_FORCED_DEALLOC);
	z->failure_mode = san_number(o, "failure-mode", 1);
	z->cdw10 = (uint32_t)san_number(o, "cdw10", UINT32_MAX);
	z->pattern = (uint32_t)san_number(o, "pattern", UINT32_MAX);
	z->pass = (unsigned int)san_number(o, "pass", 15);
	z->drive = (unsigned int)san_number(o, "drive", EMU_MAX_DRIVES - 1);
	z->off = san_number(o, "offset", INT64_MAX) / EMU_PAGE * EMU_PAGE;
	z->passes_done = (unsigned int)san_number(o, "passes-done", 16);
	z->erased = !o || san_number(o, "erased", 1);
	z->unproven = true;
}

static uint64_t san_stored(struct emu_subsys *s)
{
	uint64_t nr = 0;

	for (unsigned int i = 0; i < EMU_MAX_DRIVES; i++)
		nr += s->drives[i] ? s->drives[i]->stored : 0;
	return nr;
}

/* Global Data Erased (8.15): after a restart only if the drives are empty, as a power cut may have hidden a write */
static bool san_erased(struct emu_sanitize *z)
{
	if (z->unproven) {
		z->unproven = false;
		for (unsigned int i = 0; i < EMU_MAX_DRIVES; i++) {
			if (z->s->drives[i] && emu_drive_allocated(z->s->drives[i]))
				z->erased = false;
		}
	}
	if (z->erased && san_stored(z->s) != z->stored) {
		z->erased = false;
		if (z->status != GMX_SANITIZED_RUNNING)
			san_save(z);
	}
	return z->erased;
}

static uint64_t san_bytes(struct emu_subsys *s, unsigned int drives)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < drives; i++)
		sum += s->drives[i] ? emu_drive_bytes(s->drives[i]) : 0;
	return sum;
}

static uint16_t san_sstat(struct emu_sanitize *z)
{
	unsigned int sstat = z->status | z->passes_done << 3;

	if (z->status != GMX_SANITIZED_RUNNING && !z->failure_mode && san_erased(z))
		sstat |= GMX_SANITIZED_ERASED;
	return (uint16_t)sstat;
}

static uint16_t san_progress(struct emu_sanitize *z)
{
	uint64_t all = san_bytes(z->s, EMU_MAX_DRIVES), done;

	if (z->status != GMX_SANITIZED_RUNNING)
		return 0xffff;
	if (!all)
		return 0;
	done = san_bytes(z->s, z->drive) + z->off;
	/* Kept from overflowing: pass by pass, in 1/65536 of each */
	done = EMU_MIN(done, all);
	done = (uint64_t)((double)done / (double)all * 65536.0);
	return (uint16_t)EMU_MIN(65535, (z->pass * 65536ull + done) / san_passes(z));
}

static void san_end(struct emu_sanitize *z, bool good)
{
	z->status = good ? GMX_SANITIZED_OK : GMX_SANITIZED_FAILED;
	z->failure_mode = !good;
	z->erased = good;
	z->unproven = false;
	z->stored = san_stored(z->s);
	san_save(z);
	emu_log(z->s, good ? EMU_LOG_INFO : EMU_LOG_ERROR, "sanitize %s", good ? "is done" : "failed");
	emu_event_add(z->s, GMX_VND_EV_SANITIZE_DONE, 0, (uint64_t)san_sstat(z) << 16 | san_progress(z),
		      good ? "sanitize done" : "sanitize failed");
	emu_aer_send_all(z->s, GMX_AEN_NVM, GMX_AEN_NVM_SANITIZED, GMX_LOG_SANITIZE);
}

static uint32_t san_pattern(struct emu_sanitize *z)
{
	switch (san_action(z)) {
	case GMX_SANITIZE_OVERWRITE: return z->cdw10 & GMX_SANITIZE_OIPBP && z->pass & 1 ? ~z->pattern : z->pattern;
	case GMX_SANITIZE_CRYPTO_ERASE:
		/* What decryption with another key makes of it */
		return emu_random(z->s, 1u << 16) << 16 | emu_random(z->s, 1u << 16);
	default: return 0;
	}
}

/* A piece of the drive; returns its length, or 0 where that failed */
static uint64_t san_piece(struct emu_sanitize *z, struct emu_drive *d)
{
	bool keep = z->cdw10 & GMX_SANITIZE_NDAS;
	uint64_t part = EMU_MAX(emu_drive_bytes(d) / SAN_PARTS / EMU_PAGE, 1u) * EMU_PAGE;
	uint64_t left = emu_drive_bytes(d) - z->off;
	off_t data;

	/* Erasing takes a while, too; what it does happens at the drive's end. */
	if (!keep && san_action(z) != GMX_SANITIZE_OVERWRITE)
		return EMU_MIN(left, part);
	/* A hole holds nothing. It is filled only where the pattern has to stay. */
	if (!keep || san_action(z) != GMX_SANITIZE_OVERWRITE) {
		data = lseek(d->area[EMU_AREA_IMG].fd, (off_t)z->off, SEEK_DATA);
		if (data < 0 && errno == ENXIO)
			return EMU_MIN(left, part);
		if (data > 0 && (uint64_t)data / EMU_PAGE * EMU_PAGE > z->off)
			return EMU_MIN(EMU_MIN((uint64_t)data / EMU_PAGE * EMU_PAGE - z->off, part), left);
	}
	left = EMU_MIN(left, EMU_MIN(part, SAN_PIECE));
	return emu_drive_overwrite(d, z->off, left, san_pattern(z)) ? 0 : left;
}

static void san_arm(struct emu_sanitize *z)
{
	emu_timer_set(z->s, &z->timer, emu_now(z->s) + (z->s->config.time_warp ? SAN_STEP_US / 100 : SAN_STEP_US) * 1000ull);
}

/* The drive's last byte was reached: false, the erasure failed */
static bool san_drive_done(struct emu_sanitize *z, struct emu_drive *d)
{
	if (z->pass + 1 == san_passes(z) && !(z->cdw10 & GMX_SANITIZE_NDAS))
		emu_drive_erase(d);
	return !emu_drive_failed(d);
}

static void san_timer(struct emu_timer *t)
{
	struct emu_sanitize *z = EMU_ENTRY(t, struct emu_sanitize, timer);
	struct emu_drive *d = z->s->drives[z->drive];
	uint64_t len, before = z->off;

	if (d && z->off < emu_drive_bytes(d)) {
		len = emu_drive_failed(d) ? 0 : san_piece(z, d);
		if (!len) {
			san_end(z, false);
			return;
		}
		z->off += len;
		if (z->off < emu_drive_bytes(d)) {
			if (before * SAN_PARTS / emu_drive_bytes(d) != z->off * SAN_PARTS / emu_drive_bytes(d))
				san_save(z);
			san_arm(z);
			return;
		}
	}
	if (d && !san_drive_done(z, d)) {
		san_end(z, false);
		return;
	}
	z->off = 0;
	while (++z->drive < EMU_MAX_DRIVES && !z->s->drives[z->drive])
		;
	if (z->drive == EMU_MAX_DRIVES) {
		z->drive = 0;
		z->pass++;
		z->passes_done = san_action(z) == GMX_SANITIZE_OVERWRITE ? z->pass : 0;
	}
	if (z->pass >= san_passes(z)) {
		san_end(z, true);
		return;
	}
	san_save(z);
	san_arm(z);
}

static uint16_t san_exit_failure(struct emu_sanitize *z)
{
	if (!z->failure_mode)
		return 0;
	/* Restricted: only a sanitize operation that succeeds leads out (5.24). */
	if (!(z->cdw10 & GMX_SANITIZE_AUSE))
		return GMX_SC_SANITIZE_FAILED | GMX_STS_DNR;
	z->failure_mode = false;
	san_save(z);
	return 0;
}

static uint16_t san_allowed(struct emu_sanitize *z, uint32_t cdw10)
{
	struct emu_subsys *s = z->s;

	if (z->failure_mode && !(z->cdw10 & GMX_SANITIZE_AUSE) && cdw10 & GMX_SANITIZE_AUSE)
		return GMX_SC_SANITIZE_FAILED | GMX_STS_DNR;
	if (emu_fw_pending(s))
		return emu_fw_pending(s);
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		if (s->ns[i].nsid && s->ns[i].read_only)
			return GMX_SC_NS_WRITE_PROTECTED | GMX_STS_DNR;
		if (s->ns[i].nsid && s->ns[i].formatting)
			return GMX_SC_FORMAT_IN_PROGRESS;
	}
	return 0;
}

uint16_t emu_sanitize_cmd(struct emu_cmd *cmd)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct emu_sanitize *z = s->sanitize;
	uint32_t cdw10 = emu_cdw10(cmd), caps = emu_sanitize_caps(s->traits);
	unsigned int action = GMX_SANITIZE_ACTION(cdw10);
	uint16_t status;

	if (action < GMX_SANITIZE_EXIT_FAILURE || action > GMX_SANITIZE_CRYPTO_ERASE ||
	    (action == GMX_SANITIZE_CRYPTO_ERASE && !(caps & GMX_SANICAP_CRYPTO)))
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (emu_sanitize_running(s))
		return GMX_SC_SANITIZE_BUSY;
	if (action == GMX_SANITIZE_EXIT_FAILURE)
		return san_exit_failure(z);
	status = san_allowed(z, cdw10);
	if (status)
		return status;
	emu_selftest_abort(s, GMX_SELFTEST_ABORTED_SANITIZE, GMX_NSID_ALL);
	for (unsigned int i = 0; i < EMU_MAX_DRIVES; i++) {
		if (s->drives[i])
			emu_drive_power_cut(s->drives[i]);
	}
	z->status = GMX_SANITIZED_RUNNING;
	z->failure_mode = false;
	z->cdw10 = cdw10;
	z->pattern = emu_cdw11(cmd);
	z->pass = z->drive = z->passes_done = 0;
	z->off = 0;
	z->erased = false;
	san_save(z);
	emu_event_add(s, GMX_VND_EV_SANITIZE_START, 0, (uint64_t)z->pattern << 32 | cdw10, "sanitize begins");
	san_arm(z);
	return 0;
}

uint32_t emu_sanitize_caps(const struct emu_traits *traits)
{
	/* NODMMAS 1: with No-Deallocate After Sanitize the media are not changed once more */
	return GMX_SANICAP_BLOCK | GMX_SANICAP_OVERWRITE | (traits->id == EMU_G3 ? GMX_SANICAP_CRYPTO : 0) |
	       GMX_SANICAP_NODMMAS(1);
}

bool emu_sanitize_running(struct emu_subsys *s)
{
	return s->sanitize && s->sanitize->status == GMX_SANITIZED_RUNNING;
}

bool emu_sanitize_failed(struct emu_subsys *s)
{
	return s->sanitize && s->sanitize->failure_mode;
}

uint16_t emu_sanitize_refuses(struct emu_subsys *s)
{
	if (emu_sanitize_running(s))
		return GMX_SC_SANITIZE_BUSY;
	return emu_sanitize_failed(s) ? GMX_SC_SANITIZE_FAILED | GMX_STS_DNR : 0;
}

unsigned int emu_sanitize_status(struct emu_subsys *s)
{
	return s->sanitize->status;
}

uint16_t emu_sanitize_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct emu_sanitize *z = s->sanitize;
	struct gmx_log_sanitize *log = calloc(1, sizeof(*log));
	bool crypto = emu_sanitize_caps(s->traits) & GMX_SANICAP_CRYPTO;
	uint32_t overwrite, erase;

	if (!log)
		return GMX_SC_INTERNAL;
	/* The longest one: 16 passes */
	overwrite = (uint32_t)EMU_MIN(san_bytes(s, EMU_MAX_DRIVES) / SAN_RATE * 16 + 1, SAN_UNKNOWN - 1);
	erase = 1 + EMU_MAX_DRIVES * SAN_PARTS * SAN_STEP_US / 1000000;
	log->progress = htole16(san_progress(z));
	log->status = htole16(san_sstat(z));
	log->cdw10 = htole32(z->cdw10);
	log->overwrite_time = log->overwrite_nd_time = htole32(overwrite);
	log->block_erase_time = htole32(erase);
	log->block_erase_nd_time = htole32(overwrite);
	log->crypto_erase_time = htole32(crypto ? erase : SAN_UNKNOWN);
	log->crypto_erase_nd_time = htole32(crypto ? overwrite : SAN_UNKNOWN);
	*buf = (uint8_t *)log;
	*len = sizeof(*log);
	return 0;
}

int emu_sanitize_open(struct emu_subsys *s)
{
	struct emu_sanitize *z = calloc(1, sizeof(*z));

	if (!z)
		return -ENOMEM;
	z->s = s;
	emu_timer_init(&z->timer, san_timer);
	s->sanitize = z;
	san_restore(z);
	if (z->status == GMX_SANITIZED_RUNNING) {
		emu_log(s, EMU_LOG_INFO, "sanitize goes on");
		san_arm(z);
	}
	return 0;
}

void emu_sanitize_close(struct emu_subsys *s)
{
	if (!s->sanitize)
		return;
	emu_timer_cancel(s, &s->sanitize->timer);
	free(s->sanitize);
	s->sanitize = NULL;
}
