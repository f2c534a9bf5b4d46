// SPDX-License-Identifier: GPL-2.0-or-later
/* Sanitize: what is refused, what is erased, progress, power cuts, failure and the ways out of it. */
/* Covers: GMX_ADM_SANITIZE GMX_LOG_SANITIZE GMX_FEAT_WRITE_PROTECT */
#include <sys/stat.h>

#include "ops.h"
#include "firmware.h"

#define NS_BYTES  (8u << 20)
#define NS_BLOCKS (NS_BYTES / 512)
#define ERASE	  GMX_SANITIZE_BLOCK_ERASE
#define OVERWRITE GMX_SANITIZE_OVERWRITE
#define CRYPTO	  GMX_SANITIZE_CRYPTO_ERASE
#define EXIT	  GMX_SANITIZE_EXIT_FAILURE
#define PASSES(n) ((unsigned int)(n) << 4)
#define PATTERN	  0xa1b2c3d4u

static uint32_t block[1024];

static uint16_t sanitize(uint32_t cdw10)
{
	return ops_admin(0, GMX_ADM_SANITIZE, 0, cdw10, PATTERN, NULL, 0);
}

static struct gmx_log_sanitize state(void)
{
	struct gmx_log_sanitize log = { 0 };

	check(!ops_log(GMX_LOG_SANITIZE, 0, 0, &log, sizeof(log)), "log page 81h");
	return log;
}

static unsigned int sstat(void)
{
	return le16toh(state().status);
}

static bool running(void)
{
	return (sstat() & GMX_SANITIZED_MASK) == GMX_SANITIZED_RUNNING;
}

/* Status at the end, as SSTAT has it */
static unsigned int finish(void)
{
	for (unsigned int i = 0; i < 100000 && running(); i++)
		ops_run(1000);
	check(le16toh(state().progress) == 0xffff, "SPROG is ffffh when none runs");
	return sstat() & GMX_SANITIZED_MASK;
}

static uint16_t put(uint32_t nsid, uint64_t lba, uint32_t value)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(block); i++)
		block[i] = htole32(value);
	return ops_io(true, nsid, lba, 8, block, sizeof(block));
}

/* All of these eight blocks are value */
static bool is(uint32_t nsid, uint64_t lba, uint32_t value)
{
	memset(block, 0x5a, sizeof(block));
	if (ops_io(false, nsid, lba, 8, block, sizeof(block)))
		return false;
	for (unsigned int i = 0; i < ARRAY_SIZE(block); i++) {
		if (le32toh(block[i]) != value)
			return false;
	}
	return true;
}

/* Some data at both ends and in the middle of both namespaces, half of it flushed */
static void fill(void)
{
	for (uint32_t nsid = 1; nsid <= 2; nsid++) {
		for (uint64_t lba = 0; lba < NS_BLOCKS; lba += NS_BLOCKS / 2 - 8)
			check(!put(nsid, lba, 0x11111111 * nsid), "write");
		check(!ops_flush(nsid) && !put(nsid, 64, 0x77777777), "write to the cache");
	}
}

static bool all_are(uint32_t value)
{
	bool good = true;

	for (uint32_t nsid = 1; nsid <= 2; nsid++) {
		for (uint64_t lba = 0; lba < NS_BLOCKS; lba += NS_BLOCKS / 2 - 8)
			good = good && is(nsid, lba, value);
		good = good && is(nsid, 64, value);
	}
	return good;
}

/* Is this word anywhere in the files of the drives? */
static bool on_media(uint32_t value)
{
	static uint32_t words[1 << 16];
	bool found = false;
	char path[128];
	size_t nr;
	FILE *f;

	for (unsigned int drive = 0; drive < 2; drive++) {
		snprintf(path, sizeof(path), "%s/drive-%02u.img", vnd_dir, drive);
		f = fopen(path, "r");
		check(f != NULL, "%s", path);
		while (f && (nr = fread(words, 4, ARRAY_SIZE(words), f)) > 0) {
			for (size_t i = 0; i < nr; i++)
				found |= le32toh(words[i]) == value;
		}
		if (f)
			fclose(f);
	}
	return found;
}

static uint64_t allocated(void)
{
	uint64_t sum = 0;
	char path[128];
	struct stat st;

	for (unsigned int drive = 0; drive < 2; drive++) {
		snprintf(path, sizeof(path), "%s/drive-%02u.img", vnd_dir, drive);
		if (!stat(path, &st))
			sum += (uint64_t)st.st_blocks * 512;
	}
	return sum;
}

static void begin_family(const char *family)
{
	ops_begin(family,
		  "{\"time_warp\":true,\"ready_us\":0,\"namespaces\":[{\"size\":\"8M\"},{\"size\":\"8M\"}],\"functions\":2}");
}

static void begin(void)
{
	begin_family("g2");
}

static void end(const char *name)
{
	ops_end(name);
}

static void new_device(void)
{
	struct gmx_id_ctrl *id = calloc(1, sizeof(*id));

	for (unsigned int family = 1; family <= 3; family++) {
		begin_family((const char *[]){ "g1", "g2", "g3" }[family - 1]);
		check(!ops_admin(0, GMX_ADM_IDENTIFY, 0, GMX_CNS_CTRL, 0, id, sizeof(*id)), "Identify");
		check((le32toh(id->sanicap) & 7) ==
			      (GMX_SANICAP_BLOCK | GMX_SANICAP_OVERWRITE | (family == 3 ? GMX_SANICAP_CRYPTO : 0)),
		      "G%u: SANICAP %08x", family, le32toh(id->sanicap));
		check(sstat() == (GMX_SANITIZED_NEVER | GMX_SANITIZED_ERASED), "G%u: SSTAT %04x", family, sstat());
		check(le16toh(state().progress) == 0xffff, "SPROG");
		check((state().crypto_erase_time == 0xffffffff) == (family != 3), "time of what there is not");
		check(le32toh(state().overwrite_time) < 1000 && le32toh(state().block_erase_time) < 1000, "times");
		check(!put(1, 0, 1) && sstat() == GMX_SANITIZED_NEVER, "no longer erased once something is written");
		vnd_stop();
	}
	free(id);
	tap_group("a new device");
}

static void fields(void)
{
	begin();
	check(sanitize(0) == GMX_SC_INVALID_FIELD, "no action");
	for (unsigned int action = 5; action < 8; action++)
		check(sanitize(action) == GMX_SC_INVALID_FIELD, "action %u", action);
	check(sanitize(CRYPTO) == GMX_SC_INVALID_FIELD, "crypto erase on a G2");
	check(!sanitize(EXIT), "nothing to leave: no error");
	check(sstat() == (GMX_SANITIZED_NEVER | GMX_SANITIZED_ERASED), "and nothing happened");
	end("Sanitize: actions");
}

static void erases(const char *family, uint32_t cdw10, uint32_t expect, const char *name)
{
	uint16_t last = 0;

	begin_family(family);
	fill();
	check(on_media(0x11111111), "the media have it");
	check(!sanitize(cdw10), "begins");
	check(running() && le32toh(state().cdw10) == cdw10, "runs: %04x", sstat());
	for (unsigned int i = 0; i < 100000 && running(); i++) {
		uint16_t now = le16toh(state().progress);

		check(!running() || now >= last, "progress %u after %u", now, last);
		last = now;
		ops_run(50);
	}
	check(last > 30000, "progress went as far as %u", last);
	check(finish() == GMX_SANITIZED_OK, "success: %04x", sstat());
	check(sstat() & GMX_SANITIZED_ERASED, "all is erased");
	if (cdw10 & GMX_SANITIZE_NDAS)
		check(allocated() > 0, "not deallocated");
	else
		check(!allocated(), "deallocated");
	if ((cdw10 & 7) != CRYPTO || !(cdw10 & GMX_SANITIZE_NDAS))
		check(all_are(expect), "what is read is %08x", expect);
	check(!on_media(0x11111111) && !on_media(0x22222222) && !on_media(0x77777777), "nothing is left on the media");
	check(!put(2, 8, 1) && !(sstat() & GMX_SANITIZED_ERASED), "a write ends that");
	ops_restart(true);
	check(sstat() == (GMX_SANITIZED_OK | (unsigned int)(((cdw10 & 7) == OVERWRITE ? cdw10 >> 4 & 15 : 0) << 3)),
	      "SSTAT %04x outlives the power", sstat());
	end(name);
}

static void inversion(void)
{
	for (unsigned int passes = 1; passes <= 4; passes++) {
		begin();
		fill();
		check(!sanitize(OVERWRITE | PASSES(passes) | GMX_SANITIZE_OIPBP | GMX_SANITIZE_NDAS), "%u passes", passes);
		check(finish() == GMX_SANITIZED_OK, "done");
		check(all_are(passes & 1 ? PATTERN : ~PATTERN), "%u passes end in the %s", passes,
		      passes & 1 ? "pattern" : "inverse");
		check(GMX_SANITIZED_PASSES(sstat()) == passes, "SSTAT counts %u", GMX_SANITIZED_PASSES(sstat()));
		vnd_stop();
	}
	begin();
	check(!sanitize(OVERWRITE), "0 passes");
	check(finish() == GMX_SANITIZED_OK && GMX_SANITIZED_PASSES(sstat()) == 16, "are 16: %u", GMX_SANITIZED_PASSES(sstat()));
	end("overwrite: passes, inversion between them");
}

/* Of the pages that NVMe defines only some are there (8.15.1), and no block address is told. */
static void log_pages(uint16_t others)
{
	static const struct {
		uint8_t page;
		bool allowed;
		uint16_t bytes;
	} pages[] = {
		{ GMX_LOG_ERROR, true, 64 },
		{ GMX_LOG_SMART, true, 512 },
		{ GMX_LOG_FW_SLOT, false, 512 },
		{ GMX_LOG_CHANGED_NS, true, 4096 },
		{ GMX_LOG_EFFECTS, false, 4096 },
		{ GMX_LOG_SELF_TEST, false, 564 },
		{ GMX_LOG_TELEMETRY_HOST, false, 512 },
		{ GMX_LOG_TELEMETRY_CTRL, false, 512 },
		{ GMX_LOG_PERSISTENT, false, 512 },
		{ GMX_LOG_SANITIZE, true, 512 },
		{ GMX_VND_LOG_HEALTH, true, 512 },
		{ GMX_VND_LOG_EVENTS, true, 512 },
		{ GMX_VND_LOG_FW, true, 64 },
		{ GMX_VND_LOG_POWER, true, 64 },
	};
	static uint8_t buf[4096];
	struct gmx_log_error error = { .lba = htole64(7) };

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		uint16_t status = ops_log(pages[i].page, GMX_LOG_RAE, 0, buf, pages[i].bytes);

		check(status == (pages[i].allowed ? 0 : others), "log page %02x: %03x", pages[i].page, status);
	}
	check(ops_log(0x7f, 0, 0, buf, 512) == GMX_SC_LOG_PAGE, "a page that is never there");
	for (unsigned int i = 0; i < 64; i++) {
		check(!ops_log(GMX_LOG_ERROR, 0, i * sizeof(error), &error, sizeof(error)) && !error.lba,
		      "entry %u: a block address", i);
	}
}

static void in_progress(void)
{
	struct gmx_log_error error = { 0 };
	struct gmx_log_smart smart;
	uint32_t event;

	begin();
	fill();
	ops_listen();
	check(ops_io(false, 1, NS_BLOCKS, 8, block, sizeof(block)) == GMX_SC_LBA_RANGE, "a block address that is wrong");
	check(!ops_log(GMX_LOG_ERROR, 0, 0, &error, sizeof(error)) && le64toh(error.lba) == NS_BLOCKS, "is in the error log");
	check(!sanitize(OVERWRITE | PASSES(2)), "begins");
	log_pages(GMX_SC_SANITIZE_BUSY);
	check(ops_admin(0, GMX_ADM_DBBUF, 0, 0, 0, block, sizeof(block)) == GMX_SC_SANITIZE_BUSY, "no shadow doorbells");
	check(sanitize(ERASE) == GMX_SC_SANITIZE_BUSY, "no second one");
	check(sanitize(EXIT) == GMX_SC_SANITIZE_BUSY, "no way out");
	check(ops_io(false, 1, 0, 8, block, sizeof(block)) == GMX_SC_SANITIZE_BUSY, "no read");
	check(ops_io(true, 1, 0, 8, block, sizeof(block)) == GMX_SC_SANITIZE_BUSY, "no write");
	check(ops_admin(0, GMX_ADM_FW_COMMIT, 0, GMX_FW_ACTIVATE << 3 | 1, 0, NULL, 0) == GMX_SC_SANITIZE_BUSY, "no firmware");
	check(ops_admin(0, GMX_ADM_SELF_TEST, 0, GMX_SELFTEST_SHORT, 0, NULL, 0) == GMX_SC_SANITIZE_BUSY, "no self-test");
	check(!ops_log(GMX_LOG_SMART, 0, 0, &smart, sizeof(smart)), "SMART is allowed");
	check(ops_event(GMX_AEN_NVM) == NO_EVENT, "no event yet");
	check(finish() == GMX_SANITIZED_OK, "done");
	event = ops_event(GMX_AEN_NVM);
	check(event == ops_aen(GMX_AEN_NVM, GMX_AEN_NVM_SANITIZED, GMX_LOG_SANITIZE), "event %08x", event);
	check(!ops_io(true, 1, 0, 8, block, sizeof(block)), "I/O works again");
	check(!ops_log(GMX_LOG_FW_SLOT, 0, 0, &smart, sizeof(smart)), "and so do the other log pages");
	end("while it runs");
}

static void refused(void)
{
	struct test_image image = test_image_make(2, "G2-2.0.0", 2 << 16, 1, "{}");

	begin();
	check(!ops_admin(0, GMX_ADM_SET_FEATURES, 2, GMX_FEAT_WRITE_PROTECT, GMX_WP_PROTECTED, NULL, 0), "write protect");
	check(sanitize(ERASE) == GMX_SC_NS_WRITE_PROTECTED, "a namespace is write protected");
	check(!ops_admin(0, GMX_ADM_SET_FEATURES, 2, GMX_FEAT_WRITE_PROTECT, GMX_WP_NONE, NULL, 0), "and not");
	check(!ops_admin(0, GMX_ADM_FW_DOWNLOAD, 0, 1023, 0, image.data, image.len), "download");
	check(!ops_admin(0, GMX_ADM_FW_COMMIT, 0, GMX_FW_REPLACE_ACTIVATE << 3 | 2, 0, NULL, 0), "commit");
	check(sanitize(ERASE) == GMX_SC_FW_NEEDS_RESET, "firmware waits for a reset");
	ops_reset(0);
	check(!sanitize(ERASE) && finish() == GMX_SANITIZED_OK, "not any more");
	free(image.data);
	end("what keeps it from beginning");
}

static void resets(void)
{
	begin();
	fill();
	check(!sanitize(OVERWRITE | PASSES(3)), "begins");
	ops_run(500);
	check(running(), "runs");
	ops_reset(0);
	ops_reset(1);
	check(finish() == GMX_SANITIZED_OK && all_are(0), "a reset does not matter");
	end("controller resets");
}

static void cut_at(uint32_t cdw10, unsigned int step)
{
	unsigned int before, after, cuts = 0;

	begin();
	fill();
	check(!sanitize(cdw10), "begins");
	for (unsigned int i = 0; i < 1000 && running(); i++) {
		ops_run(step);
		if (!running())
			break;
		before = le16toh(state().progress);
		ops_restart(true);
		cuts++;
		check(running() && ops_io(false, 1, 0, 8, block, sizeof(block)) == GMX_SC_SANITIZE_BUSY, "cut %u: goes on", cuts);
		after = le16toh(state().progress);
		check(after <= before && after + 65536 / 16 >= before, "cut %u: progress %u, then %u", cuts, before, after);
	}
	check(cuts >= 3, "%u cuts", cuts);
	check(finish() == GMX_SANITIZED_OK && sstat() & GMX_SANITIZED_ERASED, "done: %04x", sstat());
	check(all_are(cdw10 & GMX_SANITIZE_NDAS ? PATTERN : 0), "erased");
	check(!on_media(0x11111111) && !on_media(0x22222222), "nothing is left");
	vnd_stop();
}

static void power_cuts(void)
{
	cut_at(ERASE, 400);
	cut_at(OVERWRITE | PASSES(1), 400);
	cut_at(OVERWRITE | PASSES(2), 700);
	cut_at(OVERWRITE | PASSES(3) | GMX_SANITIZE_OIPBP | GMX_SANITIZE_NDAS, 1300);
	tap_group("power cuts: it goes on where it was");
}

static void failure(void)
{
	uint32_t event;

	begin();
	fill();
	ops_listen();
	check(!sanitize(OVERWRITE | PASSES(2) | GMX_SANITIZE_AUSE), "begins");
	ops_run(300);
	check(vnd_ok("drive-fail", "\"drive\":1"), "drive 1 fails");
	check(finish() == GMX_SANITIZED_FAILED && !(sstat() & GMX_SANITIZED_ERASED), "fails with the drive: %04x", sstat());
	event = ops_event(GMX_AEN_NVM);
	check(event == ops_aen(GMX_AEN_NVM, GMX_AEN_NVM_SANITIZED, GMX_LOG_SANITIZE), "event %08x", event);
	check(ops_io(false, 1, 0, 8, block, sizeof(block)) == GMX_SC_SANITIZE_FAILED, "no I/O");
	log_pages(GMX_SC_SANITIZE_FAILED);
	ops_restart(true);
	check(ops_io(false, 1, 0, 8, block, sizeof(block)) == GMX_SC_SANITIZE_FAILED, "nor after a power cut");
	check(!sanitize(EXIT), "unrestricted: one may leave");
	check((sstat() & GMX_SANITIZED_MASK) == GMX_SANITIZED_FAILED, "the log page does not forget");
	check(!ops_io(false, 1, 0, 8, block, sizeof(block)), "I/O to the good drive");

	check(!sanitize(ERASE), "again, restricted");
	check(finish() == GMX_SANITIZED_FAILED, "fails again");
	check(sanitize(EXIT) == GMX_SC_SANITIZE_FAILED, "restricted: no leaving");
	check(sanitize(ERASE | GMX_SANITIZE_AUSE) == GMX_SC_SANITIZE_FAILED, "nor an unrestricted one");
	check(vnd_ok("drive-repair", "\"drive\":1"), "drive 1 is repaired");
	check(!sanitize(ERASE) && finish() == GMX_SANITIZED_OK, "one that succeeds leads out");
	check(all_are(0), "and has erased all");
	end("failure: restricted, unrestricted");
}

/* The first half of a write is on the medium when the second cannot be fetched. */
static void written_in_part(void)
{
	uint64_t *list;
	uint16_t cid;

	begin();
	check(!sanitize(ERASE) && finish() == GMX_SANITIZED_OK && sstat() & GMX_SANITIZED_ERASED, "sanitized");
	list = (uint64_t *)(vnd_ram + (vnd_list - VND_RAM));
	for (unsigned int i = 0; i < 31; i++)
		list[i] = htole64(i < 15 ? vnd_buffer + 4096 * (i + 1) : 4096);
	memset(vnd_ram + (vnd_buffer - VND_RAM), 0x77, 64 << 10);
	cid = vnd_next_cid(&vnd_fn[0].q[1]);
	vnd_submit(&(struct vnd_cmd){ .queue = 1, .opcode = GMX_NVM_WRITE, .nsid = 1, .cdw12 = 255, .len = 128 << 10 },
		   vnd_buffer, cid);
	vnd_advance(10);
	check(vnd_peek(0, 1) && GMX_STS_CODE(le16toh(vnd_reap(0, 1).status) >> 1) == GMX_SC_DATA_XFER, "half a write fails");
	check(is(1, 0, 0x77777777), "its first half is there");
	check(!(sstat() & GMX_SANITIZED_ERASED), "and known to be");
	end("a write that fails after its first half");
}

static void self_test_ends(void)
{
	struct gmx_log_selftest log;

	begin();
	check(!ops_admin(0, GMX_ADM_SELF_TEST, GMX_NSID_ALL, GMX_SELFTEST_EXTENDED, 0, NULL, 0), "self-test");
	check(!sanitize(ERASE) && finish() == GMX_SANITIZED_OK, "sanitize");
	check(!ops_log(GMX_LOG_SELF_TEST, 0, 0, &log, sizeof(log)), "log page 06h");
	check(!log.running && log.result[0].status == (GMX_SELFTEST_EXTENDED << 4 | GMX_SELFTEST_ABORTED_SANITIZE), "result %02x",
	      log.result[0].status);
	end("ends a self-test");
}

int main(void)
{
	new_device();
	fields();
	erases("g1", ERASE, 0, "block erase");
	erases("g2", ERASE | GMX_SANITIZE_NDAS, 0, "block erase, no deallocate");
	erases("g2", OVERWRITE | PASSES(3), 0, "overwrite");
	erases("g2", OVERWRITE | PASSES(1) | GMX_SANITIZE_NDAS, PATTERN, "overwrite, no deallocate");
	erases("g3", CRYPTO, 0, "crypto erase");
	erases("g3", CRYPTO | GMX_SANITIZE_NDAS, 0, "crypto erase, no deallocate");
	inversion();
	in_progress();
	refused();
	resets();
	power_cuts();
	failure();
	written_in_part();
	self_test_ends();
	return tap_done();
}
