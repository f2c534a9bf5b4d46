// SPDX-License-Identifier: GPL-2.0-or-later
/* Firmware: download, commit, the three ways to activate, refusals, roll-back, power cuts in between. */
/* Covers: GMX_ADM_FW_COMMIT GMX_ADM_FW_DOWNLOAD GMX_LOG_FW_SLOT GMX_VND_LOG_FW */
#include "ops.h"
#include "firmware.h"

#define V(major, minor) ((major) << 16 | (minor) << 8)
#define DEEP		"{\"features\":[\"telemetry-namespaces\"]}"

static uint16_t download(unsigned int fn, const struct test_image *image, uint32_t off, uint32_t len)
{
	return ops_admin(fn, GMX_ADM_FW_DOWNLOAD, 0, len / 4 - 1, off / 4, image->data + off, len);
}

static uint16_t download_all(const struct test_image *image)
{
	uint16_t status = 0;

	for (uint32_t off = 0; off < image->len && !status; off += 4096)
		status = download(0, image, off, 4096);
	return status;
}

static uint16_t commit(unsigned int action, unsigned int slot)
{
	return ops_admin(0, GMX_ADM_FW_COMMIT, 0, action << 3 | slot, 0, NULL, 0);
}

/* Downloads, commits, frees */
static uint16_t update(struct test_image image, unsigned int action, unsigned int slot)
{
	uint16_t status = download_all(&image);

	free(image.data);
	return status ? status : commit(action, slot);
}

static struct test_image image2(const char *revision, const char *manifest)
{
	return test_image_make(2, revision, V(2, 0), 3, manifest);
}

static struct gmx_log_fw_slot slots(void)
{
	struct gmx_log_fw_slot log = { 0 };

	check(!ops_log(GMX_LOG_FW_SLOT, 0, 0, &log, sizeof(log)), "log page 03h");
	return log;
}

static struct gmx_vnd_log_fw state(void)
{
	struct gmx_vnd_log_fw log = { 0 };

	check(!ops_log(GMX_VND_LOG_FW, 0, 0, &log, sizeof(log)), "log page C8h");
	check(le16toh(log.length) == sizeof(log) && le16toh(log.version) == GMX_VND_VERSION, "head of C8h");
	return log;
}

/* What runs, as Identify says */
static bool runs(const char *revision)
{
	struct gmx_id_ctrl *id = calloc(1, sizeof(*id));
	bool same = !ops_admin(0, GMX_ADM_IDENTIFY, 0, GMX_CNS_CTRL, 0, id, sizeof(*id)) && !memcmp(id->fr, revision, 8);

	if (!same)
		printf("# runs '%.8s', not '%s'\n", id->fr, revision);
	free(id);
	return same;
}

static bool slot_is(unsigned int slot, const char *revision)
{
	struct gmx_log_fw_slot log = slots();

	return !memcmp(log.frs[slot - 1], revision, 8);
}

#define EMPTY "\0\0\0\0\0\0\0"

static void begin(void)
{
	ops_begin("g2", "{\"time_warp\":true,\"namespaces\":[{\"size\":\"8M\"}],\"functions\":2}");
}

static void end(const char *name)
{
	ops_end(name);
}

static void new_device(void)
{
	struct gmx_id_ctrl *id = calloc(1, sizeof(*id));
	struct gmx_vnd_log_fw log;

	begin();
	check(!ops_admin(0, GMX_ADM_IDENTIFY, 0, GMX_CNS_CTRL, 0, id, sizeof(*id)), "Identify");
	check(id->frmw == 0x19, "FRMW %02x: four slots, the first read-only, activation without reset", id->frmw);
	check(id->fwug == 1 && le16toh(id->mtfa) == 10, "FWUG %u, MTFA %u", id->fwug, le16toh(id->mtfa));
	check(le16toh(id->oacs) & GMX_OACS_FIRMWARE, "OACS");
	check(le32toh(id->oaes) & GMX_OAES_FW_ACT, "OAES");
	check(slots().afi == 1, "slot 1 runs, none waits");
	check(slot_is(1, "G2-1.0.0") && slot_is(2, EMPTY) && slot_is(3, EMPTY) && slot_is(4, EMPTY), "slots");
	check(runs("G2-1.0.0"), "revision");
	log = state();
	check(log.stage == GMX_VND_FW_IDLE && log.running_slot == 1 && !log.next_slot && !log.bytes_received, "C8h");
	check(!memcmp(log.running_revision, "G2-1.0.0", 8), "C8h revision");
	free(id);
	end("a new device");
}

static void download_fields(void)
{
	struct test_image image = test_image_make(2, "G2-2.0.0", V(2, 0), 64, "{}");
	struct gmx_id_ctrl *id = calloc(1, sizeof(*id));

	begin();
	check(ops_admin(0, GMX_ADM_FW_DOWNLOAD, 0, 511, 0, image.data, 2048) == GMX_SC_INVALID_FIELD, "half a granule");
	check(ops_admin(0, GMX_ADM_FW_DOWNLOAD, 0, 1023, 512, image.data, 4096) == GMX_SC_INVALID_FIELD, "offset");
	check(ops_admin(0, GMX_ADM_FW_DOWNLOAD, 0, 1023, GMX_VND_FW_MAX_IMAGE / 4, image.data, 4096) == GMX_SC_INVALID_FIELD,
	      "behind the end");
	check(ops_admin(0, GMX_ADM_FW_DOWNLOAD, 0, 1023, 0xfffffc00, image.data, 4096) == GMX_SC_INVALID_FIELD, "far behind");
	check(ops_admin(0, GMX_ADM_FW_DOWNLOAD, 0, 0xffffffff, 0, image.data, 4096) == GMX_SC_INVALID_FIELD, "16 GiB");
	check(!ops_admin(0, GMX_ADM_IDENTIFY, 0, GMX_CNS_CTRL, 0, id, sizeof(*id)), "Identify");
	check(ops_admin(0, GMX_ADM_FW_DOWNLOAD, 0, (8192u << id->mdts) / 4 - 1, 0, image.data, 8192) == GMX_SC_INVALID_FIELD,
	      "more than MDTS");
	check(!state().bytes_received, "nothing was taken");
	check(!download(0, &image, 0, 128 << 10), "128 KiB");
	check(le32toh(state().bytes_received) == 128 << 10 && le32toh(state().bytes_total) == image.len, "C8h counts");
	check(state().stage == GMX_VND_FW_DOWNLOADING && state().percent == 50, "C8h: half of it");
	free(id);
	free(image.data);
	end("Firmware Image Download: granularity, alignment, bounds");
}

static void download_order(void)
{
	struct test_image image = image2("G2-2.0.0", "{}");

	begin();
	check(!download(0, &image, 8192, 4096) && !download(0, &image, 0, 4096), "out of order");
	check(download(0, &image, 0, 4096) == GMX_SC_OVERLAPPING_RANGE, "the same again");
	check(download(0, &image, 4096, 8192) == GMX_SC_OVERLAPPING_RANGE, "half of it again");
	check(le32toh(state().bytes_received) == 8192, "an overlap changes nothing");
	check(!download(0, &image, 4096, 4096), "the gap");
	check(!commit(GMX_FW_REPLACE, 2) && slot_is(2, "G2-2.0.0"), "is whole");
	check(!download(0, &image, 0, 4096), "the first after a commit begins anew");
	check(le32toh(state().bytes_received) == 4096, "and only that is there");
	free(image.data);
	end("Firmware Image Download: order, overlap");
}

static void gaps(void)
{
	struct test_image image = image2("G2-2.0.0", "{}");

	begin();
	check(commit(GMX_FW_REPLACE, 2) == GMX_SC_FW_IMAGE, "nothing was downloaded");
	check(!download(0, &image, 0, 4096) && !download(0, &image, 8192, 4096), "two of three");
	check(commit(GMX_FW_REPLACE, 2) == GMX_SC_FW_IMAGE && slot_is(2, EMPTY), "a gap");
	check(!download(0, &image, 4096, 8192), "a new download");
	check(commit(GMX_FW_REPLACE, 2) == GMX_SC_FW_IMAGE, "the beginning misses");
	check(!download(0, &image, 0, 8192), "a new download");
	check(commit(GMX_FW_REPLACE, 2) == GMX_SC_FW_IMAGE && slot_is(2, EMPTY), "the end misses");
	check(le16toh(state().last_status) == GMX_SC_FW_IMAGE && state().slot == 2, "C8h remembers");
	check(!update(image, GMX_FW_REPLACE, 2) && slot_is(2, "G2-2.0.0"), "whole at last");
	end("gaps are found at the commit");
}

static void bad_images(void)
{
	static const struct {
		const char *what;
		unsigned int at;
		uint8_t flip;
		bool seal;
	} bad[] = {
		{ "magic", 0, 1, true },
		{ "header length", 8, 0x80, true },
		{ "long header", 9, 0x80, true },
		{ "format", 10, 2, true },
		{ "family", 12, 1, true },
		{ "revision", 16, 0x80, true },
		{ "revision with a zero", 23, '0', true },
		{ "length", 33, 0x10, true },
		{ "huge length", 35, 0x80, true },
		{ "manifest length", 39, 0x80, true },
		{ "short manifest", 36, 4, true },
		{ "manifest is no JSON", 64, 1, true },
		{ "header checksum", 60, 1, false },
		{ "version behind the checksum", 24, 1, false },
		{ "body", 9000, 1, false },
		{ "body checksum", 40, 1, false },
		{ "last byte", 12287, 0x10, false },
	};
	static const char *const manifests[] = {
		"",
		"[]",
		"1",
		"{\"features\":1}",
		"{\"features\":[1]}",
		"{\"features\":[\"\"]}",
		"{\"features\":[\"12345678901234567890123456789012\"]}",
		"{\"features\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}",
		"{\"activation\":\"never\"}",
		"{\"activation\":5}",
		"{\"activation-ms\":-1}",
		"{\"activation-ms\":\"1\"}",
		"{\"activation-ms\":9999999999999}",
		"{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
	};

	begin();
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		struct test_image image = image2("G2-2.0.0", "{\"no-downgrade\":true}");

		image.data[bad[i].at] ^= bad[i].flip;
		if (bad[i].seal)
			test_image_seal(&image);
		check(update(image, GMX_FW_REPLACE_ACTIVATE, 2) == GMX_SC_FW_IMAGE, "%s", bad[i].what);
		check(slots().afi == 1 && slot_is(2, EMPTY), "%s: nothing changed", bad[i].what);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(manifests); i++) {
		check(update(image2("G2-2.0.0", manifests[i]), GMX_FW_ACTIVATE_NOW, 2) == GMX_SC_FW_IMAGE, "%s", manifests[i]);
		check(slots().afi == 1 && slot_is(2, EMPTY), "%s: nothing changed", manifests[i]);
	}
	check(runs("G2-1.0.0"), "what ran runs");
	check(!update(image2("G2-2.0.0", "{\"unknown\":[1,{}]}"), GMX_FW_REPLACE, 2), "what is not known is no error");
	end("bad images are refused and change nothing");
}

static void commit_fields(void)
{
	struct test_image image = image2("G2-2.0.0", "{}");

	begin();
	check(!download_all(&image), "download");
	for (unsigned int action = 4; action < 8; action++)
		check(commit(action, 2) == GMX_SC_INVALID_FIELD, "action %u", action);
	check(ops_admin(0, GMX_ADM_FW_COMMIT, 0, 1u << 31 | 6 << 3, 0, NULL, 0) == GMX_SC_INVALID_FIELD, "boot partition");
	for (unsigned int slot = 5; slot < 8; slot++)
		check(commit(GMX_FW_REPLACE, slot) == GMX_SC_FW_SLOT, "slot %u", slot);
	for (unsigned int action = GMX_FW_REPLACE; action <= GMX_FW_ACTIVATE_NOW; action++)
		check(action == GMX_FW_ACTIVATE || commit(action, 1) == GMX_SC_FW_SLOT, "action %u on the read-only slot",
		      action);
	check(commit(GMX_FW_ACTIVATE, 3) == GMX_SC_FW_IMAGE, "an empty slot");
	check(commit(GMX_FW_ACTIVATE, 0) == GMX_SC_FW_IMAGE, "the one committed last is empty");
	check(slots().afi == 1 && slot_is(2, EMPTY) && slot_is(3, EMPTY) && slot_is(4, EMPTY), "nothing changed");
	check(!download_all(&image) && !commit(GMX_FW_REPLACE, 0) && slot_is(2, "G2-2.0.0"), "slot 0: the first empty one");
	check(!commit(GMX_FW_REPLACE, 0) && slot_is(3, "G2-2.0.0"), "the same download into the next");
	check(!commit(GMX_FW_REPLACE, 0) && !commit(GMX_FW_REPLACE_ACTIVATE, 0), "and so on");
	check(slots().afi == (1 | 2 << 4), "all full: one that does not run");
	free(image.data);
	end("Firmware Commit: actions, slots");
}

static void replace_only(void)
{
	begin();
	check(!update(image2("G2-2.0.0", "{}"), GMX_FW_REPLACE, 3), "commit");
	check(slots().afi == 1 && slot_is(3, "G2-2.0.0") && runs("G2-1.0.0"), "stored, not more");
	ops_reset(0);
	check(runs("G2-1.0.0"), "nor after a reset");
	ops_restart(false);
	check(slot_is(3, "G2-2.0.0") && runs("G2-1.0.0"), "nor after power off");
	end("action 0: replace");
}

static void at_reset(void)
{
	begin();
	check(!update(image2("G2-2.0.0", "{}"), GMX_FW_REPLACE_ACTIVATE, 2), "action 1");
	check(slots().afi == (1 | 2 << 4) && runs("G2-1.0.0"), "waits");
	check(state().next_slot == 2 && state().next_reset == GMX_VND_FW_CONTROLLER_RESET, "C8h: for a controller reset");
	ops_reset(0);
	check(slots().afi == 2 && runs("G2-2.0.0"), "runs");
	check(le32toh(state().activations) == 1 && state().previous_slot == 1, "C8h");
	check(!commit(GMX_FW_ACTIVATE, 1), "action 2, slot 1");
	check(slots().afi == (2 | 1 << 4) && runs("G2-2.0.0"), "waits");
	ops_reset(1);
	check(slots().afi == 1 && runs("G2-1.0.0"), "the other controller's reset does it, too");
	check(!commit(GMX_FW_ACTIVATE, 2) && !commit(GMX_FW_ACTIVATE, 1), "changed one's mind");
	ops_reset(0);
	check(slots().afi == 1 && runs("G2-1.0.0"), "the last word counts");
	end("actions 1 and 2: at the next reset");
}

static void at_once(void)
{
	struct test_image image = image2("G2-2.0.0", "{\"activation-ms\":900}");
	int job;
	uint32_t event;

	begin();
	ops_listen();
	check(!download_all(&image), "download");
	job = ops_post(GMX_ADM_FW_COMMIT, 0, GMX_FW_ACTIVATE_NOW << 3 | 2);
	for (unsigned int i = 0; i < 100000 && !(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_PP); i++)
		ops_run(10);
	check(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_PP && vnd_reg(1, GMX_REG_CSTS) & GMX_CSTS_PP, "all controllers pause");
	event = ops_event(GMX_AEN_NOTICE);
	check(event == ops_aen(GMX_AEN_NOTICE, GMX_AEN_NOTICE_FW_ACT, GMX_LOG_FW_SLOT), "event %08x", event);
	check(!ops_done(job), "the commit takes as long");
	ops_run(8000);
	check(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_PP, "still");
	ops_run(2000);
	check(!(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_PP) && !(vnd_reg(1, GMX_REG_CSTS) & GMX_CSTS_PP), "over within MTFA");
	check(!ops_wait(job), "success");
	check(slots().afi == 2 && runs("G2-2.0.0"), "it runs");
	check(!commit(GMX_FW_ACTIVATE_NOW, 1) && runs("G2-1.0.0"), "no new download: the slot as it is");
	check(!commit(GMX_FW_ACTIVATE_NOW, 2) && runs("G2-2.0.0"), "and back");
	ops_restart(true);
	check(slots().afi == 2 && runs("G2-2.0.0"), "also after a power cut");
	free(image.data);
	end("action 3: at once, CSTS.PP, event");
}

static void needs_reset(void)
{
	begin();
	check(update(image2("G2-CTRL ", "{\"activation\":\"controller\"}"), GMX_FW_ACTIVATE_NOW, 2) == GMX_SC_FW_NEEDS_RESET,
	      "at once, but it needs a reset");
	check(slots().afi == (1 | 2 << 4) && runs("G2-1.0.0"), "it waits for it");
	ops_reset(0);
	check(runs("G2-CTRL "), "there it is");
	check(!commit(GMX_FW_ACTIVATE, 2), "asked to wait for a reset: nothing special");

	check(update(image2("G2-CONV ", "{\"activation\":\"conventional\"}"), GMX_FW_REPLACE_ACTIVATE, 3) ==
		      GMX_SC_FW_NEEDS_CONV_RESET,
	      "action 1, conventional");
	ops_reset(0);
	check(runs("G2-CTRL ") && slots().afi == (2 | 3 << 4), "a controller reset is not enough");
	ops_hot_reset(0);
	check(runs("G2-CONV "), "a conventional one is");

	check(update(image2("G2-SUBS ", "{\"activation\":\"subsystem\"}"), GMX_FW_ACTIVATE_NOW, 4) ==
		      GMX_SC_FW_NEEDS_SUBSYS_RESET,
	      "action 3, subsystem");
	ops_hot_reset(0);
	check(runs("G2-CONV ") && slots().afi == (3 | 4 << 4), "a conventional reset is not enough");
	ops_subsystem_reset();
	check(runs("G2-SUBS ") && slots().afi == 4, "a subsystem reset is");

	check(commit(GMX_FW_ACTIVATE, 3) == GMX_SC_FW_NEEDS_CONV_RESET, "action 2, conventional");
	ops_restart(true);
	check(runs("G2-CONV "), "power is all kinds of reset");
	end("statuses that say which reset");
}

static void refusals(void)
{
	begin();
	check(update(image2("G2-SLOW ", "{\"activation-ms\":1001}"), GMX_FW_ACTIVATE_NOW, 2) == GMX_SC_FW_NEEDS_MAX_TIME,
	      "longer than MTFA");
	check(slots().afi == 1 && slot_is(2, "G2-SLOW "), "stored, not activated");
	check(!commit(GMX_FW_REPLACE_ACTIVATE, 2), "by a reset");
	ops_reset(0);
	check(runs("G2-SLOW "), "it does");

	check(update(test_image_make(2, "G2-9.0.0", V(9, 0), 2, "{}"), GMX_FW_REPLACE, 3) == 0, "prepare");
	check(update(test_image_make(2, "G2-3.0.0", V(3, 0), 2, "{\"no-downgrade\":true}"), GMX_FW_ACTIVATE_NOW, 4) == 0, "3.0");
	check(commit(GMX_FW_ACTIVATE, 2) == GMX_SC_FW_PROHIBITED, "2.0 after 3.0, at reset");
	check(commit(GMX_FW_ACTIVATE_NOW, 1) == GMX_SC_FW_PROHIBITED, "1.0 after 3.0, at once");
	check(update(image2("G2-2.5.0", "{}"), GMX_FW_REPLACE_ACTIVATE, 2) == GMX_SC_FW_PROHIBITED, "2.0 again");
	check(slot_is(2, "G2-SLOW ") && slots().afi == 4, "and the slot keeps what it had");
	check(update(image2("G2-2.5.0", "{}"), GMX_FW_REPLACE, 2) == 0 && slot_is(2, "G2-2.5.0"), "only stored is fine");
	check(commit(GMX_FW_ACTIVATE_NOW, 3) == 0 && runs("G2-9.0.0"), "upwards is fine");
	end("Activation Prohibited, Maximum Time Violation");
}

static void minimum(void)
{
	struct test_image image = test_image_make(2, "G2-3.0.0", V(3, 0), 2, "{}");

	begin();
	((struct gmx_vnd_fw_header *)image.data)->minimum = htole32(V(2, 0));
	test_image_seal(&image);
	check(!download_all(&image) && commit(GMX_FW_ACTIVATE_NOW, 2) == GMX_SC_FW_PROHIBITED, "not from 1.0");
	check(!update(image2("G2-2.0.0", "{}"), GMX_FW_ACTIVATE_NOW, 3), "2.0");
	check(!download_all(&image) && !commit(GMX_FW_ACTIVATE_NOW, 2) && runs("G2-3.0.0"), "from 2.0");
	free(image.data);
	end("lowest version to come from");
}

static void telemetry_says(const char *what)
{
	struct gmx_log_telemetry log;

	check(!ops_log(GMX_LOG_TELEMETRY_CTRL, 0, 0, &log, sizeof(log)), "log page 08h");
	check(log.ctrl_available && strstr((const char *)log.reason, what), "telemetry: '%.127s'", log.reason);
}

static void fails(void)
{
	begin();
	ops_listen();
	check(update(image2("G2-DEAD ", "{\"fails-activation\":true}"), GMX_FW_ACTIVATE_NOW, 2) == GMX_SC_FW_IMAGE, "at once");
	check(slots().afi == 1 && runs("G2-1.0.0") && !(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_PP), "what ran runs on");
	check(ops_event(GMX_AEN_ERROR) == ops_aen(GMX_AEN_ERROR, GMX_AEN_ERROR_FW_LOAD, GMX_LOG_ERROR),
	      "event: Firmware Image Load Error");
	check(le32toh(state().failures) == 1 && le16toh(state().last_status) == GMX_SC_FW_IMAGE, "C8h");
	telemetry_says("slot 2");

	check(!commit(GMX_FW_ACTIVATE, 2), "at the next reset");
	ops_reset(0);
	ops_listen();
	check(slots().afi == 1 && runs("G2-1.0.0"), "what ran runs on");
	check(ops_event(GMX_AEN_ERROR) != NO_EVENT, "the host hears of it when it is back");
	telemetry_says("slot 2");
	check(le32toh(state().failures) == 2, "C8h");

	check(!commit(GMX_FW_ACTIVATE, 2), "at power on");
	ops_restart(true);
	ops_run(100000);
	check(slots().afi == 1 && runs("G2-1.0.0") && le32toh(state().failures) == 3, "what ran runs on");
	check(!commit(GMX_FW_ACTIVATE, 1), "no harm is left");
	end("an image that does not start is rolled back");
}

static void fault(void)
{
	begin();
	check(!update(image2("G2-2.0.0", "{}"), GMX_FW_ACTIVATE_NOW, 2) && runs("G2-2.0.0"), "2.0");
	check(vnd_ok("fault-add", "\"kind\":\"fw-activation\",\"count\":1"), "fault");
	check(update(image2("G2-3.0.0", "{}"), GMX_FW_ACTIVATE_NOW, 3) == GMX_SC_FW_IMAGE, "fails");
	check(slots().afi == 2 && slot_is(3, "G2-3.0.0") && runs("G2-2.0.0"), "rolled back");
	telemetry_says("slot 3");
	check(!commit(GMX_FW_ACTIVATE_NOW, 3) && runs("G2-3.0.0"), "the fault was for once");
	check(vnd_ok("fault-add", "\"kind\":\"fw-activation\",\"count\":1"), "fault");
	check(!commit(GMX_FW_ACTIVATE, 2), "at reset");
	ops_reset(0);
	check(slots().afi == 3 && runs("G2-3.0.0"), "rolled back");
	end("an injected fault: rolled back");
}

static void reset_drops(void)
{
	struct test_image image = image2("G2-2.0.0", "{}");
	int job;

	begin();
	check(!download_all(&image), "download");
	ops_reset(0);
	check(commit(GMX_FW_REPLACE, 2) == GMX_SC_FW_IMAGE && !state().bytes_received, "gone with a reset");
	check(!download_all(&image), "download");
	ops_reset(1);
	check(!commit(GMX_FW_REPLACE, 2), "not with that of another controller");

	check(!download_all(&image), "download");
	job = ops_post(GMX_ADM_FW_COMMIT, 0, GMX_FW_REPLACE_ACTIVATE << 3 | 3);
	check(!ops_done(job) && state().stage == GMX_VND_FW_VERIFYING && state().slot == 3, "a commit takes a while");
	check(commit(GMX_FW_ACTIVATE, 1) == GMX_SC_CMD_SEQ, "no second one");
	check(download(1, &image, 0, 4096) == GMX_SC_CMD_SEQ, "no download meanwhile");
	ops_run(250);
	check(state().stage == GMX_VND_FW_COMMITTING, "being stored");
	ops_reset(0);
	check(slots().afi == 1 && slot_is(3, EMPTY), "a reset ends it");
	check(state().stage == GMX_VND_FW_IDLE, "C8h");
	check(!update(image, GMX_FW_REPLACE_ACTIVATE, 3), "and again");
	end("controller reset drops download and commit");
}

static void reset_in_activation(void)
{
	struct test_image image = image2("G2-2.0.0", "{\"activation-ms\":900}");

	begin();
	check(!download_all(&image), "download");
	ops_post(GMX_ADM_FW_COMMIT, 0, GMX_FW_ACTIVATE_NOW << 3 | 2);
	ops_run(2000);
	check(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_PP, "paused");
	ops_reset(0);
	check(!(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_PP) && !(vnd_reg(1, GMX_REG_CSTS) & GMX_CSTS_PP), "not any more");
	check(slots().afi == 2 && runs("G2-2.0.0"), "it runs");
	check(state().stage == GMX_VND_FW_IDLE, "C8h");
	free(image.data);
	end("a reset in the middle of an activation");
}

static void power_cuts(void)
{
	struct test_image image = image2("G2-2.0.0", "{\"activation-ms\":900}");
	char path[128];
	FILE *f;

	begin();
	check(!download(0, &image, 0, 8192), "download");
	ops_restart(true);
	check(!state().bytes_received && commit(GMX_FW_REPLACE, 2) == GMX_SC_FW_IMAGE, "in a download: gone");

	check(!download_all(&image), "download");
	for (unsigned int us = 0; us < 550; us += 50) {
		ops_post(GMX_ADM_FW_COMMIT, 0, GMX_FW_REPLACE_ACTIVATE << 3 | 2);
		ops_run(us);
		ops_restart(true);
		check(runs(slot_is(2, "G2-2.0.0") ? "G2-2.0.0" : "G2-1.0.0"), "%u us into a commit: all or nothing", us);
		check(slots().afi >> 4 == 0, "%u us: nothing waits", us);
		if (slot_is(2, "G2-2.0.0")) {
			check(us >= 500, "not before it was done");
			break;
		}
		check(!download_all(&image), "download");
	}
	check(runs("G2-2.0.0"), "committed: the power cut was its reset");

	check(!download_all(&image), "download");
	check(!commit(GMX_FW_ACTIVATE, 1), "back");
	ops_reset(0);
	check(!download_all(&image), "download");
	ops_post(GMX_ADM_FW_COMMIT, 0, GMX_FW_ACTIVATE_NOW << 3 | 3);
	ops_run(3000);
	check(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_PP, "activating");
	ops_restart(true);
	check(slots().afi == 1 && slot_is(3, "G2-2.0.0") && runs("G2-1.0.0"), "in an activation: as before");
	check(!commit(GMX_FW_ACTIVATE_NOW, 3) && runs("G2-2.0.0"), "again");

	vnd_close_cut();
	snprintf(path, sizeof(path), "%s/fw-slot2.img.new", vnd_dir);
	f = fopen(path, "w");
	check(f && fputs("half a slot", f) > 0 && !fclose(f), "what a kill leaves");
	snprintf(path, sizeof(path), "%s/fw-slot3.img", vnd_dir);
	check(!truncate(path, 5000), "damage the slot that runs");
	vnd_open_again();
	ops_run(100000);
	check(runs("G2-1.0.0") && slot_is(3, EMPTY) && slot_is(2, "G2-2.0.0"), "the slot before takes over");
	check(le32toh(state().failures) == 1, "and that is said");
	check(!download_all(&image) && !commit(GMX_FW_REPLACE, 2), "slot 2 can be written");
	free(image.data);
	end("power cuts: download, commit, activation; damaged slots");
}

static unsigned int area_3_blocks(void)
{
	struct gmx_log_telemetry log;

	check(!ops_log(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE, 0, &log, sizeof(log)), "telemetry");
	return le16toh(log.last_block[2]) - le16toh(log.last_block[1]);
}

static void behaviour(void)
{
	unsigned int blocks;

	begin();
	blocks = area_3_blocks();
	check(!emu_fw_has(vnd, GMX_VND_FW_TELEMETRY_NS), "the first firmware does not have it");
	check(!update(image2("G2-DEEP ", "{\"features\":[\"x\",\"telemetry-namespaces\"]}"), GMX_FW_ACTIVATE_NOW, 2),
	      "new firmware");
	check(emu_fw_has(vnd, GMX_VND_FW_TELEMETRY_NS) && emu_fw_has(vnd, "x") && !emu_fw_has(vnd, "y"), "the new one does");
	check(area_3_blocks() > blocks, "a host sees it: telemetry says more");
	check(!commit(GMX_FW_ACTIVATE_NOW, 1) && !emu_fw_has(vnd, "x"), "the old one again");
	end("an image switches behaviour on");
}

static void mkfw(void)
{
	static const char *const families[] = { "g1", "g2", "g3" };

	for (unsigned int i = 0; i < ARRAY_SIZE(families); i++) {
		struct test_image image = { malloc(GMX_VND_FW_MAX_IMAGE), 0 };
		char line[256];
		FILE *f;

		snprintf(line, sizeof(line),
			 "/repo/tools/gmx-emu/mkfw --family %s --version 2.3.4 --size 100000 "
			 "--feature telemetry-namespaces --activation controller --no-downgrade /dev/stdout",
			 families[i]);
		f = popen(line, "r");
		check(f != NULL, "mkfw");
		if (f) {
			image.len = (uint32_t)fread(image.data, 1, GMX_VND_FW_MAX_IMAGE, f);
			check(!pclose(f) && image.len == 102400, "%s: %u bytes", families[i], image.len);
		}
		ops_begin(families[i], "{\"time_warp\":true}");
		check(update(image, GMX_FW_ACTIVATE_NOW, 2) == GMX_SC_FW_NEEDS_RESET, "%s", families[i]);
		ops_reset(0);
		snprintf(line, sizeof(line), "G%u-2.3.4", i + 1);
		check(runs(line) && emu_fw_has(vnd, GMX_VND_FW_TELEMETRY_NS), "%s runs", line);
		vnd_stop();
	}
	tap_group("what mkfw makes is an image");
}

int main(void)
{
	new_device();
	download_fields();
	download_order();
	gaps();
	bad_images();
	commit_fields();
	replace_only();
	at_reset();
	at_once();
	needs_reset();
	refusals();
	minimum();
	fails();
	fault();
	reset_drops();
	reset_in_activation();
	power_cuts();
	behaviour();
	mkfw();
	return tap_done();
}
