// SPDX-License-Identifier: GPL-2.0-or-later
/* Admin commands: what can be wrong with each, and its status. A row is an opcode, what is wrong, the status, the difference. */
/* Covers: GMX_ADM_DELETE_SQ GMX_ADM_CREATE_SQ GMX_ADM_GET_LOG GMX_ADM_DELETE_CQ GMX_ADM_CREATE_CQ GMX_ADM_IDENTIFY
 * GMX_ADM_ABORT GMX_ADM_SET_FEATURES GMX_ADM_GET_FEATURES GMX_ADM_ASYNC_EVENT GMX_ADM_NS_MGMT GMX_ADM_FW_COMMIT
 * GMX_ADM_FW_DOWNLOAD GMX_ADM_SELF_TEST GMX_ADM_NS_ATTACH GMX_ADM_KEEP_ALIVE GMX_ADM_VIRT_MGMT GMX_ADM_MI_SEND
 * GMX_ADM_MI_RECV GMX_ADM_DBBUF GMX_ADM_FORMAT GMX_ADM_SECURITY_SEND GMX_ADM_SECURITY_RECV GMX_ADM_SANITIZE */
#include "conformance.h"
#include "firmware.h"

#include <gmx/mi.h>

#define FIELD		      DNR(GMX_SC_INVALID_FIELD)
#define NO_NS		      DNR(GMX_SC_INVALID_NS)
#define QID(n)		      (15u << 16 | (n))
#define LOG(page, dwords)     ((page) | ((dwords) - 1) << 16)
#define FEAT(id)	      CDW10, GMX_FEAT_##id
#define SAVED(id)	      CDW10, GMX_FEAT_##id | GMX_SET_FEAT_SAVE
#define VIRT(act, rt, cntlid) ((act) | (rt) << 8 | (uint32_t)(cntlid) << 16)
#define FW(action, slot)      ((action) << 3 | (slot))
#define SECONDARY	      3u	   /* the first, after two physical functions */
#define MDTS		      (512u << 10) /* of G3 */

#define NS(field) (unsigned int)offsetof(struct gmx_id_ns, field)

static uint16_t queue(uint8_t opcode, uint32_t cdw10, uint32_t cdw11)
{
	static uint8_t none[4096];

	return admin(.opcode = opcode, .cdw10 = cdw10, .cdw11 = cdw11, .data = none, .len = sizeof(none));
}

static void second_cq(void)
{
	check(!queue(GMX_ADM_CREATE_CQ, QID(2), 2 << 16 | GMX_CQ_IEN | GMX_QUEUE_PC), "completion queue 2");
}

static void few_queues(void)
{
	check(!queue(GMX_ADM_DELETE_SQ, 1, 0) && !queue(GMX_ADM_DELETE_CQ, 1, 0), "no queues");
	queue(GMX_ADM_DELETE_CQ, 2, 0);
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_NUM_QUEUES, .cdw11 = 0x10001), "two pairs");
}

static void eight_events(void)
{
	vnd_post_events(EMU_MAX_AENS);
}

static void protect(void)
{
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_WRITE_PROTECT, .cdw11 = GMX_WP_PROTECTED,
		     .nsid = NS_LARGE),
	      "protected");
}

static void format(void)
{
	vnd_post(.opcode = GMX_ADM_FORMAT, .nsid = NS_LARGE);
	emu_subsys_run(vnd);
}

static void sanitize(void)
{
	check(!admin(.opcode = GMX_ADM_SANITIZE, .cdw10 = GMX_SANITIZE_OVERWRITE), "sanitize begins");
}

static void self_test(void)
{
	check(!admin(.opcode = GMX_ADM_SELF_TEST, .cdw10 = GMX_SELFTEST_EXTENDED), "self-test begins");
}

static void context(void)
{
	static uint8_t buf[512];

	check(!admin(.opcode = GMX_ADM_GET_LOG, .cdw10 = LOG(GMX_LOG_PERSISTENT, 128) | GMX_PERSISTENT_ESTABLISH << 8,
		     .data = buf, .len = sizeof(buf)),
	      "context");
}

static void all_ns(void)
{
	struct gmx_id_ns id = { .nsze = htole64(8), .ncap = htole64(8) };

	for (unsigned int i = 0; i < EMU_MAX_NS - 5; i++)
		check(!admin(.opcode = GMX_ADM_NS_MGMT, .data = &id, .len = sizeof(id)), "namespace %u", i);
}

static void download(void)
{
	struct test_image image = test_image_make(3, "G3-2.0.0", 2 << 16, 1, "{}");

	check(!admin(.opcode = GMX_ADM_FW_DOWNLOAD, .cdw10 = 1023, .data = image.data, .len = image.len), "download");
	free(image.data);
}

static void download_rubbish(void)
{
	static uint8_t rubbish[4096];

	conf_begin("g3");
	check(!admin(.opcode = GMX_ADM_FW_DOWNLOAD, .cdw10 = 1023, .data = rubbish, .len = sizeof(rubbish)), "download");
}

static void no_download(void)
{
	conf_begin("g3");
}

static void committing(void)
{
	vnd_post(.opcode = GMX_ADM_FW_COMMIT, .cdw10 = FW(GMX_FW_REPLACE, 2));
	emu_subsys_run(vnd);
}

static void download_committing(void)
{
	download();
	committing();
}

static void activation_waits(void)
{
	download();
	check(!admin(.opcode = GMX_ADM_FW_COMMIT, .cdw10 = FW(GMX_FW_REPLACE_ACTIVATE, 2)), "commit");
}

static void manage(unsigned int act, unsigned int rt, unsigned int cntlid, uint32_t nr)
{
	check(!admin(.opcode = GMX_ADM_VIRT_MGMT, .cdw10 = VIRT(act, rt, cntlid), .cdw11 = nr), "virtualization management %u",
	      act);
}

/* The primary gives its flexible resources away at its next reset. */
static void secondary(void)
{
	manage(GMX_VIRT_PRIMARY_ALLOC, GMX_VIRT_VQ, 1, 0);
	manage(GMX_VIRT_PRIMARY_ALLOC, GMX_VIRT_VI, 1, 0);
	vnd_enable(0);
	manage(GMX_VIRT_ASSIGN, GMX_VIRT_VQ, SECONDARY, 2);
	manage(GMX_VIRT_ASSIGN, GMX_VIRT_VI, SECONDARY, 2);
}

static void secondary_online(void)
{
	secondary();
	manage(GMX_VIRT_ONLINE, 0, SECONDARY, 0);
}

static void hmb_on(void)
{
	struct gmx_hmb_desc desc = { .addr = htole64(VND_RAM + (4u << 20)), .pages = htole32(256) };
	uint64_t list = vnd_alloc(4096);

	memcpy(conf_at(list), &desc, sizeof(desc));
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_HMB, .cdw11 = GMX_HMB_ENABLE, .cdw12 = 256,
		     .cdw13 = (uint32_t)list, .cdw15 = 1),
	      "host memory buffer");
}

static void fill_ns(uint8_t *data)
{
	struct gmx_id_ns *id = (struct gmx_id_ns *)data;

	id->nsze = id->ncap = htole64(NS_BLOCKS);
}

static void fill_ctrls(uint8_t *data)
{
	__le16 *list = (__le16 *)(void *)data;

	list[0] = list[1] = htole16(1);
}

static const struct good goods[] = {
	{ .opcode = GMX_ADM_DELETE_SQ, .cdw10 = 1 },
	{ .opcode = GMX_ADM_CREATE_SQ, .cdw10 = QID(2), .cdw11 = 2 << 16 | GMX_QUEUE_PC, .len = 4096, .before = second_cq },
	{ .opcode = GMX_ADM_GET_LOG, .cdw10 = LOG(GMX_LOG_SMART, 128), .len = 512 },
	{ .opcode = GMX_ADM_DELETE_CQ, .cdw10 = 2, .before = second_cq },
	{ .opcode = GMX_ADM_CREATE_CQ, .cdw10 = QID(2), .cdw11 = 2 << 16 | GMX_CQ_IEN | GMX_QUEUE_PC, .len = 4096 },
	{ .opcode = GMX_ADM_IDENTIFY, .cdw10 = GMX_CNS_CTRL, .len = 4096 },
	{ .opcode = GMX_ADM_ABORT, .cdw10 = 0xffff0001 },
	{ .opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_ARBITRATION, .len = 4096 },
	{ .opcode = GMX_ADM_GET_FEATURES, .cdw10 = GMX_FEAT_ARBITRATION, .len = 4096 },
	{ .opcode = GMX_ADM_ASYNC_EVENT, .want = PENDING },
	{ .opcode = GMX_ADM_NS_MGMT, .len = 4096, .fill = fill_ns },
	{ .opcode = GMX_ADM_FW_COMMIT, .cdw10 = FW(GMX_FW_REPLACE, 2), .before = download },
	{ .opcode = GMX_ADM_FW_DOWNLOAD, .cdw10 = 1023, .len = 4096 },
	{ .opcode = GMX_ADM_SELF_TEST, .cdw10 = GMX_SELFTEST_SHORT },
	{ .opcode = GMX_ADM_NS_ATTACH, .nsid = NS_DETACHED, .len = 4096, .fill = fill_ctrls },
	{ .opcode = GMX_ADM_KEEP_ALIVE },
	{ .opcode = GMX_ADM_VIRT_MGMT, .cdw10 = VIRT(GMX_VIRT_PRIMARY_ALLOC, GMX_VIRT_VQ, 1), .cdw11 = 4 },
	{ .opcode = GMX_ADM_MI_SEND, .cdw10 = GMX_MI_HEADER, .cdw11 = GMX_MI_CONFIG_SET, .cdw12 = GMX_MI_CONFIG_HEALTH },
	{ .opcode = GMX_ADM_MI_RECV, .cdw10 = GMX_MI_HEADER, .cdw11 = GMX_MI_READ_DATA, .len = 4096 },
	{ .opcode = GMX_ADM_DBBUF, .len = 8192 },
	{ .opcode = GMX_ADM_FORMAT, .nsid = NS_SHARED },
	/* No protocol takes anything. */
	{ .opcode = GMX_ADM_SECURITY_SEND, .want = FIELD },
	{ .opcode = GMX_ADM_SECURITY_RECV, .cdw11 = 512, .len = 512 },
	{ .opcode = GMX_ADM_SANITIZE, .cdw10 = GMX_SANITIZE_BLOCK_ERASE },
};

static const struct row rows[] = {
	ROW(GMX_ADM_DELETE_SQ, "the admin queue", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, 0 })),
	ROW(GMX_ADM_DELETE_SQ, "no such queue", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, 2 })),
	ROW(GMX_ADM_DELETE_SQ, "out of range", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, 129 })),
	ROW(GMX_ADM_DELETE_SQ, "far out of range", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, 0xffff })),

	ROW(GMX_ADM_CREATE_SQ, "the admin queue", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, QID(0) })),
	ROW(GMX_ADM_CREATE_SQ, "identifier in use", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, QID(1) })),
	ROW(GMX_ADM_CREATE_SQ, "out of range", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, QID(129) })),
	ROW(GMX_ADM_CREATE_SQ, "above what was granted", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, QID(3) }), .before = few_queues),
	ROW(GMX_ADM_CREATE_SQ, "one entry", DNR(GMX_SC_QUEUE_SIZE), BUT({ CDW10, 2 })),
	ROW(GMX_ADM_CREATE_SQ, "above CAP.MQES", DNR(GMX_SC_QUEUE_SIZE), BUT({ CDW10, 1024 << 16 | 2 })),
	ROW(GMX_ADM_CREATE_SQ, "not contiguous", FIELD, BUT({ CDW11, 2 << 16 })),
	ROW(GMX_ADM_CREATE_SQ, "posts to the admin queue", DNR(GMX_SC_QID_INVALID), BUT({ CDW11, GMX_QUEUE_PC })),
	ROW(GMX_ADM_CREATE_SQ, "no such completion queue", DNR(GMX_SC_CQ_INVALID), BUT({ CDW11, 3 << 16 | GMX_QUEUE_PC })),
	ROW(GMX_ADM_CREATE_SQ, "completion queue out of range", DNR(GMX_SC_QID_INVALID),
	    BUT({ CDW11, 129u << 16 | GMX_QUEUE_PC })),
	ROW(GMX_ADM_CREATE_SQ, "not at the start of a page", DNR(GMX_SC_PRP_OFFSET), BUT({ PRP1, VND_RAM + 64 })),

	ROW(GMX_ADM_DELETE_CQ, "the admin queue", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, 0 })),
	ROW(GMX_ADM_DELETE_CQ, "no such queue", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, 3 })),
	ROW(GMX_ADM_DELETE_CQ, "out of range", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, 0xffff })),
	ROW(GMX_ADM_DELETE_CQ, "a submission queue posts there", DNR(GMX_SC_QUEUE_DELETE), BUT({ CDW10, 1 })),

	ROW(GMX_ADM_CREATE_CQ, "the admin queue", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, QID(0) })),
	ROW(GMX_ADM_CREATE_CQ, "identifier in use", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, QID(1) })),
	ROW(GMX_ADM_CREATE_CQ, "out of range", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, QID(129) })),
	ROW(GMX_ADM_CREATE_CQ, "above what was granted", DNR(GMX_SC_QID_INVALID), BUT({ CDW10, QID(3) }), .before = few_queues),
	ROW(GMX_ADM_CREATE_CQ, "one entry", DNR(GMX_SC_QUEUE_SIZE), BUT({ CDW10, 2 })),
	ROW(GMX_ADM_CREATE_CQ, "above CAP.MQES", DNR(GMX_SC_QUEUE_SIZE), BUT({ CDW10, 0xffff0002 })),
	ROW(GMX_ADM_CREATE_CQ, "not contiguous", FIELD, BUT({ CDW11, GMX_CQ_IEN })),
	ROW(GMX_ADM_CREATE_CQ, "no such vector", DNR(GMX_SC_INT_VECTOR), BUT({ CDW11, 129u << 16 | GMX_CQ_IEN | GMX_QUEUE_PC })),
	ROW(GMX_ADM_CREATE_CQ, "far from a vector", DNR(GMX_SC_INT_VECTOR),
	    BUT({ CDW11, 0xffff0000 | GMX_CQ_IEN | GMX_QUEUE_PC })),
	ROW(GMX_ADM_CREATE_CQ, "not at the start of a page", DNR(GMX_SC_PRP_OFFSET), BUT({ PRP1, VND_RAM + 2048 })),

	ROW(GMX_ADM_GET_LOG, "page 00h", DNR(GMX_SC_LOG_PAGE), BUT({ CDW10, LOG(0x00, 128) })),
	ROW(GMX_ADM_GET_LOG, "page 09h, endurance groups", DNR(GMX_SC_LOG_PAGE), BUT({ CDW10, LOG(0x09, 128) })),
	ROW(GMX_ADM_GET_LOG, "page 0Ch, asymmetric access", DNR(GMX_SC_LOG_PAGE), BUT({ CDW10, LOG(0x0c, 128) })),
	ROW(GMX_ADM_GET_LOG, "page 80h, reservations", DNR(GMX_SC_LOG_PAGE), BUT({ CDW10, LOG(0x80, 128) })),
	ROW(GMX_ADM_GET_LOG, "a vendor page whose feature bit is off", DNR(GMX_SC_LOG_PAGE),
	    BUT({ CDW10, LOG(GMX_VND_LOG_KEYS, 128) })),
	ROW(GMX_ADM_GET_LOG, "a vendor page that is reserved", DNR(GMX_SC_LOG_PAGE), BUT({ CDW10, LOG(0xff, 128) })),
	ROW(GMX_ADM_GET_LOG, "a namespace's SMART", FIELD, BUT({ NSID, NS_SHARED })),
	ROW(GMX_ADM_GET_LOG, "no such NSID", NO_NS, BUT({ NSID, NS_NEVER })),
	ROW(GMX_ADM_GET_LOG, "offset not a multiple of 4", FIELD, BUT({ CDW12, 2 })),
	ROW(GMX_ADM_GET_LOG, "offset behind the page", FIELD, BUT({ CDW12, 512 })),
	ROW(GMX_ADM_GET_LOG, "offset far behind the page", FIELD, BUT({ CDW13, 1 })),
	ROW(GMX_ADM_GET_LOG, "above MDTS", FIELD, BUT({ CDW10, 0xffff0000 | GMX_LOG_SMART }, { CDW11, MDTS / 4 >> 16 })),
	ROW(GMX_ADM_GET_LOG, "half a block of telemetry", FIELD, BUT({ CDW10, LOG(GMX_LOG_TELEMETRY_HOST, 64) })),
	ROW(GMX_ADM_GET_LOG, "telemetry from the middle of a block", FIELD,
	    BUT({ CDW10, LOG(GMX_LOG_TELEMETRY_CTRL, 128) }, { CDW12, 4 })),
	ROW(GMX_ADM_GET_LOG, "persistent events without a context", DNR(GMX_SC_CMD_SEQ),
	    BUT({ CDW10, LOG(GMX_LOG_PERSISTENT, 128) })),
	ROW(GMX_ADM_GET_LOG, "a second context", DNR(GMX_SC_CMD_SEQ),
	    BUT({ CDW10, LOG(GMX_LOG_PERSISTENT, 128) | GMX_PERSISTENT_ESTABLISH << 8 }), .before = context),
	ROW(GMX_ADM_GET_LOG, "reserved action of page 0Dh", FIELD, BUT({ CDW10, LOG(GMX_LOG_PERSISTENT, 128) | 3 << 8 })),
	ROW(GMX_ADM_GET_LOG, "PRP1 not a multiple of 4", DNR(GMX_SC_PRP_OFFSET), BUT({ PRP1, VND_RAM + 2 })),
	ROW(GMX_ADM_GET_LOG, "nobody's memory", GMX_SC_DATA_XFER, BUT({ PRP1, NOWHERE })),

	ROW(GMX_ADM_IDENTIFY, "CNS 04h, NVM sets", FIELD, BUT({ CDW10, 0x04 })),
	ROW(GMX_ADM_IDENTIFY, "CNS 05h, of NVMe 2.0", FIELD, BUT({ CDW10, 0x05 })),
	ROW(GMX_ADM_IDENTIFY, "CNS 17h, UUIDs", FIELD, BUT({ CDW10, 0x17 })),
	ROW(GMX_ADM_IDENTIFY, "CNS FFh", FIELD, BUT({ CDW10, 0xff })),
	ROW(GMX_ADM_IDENTIFY, "CNS 00h of NSID 0", NO_NS, BUT({ CDW10, GMX_CNS_NS }, { NSID, 0 })),
	ROW(GMX_ADM_IDENTIFY, "CNS 00h, no such NSID", NO_NS, BUT({ CDW10, GMX_CNS_NS }, { NSID, NS_NEVER })),
	ROW(GMX_ADM_IDENTIFY, "CNS 02h above FFFFFFFDh", NO_NS, BUT({ CDW10, GMX_CNS_NS_ACTIVE_LIST }, { NSID, 0xfffffffe })),
	ROW(GMX_ADM_IDENTIFY, "CNS 02h of all", NO_NS, BUT({ CDW10, GMX_CNS_NS_ACTIVE_LIST }, { NSID, GMX_NSID_ALL })),
	ROW(GMX_ADM_IDENTIFY, "CNS 03h of NSID 0", NO_NS, BUT({ CDW10, GMX_CNS_NS_DESC_LIST })),
	ROW(GMX_ADM_IDENTIFY, "CNS 03h, no such NSID", NO_NS, BUT({ CDW10, GMX_CNS_NS_DESC_LIST }, { NSID, NS_NEVER })),
	ROW(GMX_ADM_IDENTIFY, "CNS 03h, not attached", FIELD, BUT({ CDW10, GMX_CNS_NS_DESC_LIST }, { NSID, NS_DETACHED })),
	ROW(GMX_ADM_IDENTIFY, "CNS 10h of all", NO_NS, BUT({ CDW10, GMX_CNS_NS_ALLOC_LIST }, { NSID, GMX_NSID_ALL })),
	ROW(GMX_ADM_IDENTIFY, "CNS 11h of NSID 0", NO_NS, BUT({ CDW10, GMX_CNS_NS_ALLOCATED })),
	ROW(GMX_ADM_IDENTIFY, "CNS 11h of all", NO_NS, BUT({ CDW10, GMX_CNS_NS_ALLOCATED }, { NSID, GMX_NSID_ALL })),
	ROW(GMX_ADM_IDENTIFY, "CNS 12h of NSID 0", NO_NS, BUT({ CDW10, GMX_CNS_CTRL_NS_LIST })),
	ROW(GMX_ADM_IDENTIFY, "CNS 12h of all", FIELD, BUT({ CDW10, GMX_CNS_CTRL_NS_LIST }, { NSID, GMX_NSID_ALL })),
	ROW(GMX_ADM_IDENTIFY, "CNS 12h, not allocated", FIELD, BUT({ CDW10, GMX_CNS_CTRL_NS_LIST }, { NSID, NS_FREE })),
	ROW(GMX_ADM_IDENTIFY, "CNS 14h without virtual functions", FIELD, BUT({ CDW10, GMX_CNS_PRIMARY_CAPS }), .family = "g2"),
	ROW(GMX_ADM_IDENTIFY, "CNS 15h without virtual functions", FIELD, BUT({ CDW10, GMX_CNS_SECONDARY_LIST }), .family = "g1"),
	ROW(GMX_ADM_IDENTIFY, "PRP1 not a multiple of 4", DNR(GMX_SC_PRP_OFFSET), BUT({ PRP1, VND_RAM + 1 })),
	ROW(GMX_ADM_IDENTIFY, "PRP2 not at the start of a page", DNR(GMX_SC_PRP_OFFSET),
	    BUT({ PRP1, VND_RAM + 4 }, { PRP2, VND_RAM + 4100 })),
	ROW(GMX_ADM_IDENTIFY, "nobody's memory", GMX_SC_DATA_XFER, BUT({ PRP1, VND_RAM + 512 }, { PRP2, NOWHERE })),

	ROW(GMX_ADM_ABORT, "a queue that cannot be", FIELD, BUT({ CDW10, 0xffff })),

	ROW(GMX_ADM_SET_FEATURES, "feature 00h", FIELD, BUT({ CDW10, 0x00 })),
	ROW(GMX_ADM_SET_FEATURES, "feature 03h, LBA ranges", FIELD, BUT({ FEAT(LBA_RANGE) })),
	ROW(GMX_ADM_SET_FEATURES, "feature 10h, thermal management", FIELD, BUT({ FEAT(HCTM) })),
	ROW(GMX_ADM_SET_FEATURES, "feature 12h, read recovery", FIELD, BUT({ FEAT(READ_RECOVERY) })),
	ROW(GMX_ADM_SET_FEATURES, "feature 81h, host identifier", FIELD, BUT({ CDW10, 0x81 })),
	ROW(GMX_ADM_SET_FEATURES, "a vendor feature that is reserved", FIELD, BUT({ CDW10, 0xc3 })),
	ROW(GMX_ADM_SET_FEATURES, "07h cannot be saved", DNR(GMX_SC_FEATURE_NOT_SAVEABLE), BUT({ SAVED(NUM_QUEUES) })),
	ROW(GMX_ADM_SET_FEATURES, "09h cannot be saved", DNR(GMX_SC_FEATURE_NOT_SAVEABLE), BUT({ SAVED(IRQ_CONFIG) })),
	ROW(GMX_ADM_SET_FEATURES, "0Dh cannot be saved", DNR(GMX_SC_FEATURE_NOT_SAVEABLE), BUT({ SAVED(HMB) })),
	ROW(GMX_ADM_SET_FEATURES, "0Eh cannot be saved", DNR(GMX_SC_FEATURE_NOT_SAVEABLE), BUT({ SAVED(TIMESTAMP) })),
	ROW(GMX_ADM_SET_FEATURES, "0Fh cannot be saved", DNR(GMX_SC_FEATURE_NOT_SAVEABLE), BUT({ SAVED(KATO) })),
	ROW(GMX_ADM_SET_FEATURES, "16h cannot be saved", DNR(GMX_SC_FEATURE_NOT_SAVEABLE), BUT({ SAVED(HOST_BEHAVIOR) })),
	ROW(GMX_ADM_SET_FEATURES, "84h cannot be saved", DNR(GMX_SC_FEATURE_NOT_SAVEABLE),
	    BUT({ SAVED(WRITE_PROTECT) }, { NSID, NS_SHARED })),
	ROW(GMX_ADM_SET_FEATURES, "08h cannot be changed", DNR(GMX_SC_FEATURE_NOT_CHANGEABLE), BUT({ FEAT(IRQ_COALESCE) }),
	    .family = "g1"),
	ROW(GMX_ADM_SET_FEATURES, "01h is no namespace's", DNR(GMX_SC_FEATURE_NOT_PER_NS), BUT({ NSID, NS_SHARED })),
	ROW(GMX_ADM_SET_FEATURES, "06h is no namespace's", DNR(GMX_SC_FEATURE_NOT_PER_NS),
	    BUT({ FEAT(VWC) }, { NSID, NS_LARGE })),
	ROW(GMX_ADM_SET_FEATURES, "no such NSID", NO_NS, BUT({ NSID, NS_NEVER })),
	ROW(GMX_ADM_SET_FEATURES, "05h of NSID 0", NO_NS, BUT({ FEAT(ERROR_RECOVERY) })),
	ROW(GMX_ADM_SET_FEATURES, "05h, not attached", FIELD, BUT({ FEAT(ERROR_RECOVERY) }, { NSID, NS_DETACHED })),
	ROW(GMX_ADM_SET_FEATURES, "02h, no such power state", FIELD, BUT({ FEAT(POWER) }, { CDW11, EMU_NPSS + 1 })),
	ROW(GMX_ADM_SET_FEATURES, "04h, no such sensor", FIELD, BUT({ FEAT(TEMP_THRESHOLD) }, { CDW11, 3 << 16 })),
	ROW(GMX_ADM_SET_FEATURES, "04h, reserved type", FIELD, BUT({ FEAT(TEMP_THRESHOLD) }, { CDW11, 2 << 20 })),
	ROW(GMX_ADM_SET_FEATURES, "05h, errors of what was deallocated", FIELD,
	    BUT({ FEAT(ERROR_RECOVERY) }, { CDW11, GMX_RECOVERY_DULBE }, { NSID, NS_SHARED })),
	ROW(GMX_ADM_SET_FEATURES, "07h, 65536 submission queues", FIELD, BUT({ FEAT(NUM_QUEUES) }, { CDW11, 0x0000ffff })),
	ROW(GMX_ADM_SET_FEATURES, "07h, 65536 completion queues", FIELD, BUT({ FEAT(NUM_QUEUES) }, { CDW11, 0xffff0000 })),
	ROW(GMX_ADM_SET_FEATURES, "07h, there are queues", DNR(GMX_SC_CMD_SEQ), BUT({ FEAT(NUM_QUEUES) })),
	ROW(GMX_ADM_SET_FEATURES, "09h, no such vector", FIELD, BUT({ FEAT(IRQ_CONFIG) }, { CDW11, 129 })),
	ROW(GMX_ADM_SET_FEATURES, "0Ch, to a state that operates", FIELD,
	    BUT({ FEAT(APST) }, { CDW11, 1 }, { IN32 + 8, 100 << 8 | 1 << 3 })),
	ROW(GMX_ADM_SET_FEATURES, "0Ch, no such state", FIELD, BUT({ FEAT(APST) }, { CDW11, 1 }, { IN32, 100 << 8 | 9 << 3 })),
	ROW(GMX_ADM_SET_FEATURES, "0Dh, no descriptors", FIELD, BUT({ FEAT(HMB) }, { CDW11, GMX_HMB_ENABLE }, { CDW12, 256 })),
	ROW(GMX_ADM_SET_FEATURES, "0Dh, more descriptors than HMMAXD", FIELD,
	    BUT({ FEAT(HMB) }, { CDW11, GMX_HMB_ENABLE }, { CDW12, 256 }, { CDW15, EMU_HMMAXD + 1 })),
	ROW(GMX_ADM_SET_FEATURES, "0Dh, twice", DNR(GMX_SC_CMD_SEQ), BUT({ FEAT(HMB) }, { CDW11, GMX_HMB_ENABLE }),
	    .before = hmb_on),
	ROW(GMX_ADM_SET_FEATURES, "0Dh on a family without", FIELD, BUT({ FEAT(HMB) }), .family = "g1"),
	ROW(GMX_ADM_SET_FEATURES, "16h, reserved value", FIELD, BUT({ FEAT(HOST_BEHAVIOR) }, { IN16, 2 })),
	ROW(GMX_ADM_SET_FEATURES, "84h, until power is cut", FIELD,
	    BUT({ FEAT(WRITE_PROTECT) }, { CDW11, GMX_WP_UNTIL_POWER_CYCLE }, { NSID, NS_SHARED })),
	ROW(GMX_ADM_SET_FEATURES, "84h, for ever", FIELD,
	    BUT({ FEAT(WRITE_PROTECT) }, { CDW11, GMX_WP_PERMANENT }, { NSID, NS_SHARED })),
	ROW(GMX_ADM_SET_FEATURES, "84h, reserved state", FIELD, BUT({ FEAT(WRITE_PROTECT) }, { CDW11, 7 }, { NSID, NS_SHARED })),
	ROW(GMX_ADM_SET_FEATURES, "C1h, out of range", FIELD, BUT({ CDW10, GMX_VND_FEAT_RATES }, { CDW11, 101 })),

	ROW(GMX_ADM_GET_FEATURES, "feature 00h", FIELD, BUT({ CDW10, 0x00 })),
	ROW(GMX_ADM_GET_FEATURES, "feature 13h", FIELD, BUT({ CDW10, 0x13 })),
	ROW(GMX_ADM_GET_FEATURES, "a vendor feature that is reserved", FIELD, BUT({ CDW10, 0xff })),
	ROW(GMX_ADM_GET_FEATURES, "reserved SEL", FIELD, BUT({ CDW10, GMX_FEAT_ARBITRATION | 4 << 8 })),
	ROW(GMX_ADM_GET_FEATURES, "no such NSID", NO_NS, BUT({ NSID, NS_NEVER })),
	ROW(GMX_ADM_GET_FEATURES, "05h of NSID 0", NO_NS, BUT({ FEAT(ERROR_RECOVERY) })),
	ROW(GMX_ADM_GET_FEATURES, "05h of all", NO_NS, BUT({ FEAT(ERROR_RECOVERY) }, { NSID, GMX_NSID_ALL })),
	ROW(GMX_ADM_GET_FEATURES, "84h, not attached", FIELD, BUT({ FEAT(WRITE_PROTECT) }, { NSID, NS_FOREIGN })),
	ROW(GMX_ADM_GET_FEATURES, "04h of all sensors", FIELD, BUT({ FEAT(TEMP_THRESHOLD) }, { CDW11, 15 << 16 })),
	ROW(GMX_ADM_GET_FEATURES, "09h, no such vector", FIELD, BUT({ FEAT(IRQ_CONFIG) }, { CDW11, 0xffff })),
	ROW(GMX_ADM_GET_FEATURES, "0Ch, nobody's memory", GMX_SC_DATA_XFER, BUT({ FEAT(APST) }, { PRP1, NOWHERE })),

	ROW(GMX_ADM_ASYNC_EVENT, "one more than AERL", DNR(GMX_SC_AER_LIMIT), .before = eight_events),

	ROW(GMX_ADM_NS_MGMT, "reserved operation", FIELD, BUT({ CDW10, 2 })),
	ROW(GMX_ADM_NS_MGMT, "create with an NSID", FIELD, BUT({ NSID, NS_FREE })),
	ROW(GMX_ADM_NS_MGMT, "NSZE 0", FIELD, BUT({ IN64 + NS(nsze), 0 }, { IN64 + NS(ncap), 0 })),
	ROW(GMX_ADM_NS_MGMT, "NCAP above NSZE", FIELD, BUT({ IN64 + NS(ncap), NS_BLOCKS + 1 })),
	ROW(GMX_ADM_NS_MGMT, "thin provisioning", DNR(GMX_SC_THIN_UNSUPPORTED), BUT({ IN64 + NS(ncap), 1 })),
	ROW(GMX_ADM_NS_MGMT, "more than there is", DNR(GMX_SC_NS_NO_CAPACITY),
	    BUT({ IN64 + NS(nsze), 1 << 20 }, { IN64 + NS(ncap), 1 << 20 })),
	ROW(GMX_ADM_NS_MGMT, "as much as can be said", DNR(GMX_SC_NS_NO_CAPACITY),
	    BUT({ IN64 + NS(nsze), ~0ull }, { IN64 + NS(ncap), ~0ull })),
	ROW(GMX_ADM_NS_MGMT, "no such format", DNR(GMX_SC_FORMAT_INVALID), BUT({ IN16 + NS(flbas), 5 })),
	ROW(GMX_ADM_NS_MGMT, "protection information", DNR(GMX_SC_FORMAT_INVALID), BUT({ IN16 + NS(dps), 1 })),
	ROW(GMX_ADM_NS_MGMT, "reserved bits of NMIC", FIELD, BUT({ IN16 + NS(nmic), 2 })),
	ROW(GMX_ADM_NS_MGMT, "an NVM set", FIELD, BUT({ IN16 + NS(nvmsetid), 1 })),
	ROW(GMX_ADM_NS_MGMT, "all identifiers are used", DNR(GMX_SC_NS_ID_UNAVAILABLE), .before = all_ns),
	ROW(GMX_ADM_NS_MGMT, "PRP1 not a multiple of 4", DNR(GMX_SC_PRP_OFFSET), BUT({ PRP1, VND_RAM + 3 })),
	ROW(GMX_ADM_NS_MGMT, "delete NSID 0", NO_NS, BUT({ CDW10, 1 })),
	ROW(GMX_ADM_NS_MGMT, "delete, no such NSID", NO_NS, BUT({ CDW10, 1 }, { NSID, NS_NEVER })),
	ROW(GMX_ADM_NS_MGMT, "delete, not allocated", FIELD, BUT({ CDW10, 1 }, { NSID, NS_FREE })),
	ROW(GMX_ADM_NS_MGMT, "delete, write protected", DNR(GMX_SC_NS_WRITE_PROTECTED), BUT({ CDW10, 1 }, { NSID, NS_LARGE }),
	    .before = protect),
	ROW(GMX_ADM_NS_MGMT, "delete all, one write protected", DNR(GMX_SC_NS_WRITE_PROTECTED),
	    BUT({ CDW10, 1 }, { NSID, GMX_NSID_ALL }), .before = protect),
	ROW(GMX_ADM_NS_MGMT, "delete while it is formatted", GMX_SC_FORMAT_IN_PROGRESS, BUT({ CDW10, 1 }, { NSID, NS_LARGE }),
	    .before = format),

	ROW(GMX_ADM_FW_COMMIT, "reserved action", FIELD, BUT({ CDW10, FW(4, 2) })),
	ROW(GMX_ADM_FW_COMMIT, "boot partition", FIELD, BUT({ CDW10, FW(6, 2) })),
	ROW(GMX_ADM_FW_COMMIT, "no such slot", DNR(GMX_SC_FW_SLOT), BUT({ CDW10, FW(GMX_FW_REPLACE, EMU_FW_SLOTS + 1) })),
	ROW(GMX_ADM_FW_COMMIT, "the slot that is read only", DNR(GMX_SC_FW_SLOT), BUT({ CDW10, FW(GMX_FW_REPLACE_ACTIVATE, 1) })),
	ROW(GMX_ADM_FW_COMMIT, "nothing was downloaded", DNR(GMX_SC_FW_IMAGE), .before = no_download),
	ROW(GMX_ADM_FW_COMMIT, "no image", DNR(GMX_SC_FW_IMAGE), .before = download_rubbish),
	ROW(GMX_ADM_FW_COMMIT, "an empty slot", DNR(GMX_SC_FW_IMAGE), BUT({ CDW10, FW(GMX_FW_ACTIVATE, 3) }),
	    .before = no_download),
	ROW(GMX_ADM_FW_COMMIT, "one is under way", DNR(GMX_SC_CMD_SEQ), BUT({ CDW10, FW(GMX_FW_REPLACE, 3) }),
	    .before = committing),

	ROW(GMX_ADM_FW_DOWNLOAD, "length against FWUG", FIELD, BUT({ CDW10, 0 })),
	ROW(GMX_ADM_FW_DOWNLOAD, "offset against FWUG", FIELD, BUT({ CDW11, 1 })),
	ROW(GMX_ADM_FW_DOWNLOAD, "behind the largest image", FIELD, BUT({ CDW11, GMX_VND_FW_MAX_IMAGE / 4 })),
	ROW(GMX_ADM_FW_DOWNLOAD, "above MDTS", FIELD, BUT({ CDW10, MDTS / 4 + 1023 })),
	ROW(GMX_ADM_FW_DOWNLOAD, "a part twice", DNR(GMX_SC_OVERLAPPING_RANGE), .before = download),
	ROW(GMX_ADM_FW_DOWNLOAD, "while one is committed", DNR(GMX_SC_CMD_SEQ), BUT({ CDW11, 1024 }),
	    .before = download_committing),
	ROW(GMX_ADM_FW_DOWNLOAD, "nobody's memory", GMX_SC_DATA_XFER, BUT({ PRP1, NOWHERE })),

	ROW(GMX_ADM_SELF_TEST, "code 0", FIELD, BUT({ CDW10, 0 })),
	ROW(GMX_ADM_SELF_TEST, "reserved code", FIELD, BUT({ CDW10, 3 })),
	ROW(GMX_ADM_SELF_TEST, "vendor code", FIELD, BUT({ CDW10, 0xe })),
	ROW(GMX_ADM_SELF_TEST, "no such NSID", NO_NS, BUT({ NSID, NS_NEVER })),
	ROW(GMX_ADM_SELF_TEST, "not attached", FIELD, BUT({ NSID, NS_DETACHED })),
	ROW(GMX_ADM_SELF_TEST, "one is under way", GMX_SC_SELF_TEST_BUSY, .before = self_test),

	ROW(GMX_ADM_NS_ATTACH, "reserved operation", FIELD, BUT({ CDW10, 2 })),
	ROW(GMX_ADM_NS_ATTACH, "NSID 0", NO_NS, BUT({ NSID, 0 })),
	ROW(GMX_ADM_NS_ATTACH, "no such NSID", NO_NS, BUT({ NSID, NS_NEVER })),
	ROW(GMX_ADM_NS_ATTACH, "not allocated", FIELD, BUT({ NSID, NS_FREE })),
	ROW(GMX_ADM_NS_ATTACH, "all", FIELD, BUT({ NSID, GMX_NSID_ALL })),
	ROW(GMX_ADM_NS_ATTACH, "no controllers", DNR(GMX_SC_CTRL_LIST), BUT({ IN16, 0 })),
	ROW(GMX_ADM_NS_ATTACH, "more controllers than a list has", DNR(GMX_SC_CTRL_LIST), BUT({ IN16, 2048 })),
	ROW(GMX_ADM_NS_ATTACH, "no such controller", DNR(GMX_SC_CTRL_LIST), BUT({ IN16 + 2, 99 })),
	ROW(GMX_ADM_NS_ATTACH, "list not in order", DNR(GMX_SC_CTRL_LIST), BUT({ IN16, 2 }, { IN16 + 2, 2 }, { IN16 + 4, 1 })),
	ROW(GMX_ADM_NS_ATTACH, "one controller twice", DNR(GMX_SC_CTRL_LIST), BUT({ IN16, 2 }, { IN16 + 4, 1 })),
	ROW(GMX_ADM_NS_ATTACH, "already attached", DNR(GMX_SC_NS_ATTACHED), BUT({ NSID, NS_SHARED })),
	ROW(GMX_ADM_NS_ATTACH, "private, and another has it", DNR(GMX_SC_NS_PRIVATE), BUT({ NSID, NS_FOREIGN })),
	ROW(GMX_ADM_NS_ATTACH, "detach, not attached", DNR(GMX_SC_NS_NOT_ATTACHED), BUT({ CDW10, 1 })),
	ROW(GMX_ADM_NS_ATTACH, "nobody's memory", GMX_SC_DATA_XFER, BUT({ PRP1, NOWHERE })),

	ROW(GMX_ADM_KEEP_ALIVE, "data by SGL", FIELD, BUT({ FLAGS, GMX_SQE_SGL })),

	ROW(GMX_ADM_VIRT_MGMT, "action 0", FIELD, BUT({ CDW10, VIRT(0, GMX_VIRT_VQ, 1) })),
	ROW(GMX_ADM_VIRT_MGMT, "reserved action", FIELD, BUT({ CDW10, VIRT(10, GMX_VIRT_VQ, 1) })),
	ROW(GMX_ADM_VIRT_MGMT, "the primary is another", DNR(GMX_SC_CTRL_ID),
	    BUT({ CDW10, VIRT(GMX_VIRT_PRIMARY_ALLOC, GMX_VIRT_VQ, 2) })),
	ROW(GMX_ADM_VIRT_MGMT, "no such resource", DNR(GMX_SC_RESOURCE_ID), BUT({ CDW10, VIRT(GMX_VIRT_PRIMARY_ALLOC, 2, 1) })),
	ROW(GMX_ADM_VIRT_MGMT, "more than is flexible", DNR(GMX_SC_CTRL_RESOURCES), BUT({ CDW11, 65 })),
	ROW(GMX_ADM_VIRT_MGMT, "no such secondary", DNR(GMX_SC_CTRL_ID), BUT({ CDW10, VIRT(GMX_VIRT_OFFLINE, 0, 99) })),
	ROW(GMX_ADM_VIRT_MGMT, "a primary offline", DNR(GMX_SC_CTRL_ID), BUT({ CDW10, VIRT(GMX_VIRT_OFFLINE, 0, 1) })),
	ROW(GMX_ADM_VIRT_MGMT, "assign, no such resource", DNR(GMX_SC_RESOURCE_ID),
	    BUT({ CDW10, VIRT(GMX_VIRT_ASSIGN, 7, SECONDARY) })),
	ROW(GMX_ADM_VIRT_MGMT, "assign what the primary has", DNR(GMX_SC_CTRL_RESOURCES),
	    BUT({ CDW10, VIRT(GMX_VIRT_ASSIGN, 0, SECONDARY) })),
	ROW(GMX_ADM_VIRT_MGMT, "assign more than one may have", DNR(GMX_SC_CTRL_RESOURCES),
	    BUT({ CDW10, VIRT(GMX_VIRT_ASSIGN, 0, SECONDARY) }, { CDW11, 18 }), .before = secondary),
	ROW(GMX_ADM_VIRT_MGMT, "assign while online", DNR(GMX_SC_SECONDARY_STATE),
	    BUT({ CDW10, VIRT(GMX_VIRT_ASSIGN, 0, SECONDARY) }), .before = secondary_online),
	ROW(GMX_ADM_VIRT_MGMT, "online without resources", DNR(GMX_SC_SECONDARY_STATE),
	    BUT({ CDW10, VIRT(GMX_VIRT_ONLINE, 0, SECONDARY) })),

	ROW(GMX_ADM_MI_SEND, "no NVMe-MI command", FIELD, BUT({ CDW10, 0x0004 })),
	ROW(GMX_ADM_MI_SEND, "with an integrity check", FIELD, BUT({ CDW10, GMX_MI_HEADER | 0x80 })),
	ROW(GMX_ADM_MI_SEND, "no such MI opcode", 0, BUT({ CDW11, 0x7f }), .dw0 = GMX_MI_INVALID_OPCODE),
	ROW(GMX_ADM_MI_SEND, "an MI command that is received", 0, BUT({ CDW11, GMX_MI_READ_DATA }), .dw0 = GMX_MI_INVALID_OPCODE),
	ROW(GMX_ADM_MI_SEND, "no such configuration", 0, BUT({ CDW12, 0x7f }), .dw0 = GMX_MI_INVALID_PARAMETER),
	ROW(GMX_ADM_MI_SEND, "MTU out of range", 0, BUT({ CDW12, GMX_MI_CONFIG_MTU }, { CDW13, 63 }),
	    .dw0 = GMX_MI_INVALID_PARAMETER),
	ROW(GMX_ADM_MI_SEND, "behind the VPD", 0, BUT({ CDW11, GMX_MI_VPD_WRITE }, { CDW12, GMX_MI_VPD_SIZE }),
	    .dw0 = GMX_MI_INVALID_PARAMETER),
	ROW(GMX_ADM_MI_RECV, "an answer", FIELD, BUT({ CDW10, GMX_MI_HEADER | 0x8000 })),
	ROW(GMX_ADM_MI_RECV, "an MI command that is sent", 0, BUT({ CDW11, GMX_MI_CONFIG_SET }), .dw0 = GMX_MI_INVALID_OPCODE),
	ROW(GMX_ADM_MI_RECV, "no such structure", 0, BUT({ CDW12, 5u << 24 }), .dw0 = GMX_MI_INVALID_PARAMETER),
	ROW(GMX_ADM_MI_RECV, "no such port", 0, BUT({ CDW12, GMX_MI_DATA_PORT << 24 | 9 << 16 }),
	    .dw0 = GMX_MI_INVALID_PARAMETER),
	ROW(GMX_ADM_MI_RECV, "no such controller", 0, BUT({ CDW12, GMX_MI_DATA_CTRL << 24 | 99 }),
	    .dw0 = GMX_MI_INVALID_PARAMETER),
	ROW(GMX_ADM_MI_RECV, "nobody's memory", GMX_SC_DATA_XFER, BUT({ PRP1, NOWHERE })),

	ROW(GMX_ADM_DBBUF, "no doorbells", FIELD, BUT({ PRP1, 0 })),
	ROW(GMX_ADM_DBBUF, "no event indices", FIELD, BUT({ PRP2, 0 })),
	ROW(GMX_ADM_DBBUF, "doorbells not at the start of a page", FIELD, BUT({ PRP1, VND_RAM + 64 })),
	ROW(GMX_ADM_DBBUF, "event indices not at the start of a page", FIELD, BUT({ PRP2, VND_RAM + 64 })),

	ROW(GMX_ADM_FORMAT, "NSID 0", NO_NS, BUT({ NSID, 0 })),
	ROW(GMX_ADM_FORMAT, "no such NSID", NO_NS, BUT({ NSID, NS_NEVER })),
	ROW(GMX_ADM_FORMAT, "not allocated", FIELD, BUT({ NSID, NS_FREE })),
	ROW(GMX_ADM_FORMAT, "no such format", DNR(GMX_SC_FORMAT_INVALID), BUT({ CDW10, 5 })),
	ROW(GMX_ADM_FORMAT, "no such format of this family", DNR(GMX_SC_FORMAT_INVALID), BUT({ CDW10, 2 }), .family = "g1"),
	ROW(GMX_ADM_FORMAT, "protection information", DNR(GMX_SC_FORMAT_INVALID), BUT({ CDW10, 1 << 5 | 2 })),
	ROW(GMX_ADM_FORMAT, "reserved erase setting", FIELD, BUT({ CDW10, 3 << 9 })),
	ROW(GMX_ADM_FORMAT, "cryptographic erase without keys", FIELD, BUT({ CDW10, 2 << 9 }), .family = "g2"),
	ROW(GMX_ADM_FORMAT, "write protected", DNR(GMX_SC_NS_WRITE_PROTECTED), BUT({ NSID, NS_LARGE }), .before = protect),
	ROW(GMX_ADM_FORMAT, "all, one write protected", DNR(GMX_SC_NS_WRITE_PROTECTED), BUT({ NSID, GMX_NSID_ALL }),
	    .before = protect),
	ROW(GMX_ADM_FORMAT, "one is under way", GMX_SC_FORMAT_IN_PROGRESS, BUT({ NSID, NS_LARGE }), .before = format),

	ROW(GMX_ADM_SECURITY_SEND, "no such NSID", NO_NS, BUT({ NSID, NS_NEVER })),
	ROW(GMX_ADM_SECURITY_SEND, "protocol 01h, TCG", FIELD, BUT({ CDW10, 1 << 24 })),
	ROW(GMX_ADM_SECURITY_RECV, "no such NSID", NO_NS, BUT({ NSID, NS_NEVER })),
	ROW(GMX_ADM_SECURITY_RECV, "protocol EFh", FIELD, BUT({ CDW10, 0xefu << 24 })),
	ROW(GMX_ADM_SECURITY_RECV, "nothing of that protocol", FIELD, BUT({ CDW10, 2 << 8 })),
	ROW(GMX_ADM_SECURITY_RECV, "above MDTS", FIELD, BUT({ CDW11, MDTS + 1 })),
	ROW(GMX_ADM_SECURITY_RECV, "nobody's memory", GMX_SC_DATA_XFER, BUT({ PRP1, NOWHERE })),

	ROW(GMX_ADM_SANITIZE, "action 0", FIELD, BUT({ CDW10, 0 })),
	ROW(GMX_ADM_SANITIZE, "reserved action", FIELD, BUT({ CDW10, 5 })),
	ROW(GMX_ADM_SANITIZE, "cryptographic erase without keys", FIELD, BUT({ CDW10, GMX_SANITIZE_CRYPTO_ERASE }),
	    .family = "g2"),
	ROW(GMX_ADM_SANITIZE, "a namespace is write protected", DNR(GMX_SC_NS_WRITE_PROTECTED), .before = protect),
	ROW(GMX_ADM_SANITIZE, "a namespace is formatted", GMX_SC_FORMAT_IN_PROGRESS, .before = format),
	ROW(GMX_ADM_SANITIZE, "firmware waits for a reset", GMX_SC_FW_NEEDS_RESET, .before = activation_waits),
	ROW(GMX_ADM_SANITIZE, "one is under way", GMX_SC_SANITIZE_BUSY, .before = sanitize),
};

static void each_command(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(goods); i++) {
		conf_close();
		for (unsigned int k = 0; k < ARRAY_SIZE(rows); k++) {
			if (rows[k].opcode == goods[i].opcode)
				conf_row(&rows[k], &goods[i], 0);
		}
		conf_run_good(&goods[i], 0);
	}
	tap_group("each command, each mistake");
}

static void claims(void)
{
	static const char *const families[] = { "g1", "g2", "g3" };
	uint32_t effects[256];

	for (unsigned int f = 0; f < ARRAY_SIZE(families); f++) {
		conf_begin(families[f]);
		conf_effects(families[f], true, effects);
		for (unsigned int opcode = 0; opcode < 256; opcode++) {
			bool tested = false;

			for (unsigned int k = 0; k < ARRAY_SIZE(rows); k++)
				tested |= rows[k].opcode == opcode;
			check(!(effects[opcode] & GMX_EFFECTS_CSUPP) || tested, "%s: admin %02x is claimed and has no row",
			      families[f], opcode);
		}
		for (unsigned int i = 0; i < ARRAY_SIZE(goods); i++) {
			if (effects[goods[i].opcode] & GMX_EFFECTS_CSUPP)
				conf_flags(&goods[i], 0, families[f]);
		}
		conf_close();
	}
	tap_group("what is claimed is in the table, and nothing else is there");
}

/* The controller's and the subsystem's own commands: an NSID has no meaning there (figures 105 and 139). */
static void no_namespaces(void)
{
	static const uint8_t opcodes[] = {
		GMX_ADM_DELETE_SQ,   GMX_ADM_CREATE_SQ, GMX_ADM_DELETE_CQ,   GMX_ADM_CREATE_CQ,	 GMX_ADM_ABORT,
		GMX_ADM_ASYNC_EVENT, GMX_ADM_FW_COMMIT, GMX_ADM_FW_DOWNLOAD, GMX_ADM_KEEP_ALIVE, GMX_ADM_VIRT_MGMT,
		GMX_ADM_MI_SEND,     GMX_ADM_MI_RECV,	GMX_ADM_DBBUF,	     GMX_ADM_SANITIZE,
	};
	static const uint32_t nsids[] = { NS_SHARED, NS_FREE, NS_NEVER, GMX_NSID_ALL };

	for (unsigned int i = 0; i < ARRAY_SIZE(goods); i++) {
		if (!memchr(opcodes, goods[i].opcode, sizeof(opcodes)))
			continue;
		conf_begin_for("g3", &goods[i]);
		for (unsigned int k = 0; k < ARRAY_SIZE(nsids); k++) {
			struct gmx_sqe sqe = conf_good(&goods[i], 0);
			uint16_t status;

			sqe.nsid = htole32(nsids[k]);
			status = conf_exec(&sqe, 0);
			check(status == FIELD, "admin %02x, NSID %x: %04x", goods[i].opcode, nsids[k], status);
		}
	}
	conf_close();
	tap_group("commands that are no namespace's");
}

/* (8.15.1) */
static void while_sanitizing(void)
{
	static const uint8_t allowed[] = {
		GMX_ADM_DELETE_SQ,  GMX_ADM_CREATE_SQ, GMX_ADM_GET_LOG,	     GMX_ADM_DELETE_CQ,	   GMX_ADM_CREATE_CQ,
		GMX_ADM_IDENTIFY,   GMX_ADM_ABORT,     GMX_ADM_SET_FEATURES, GMX_ADM_GET_FEATURES, GMX_ADM_ASYNC_EVENT,
		GMX_ADM_KEEP_ALIVE, GMX_ADM_MI_SEND,   GMX_ADM_MI_RECV,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(goods); i++) {
		uint16_t want = GMX_SC_SANITIZE_BUSY, status;
		struct gmx_sqe sqe;

		conf_begin_for("g3", &goods[i]);
		sanitize();
		vnd->config.time_warp = false;
		for (unsigned int k = 0; k < sizeof(allowed); k++) {
			if (allowed[k] == goods[i].opcode)
				want = goods[i].want;
		}
		sqe = conf_good(&goods[i], 0);
		status = conf_exec(&sqe, 0);
		/* an event request waits: for the event at the end */
		check(status == (want == PENDING ? 0 : want), "admin %02x: %04x, not %04x", goods[i].opcode, status, want);
		check(emu_sanitize_running(vnd) == (want != PENDING), "admin %02x: it is over already, or still not",
		      goods[i].opcode);
	}
	conf_close();
	tap_group("while a sanitize operation runs");
}

/* Aborts are carried out at once, so more than ACL of them can't be under way. */
static void aborts(void)
{
	conf_begin("g3");
	for (unsigned int i = 0; i < 16; i++)
		vnd_post(.opcode = GMX_ADM_ABORT, .cdw10 = 0xffff0000 | i % 3);
	vnd_peek(0, 0);
	check(vnd_fn[0].q[0].nr == 16, "%u of 16 came back", vnd_fn[0].q[0].nr);
	for (unsigned int i = 0; i < vnd_fn[0].q[0].nr; i++) {
		const struct gmx_cqe *cqe = &vnd_fn[0].q[0].stash[i];

		check(!(le16toh(cqe->status) >> 1) && le32toh(cqe->dw0) == 1, "abort %u: %04x", i, le16toh(cqe->status) >> 1);
	}
	conf_close();
	tap_group("many aborts");
}

int main(void)
{
	claims();
	each_command();
	no_namespaces();
	while_sanitizing();
	aborts();
	return tap_done();
}
