// SPDX-License-Identifier: GPL-2.0-or-later
/* Offsets and sizes against the figures of NVMe 1.4: first and last byte of each field. */
#include <stddef.h>
#include <stdint.h>

#include <gmx/nvme.h>
#include <gmx/regs.h>

#include "tap.h"

#define AT(type, field, first, last) \
	do { \
		size_t begin = offsetof(struct type, field); \
		size_t end = begin + sizeof(((struct type *)0)->field) - 1; \
\
		check(begin == (first) && end == (last), #type "." #field " is at %zu:%zu, not %d:%d", begin, end, first, last); \
	} while (0)

#define IS(expression, value) \
	check((uint64_t)(expression) == (uint64_t)(value), #expression " is %#llx, not %#llx", (unsigned long long)(expression), \
	      (unsigned long long)(value))

static void test_entries(void)
{
	AT(gmx_sqe, opcode, 0, 0);
	AT(gmx_sqe, flags, 1, 1);
	AT(gmx_sqe, cid, 2, 3);
	AT(gmx_sqe, nsid, 4, 7);
	AT(gmx_sqe, cdw2, 8, 11);
	AT(gmx_sqe, cdw3, 12, 15);
	AT(gmx_sqe, mptr, 16, 23);
	AT(gmx_sqe, dptr, 24, 39);
	AT(gmx_sqe, dptr.prp1, 24, 31);
	AT(gmx_sqe, dptr.prp2, 32, 39);
	AT(gmx_sqe, dptr.sgl, 24, 39);
	AT(gmx_sqe, cdw10, 40, 43);
	AT(gmx_sqe, cdw11, 44, 47);
	AT(gmx_sqe, cdw12, 48, 51);
	AT(gmx_sqe, cdw13, 52, 55);
	AT(gmx_sqe, cdw14, 56, 59);
	AT(gmx_sqe, cdw15, 60, 63);
	AT(gmx_sqe, word, 0, 63);
	AT(gmx_cqe, dw0, 0, 3);
	AT(gmx_cqe, dw1, 4, 7);
	AT(gmx_cqe, sq_head, 8, 9);
	AT(gmx_cqe, sq_id, 10, 11);
	AT(gmx_cqe, cid, 12, 13);
	AT(gmx_cqe, status, 14, 15);
	AT(gmx_sgl_desc, addr, 0, 7);
	AT(gmx_sgl_desc, length, 8, 11);
	AT(gmx_sgl_desc, type, 15, 15);
	AT(gmx_dsm_range, attributes, 0, 3);
	AT(gmx_dsm_range, nlb, 4, 7);
	AT(gmx_dsm_range, slba, 8, 15);
	tap_group("queue entries, SGL descriptor, deallocation range");
}

static void test_id_ctrl(void)
{
	AT(gmx_id_ctrl, vid, 0, 1);
	AT(gmx_id_ctrl, ssvid, 2, 3);
	AT(gmx_id_ctrl, sn, 4, 23);
	AT(gmx_id_ctrl, mn, 24, 63);
	AT(gmx_id_ctrl, fr, 64, 71);
	AT(gmx_id_ctrl, rab, 72, 72);
	AT(gmx_id_ctrl, ieee, 73, 75);
	AT(gmx_id_ctrl, cmic, 76, 76);
	AT(gmx_id_ctrl, mdts, 77, 77);
	AT(gmx_id_ctrl, cntlid, 78, 79);
	AT(gmx_id_ctrl, ver, 80, 83);
	AT(gmx_id_ctrl, rtd3r, 84, 87);
	AT(gmx_id_ctrl, rtd3e, 88, 91);
	AT(gmx_id_ctrl, oaes, 92, 95);
	AT(gmx_id_ctrl, ctratt, 96, 99);
	AT(gmx_id_ctrl, rrls, 100, 101);
	AT(gmx_id_ctrl, cntrltype, 111, 111);
	AT(gmx_id_ctrl, fguid, 112, 127);
	AT(gmx_id_ctrl, crdt, 128, 133);
	AT(gmx_id_ctrl, nvmsr, 253, 253);
	AT(gmx_id_ctrl, vwci, 254, 254);
	AT(gmx_id_ctrl, mec, 255, 255);
	AT(gmx_id_ctrl, oacs, 256, 257);
	AT(gmx_id_ctrl, acl, 258, 258);
	AT(gmx_id_ctrl, aerl, 259, 259);
	AT(gmx_id_ctrl, frmw, 260, 260);
	AT(gmx_id_ctrl, lpa, 261, 261);
	AT(gmx_id_ctrl, elpe, 262, 262);
	AT(gmx_id_ctrl, npss, 263, 263);
	AT(gmx_id_ctrl, avscc, 264, 264);
	AT(gmx_id_ctrl, apsta, 265, 265);
	AT(gmx_id_ctrl, wctemp, 266, 267);
	AT(gmx_id_ctrl, cctemp, 268, 269);
	AT(gmx_id_ctrl, mtfa, 270, 271);
	AT(gmx_id_ctrl, hmpre, 272, 275);
	AT(gmx_id_ctrl, hmmin, 276, 279);
	AT(gmx_id_ctrl, tnvmcap, 280, 295);
	AT(gmx_id_ctrl, unvmcap, 296, 311);
	AT(gmx_id_ctrl, rpmbs, 312, 315);
	AT(gmx_id_ctrl, edstt, 316, 317);
	AT(gmx_id_ctrl, dsto, 318, 318);
	AT(gmx_id_ctrl, fwug, 319, 319);
	AT(gmx_id_ctrl, kas, 320, 321);
	AT(gmx_id_ctrl, hctma, 322, 323);
	AT(gmx_id_ctrl, mntmt, 324, 325);
	AT(gmx_id_ctrl, mxtmt, 326, 327);
	AT(gmx_id_ctrl, sanicap, 328, 331);
	AT(gmx_id_ctrl, hmminds, 332, 335);
	AT(gmx_id_ctrl, hmmaxd, 336, 337);
	AT(gmx_id_ctrl, nsetidmax, 338, 339);
	AT(gmx_id_ctrl, endgidmax, 340, 341);
	AT(gmx_id_ctrl, anatt, 342, 342);
	AT(gmx_id_ctrl, anacap, 343, 343);
	AT(gmx_id_ctrl, anagrpmax, 344, 347);
	AT(gmx_id_ctrl, nanagrpid, 348, 351);
	AT(gmx_id_ctrl, pels, 352, 355);
	AT(gmx_id_ctrl, sqes, 512, 512);
	AT(gmx_id_ctrl, cqes, 513, 513);
	AT(gmx_id_ctrl, maxcmd, 514, 515);
	AT(gmx_id_ctrl, nn, 516, 519);
	AT(gmx_id_ctrl, oncs, 520, 521);
	AT(gmx_id_ctrl, fuses, 522, 523);
	AT(gmx_id_ctrl, fna, 524, 524);
	AT(gmx_id_ctrl, vwc, 525, 525);
	AT(gmx_id_ctrl, awun, 526, 527);
	AT(gmx_id_ctrl, awupf, 528, 529);
	AT(gmx_id_ctrl, nvscc, 530, 530);
	AT(gmx_id_ctrl, nwpc, 531, 531);
	AT(gmx_id_ctrl, acwu, 532, 533);
	AT(gmx_id_ctrl, sgls, 536, 539);
	AT(gmx_id_ctrl, mnan, 540, 543);
	AT(gmx_id_ctrl, subnqn, 768, 1023);
	AT(gmx_id_ctrl, psd, 2048, 3071);
	AT(gmx_id_ctrl, vs, 3072, 4095);
	AT(gmx_psd, max_power, 0, 1);
	AT(gmx_psd, flags, 3, 3);
	AT(gmx_psd, entry_lat_us, 4, 7);
	AT(gmx_psd, exit_lat_us, 8, 11);
	AT(gmx_psd, rrt, 12, 12);
	AT(gmx_psd, rrl, 13, 13);
	AT(gmx_psd, rwt, 14, 14);
	AT(gmx_psd, rwl, 15, 15);
	AT(gmx_psd, idle_power, 16, 17);
	AT(gmx_psd, idle_scale, 18, 18);
	AT(gmx_psd, active_power, 20, 21);
	AT(gmx_psd, active_work_scale, 22, 22);
	tap_group("Identify Controller and power states (figures 247, 248)");
}

static void test_id_ns(void)
{
	AT(gmx_id_ns, nsze, 0, 7);
	AT(gmx_id_ns, ncap, 8, 15);
	AT(gmx_id_ns, nuse, 16, 23);
	AT(gmx_id_ns, nsfeat, 24, 24);
	AT(gmx_id_ns, nlbaf, 25, 25);
	AT(gmx_id_ns, flbas, 26, 26);
	AT(gmx_id_ns, mc, 27, 27);
	AT(gmx_id_ns, dpc, 28, 28);
	AT(gmx_id_ns, dps, 29, 29);
	AT(gmx_id_ns, nmic, 30, 30);
	AT(gmx_id_ns, rescap, 31, 31);
	AT(gmx_id_ns, fpi, 32, 32);
	AT(gmx_id_ns, dlfeat, 33, 33);
	AT(gmx_id_ns, nawun, 34, 35);
	AT(gmx_id_ns, nawupf, 36, 37);
	AT(gmx_id_ns, nacwu, 38, 39);
	AT(gmx_id_ns, nabsn, 40, 41);
	AT(gmx_id_ns, nabo, 42, 43);
	AT(gmx_id_ns, nabspf, 44, 45);
	AT(gmx_id_ns, noiob, 46, 47);
	AT(gmx_id_ns, nvmcap, 48, 63);
	AT(gmx_id_ns, npwg, 64, 65);
	AT(gmx_id_ns, npwa, 66, 67);
	AT(gmx_id_ns, npdg, 68, 69);
	AT(gmx_id_ns, npda, 70, 71);
	AT(gmx_id_ns, nows, 72, 73);
	AT(gmx_id_ns, anagrpid, 92, 95);
	AT(gmx_id_ns, nsattr, 99, 99);
	AT(gmx_id_ns, nvmsetid, 100, 101);
	AT(gmx_id_ns, endgid, 102, 103);
	AT(gmx_id_ns, nguid, 104, 119);
	AT(gmx_id_ns, eui64, 120, 127);
	AT(gmx_id_ns, lbaf[0], 128, 131);
	AT(gmx_id_ns, lbaf[15], 188, 191);
	AT(gmx_id_ns, vs, 384, 4095);
	AT(gmx_lbaf, ms, 0, 1);
	AT(gmx_lbaf, ds, 2, 2);
	AT(gmx_lbaf, rp, 3, 3);
	AT(gmx_ns_desc, nidt, 0, 0);
	AT(gmx_ns_desc, nidl, 1, 1);
	IS(offsetof(struct gmx_ns_desc, nid), 4);
	IS(GMX_FLBAS_INDEX(0x1f), 15);
	IS(GMX_FLBAS_INDEX(0x7f), 63);
	IS(GMX_FLBAS_INDEX(0x30), 16);
	tap_group("Identify Namespace and descriptors (figures 245, 249)");
}

static void test_logs(void)
{
	AT(gmx_log_smart, critical_warning, 0, 0);
	AT(gmx_log_smart, temperature, 1, 2);
	AT(gmx_log_smart, avail_spare, 3, 3);
	AT(gmx_log_smart, spare_thresh, 4, 4);
	AT(gmx_log_smart, percent_used, 5, 5);
	AT(gmx_log_smart, endurance_warning, 6, 6);
	AT(gmx_log_smart, data_units_read, 32, 47);
	AT(gmx_log_smart, data_units_written, 48, 63);
	AT(gmx_log_smart, host_reads, 64, 79);
	AT(gmx_log_smart, host_writes, 80, 95);
	AT(gmx_log_smart, busy_time, 96, 111);
	AT(gmx_log_smart, power_cycles, 112, 127);
	AT(gmx_log_smart, power_on_hours, 128, 143);
	AT(gmx_log_smart, unsafe_shutdowns, 144, 159);
	AT(gmx_log_smart, media_errors, 160, 175);
	AT(gmx_log_smart, error_log_entries, 176, 191);
	AT(gmx_log_smart, warning_temp_time, 192, 195);
	AT(gmx_log_smart, critical_temp_time, 196, 199);
	AT(gmx_log_smart, temp_sensor, 200, 215);
	AT(gmx_log_effects, acs, 0, 1023);
	AT(gmx_log_effects, iocs, 1024, 2047);
	/* a namespace change notice as a controller sends it: type 2, information 0, log 4 */
	IS(GMX_AEN_TYPE(0x00040002u), GMX_AEN_NOTICE);
	IS(GMX_AEN_INFO(0x00040002u), GMX_AEN_NOTICE_NS_CHANGED);
	IS(GMX_AEN_LOG(0x00040002u), GMX_LOG_CHANGED_NS);
	tap_group("log pages and events (figures 146, 195, 200)");
}

static void test_regs(void)
{
	/* 2048 entries, contiguous, 7.5 s, stride 4, subsystem reset, NVM and admin only, pages of 4 to 64 KiB */
	const uint64_t cap = 0x004010300f0107ffull;

	IS(GMX_REG_CAP, 0x00);
	IS(GMX_REG_VS, 0x08);
	IS(GMX_REG_INTMS, 0x0c);
	IS(GMX_REG_INTMC, 0x10);
	IS(GMX_REG_CC, 0x14);
	IS(GMX_REG_CSTS, 0x1c);
	IS(GMX_REG_NSSR, 0x20);
	IS(GMX_REG_AQA, 0x24);
	IS(GMX_REG_ASQ, 0x28);
	IS(GMX_REG_ACQ, 0x30);
	IS(GMX_REG_CMBLOC, 0x38);
	IS(GMX_REG_CMBSZ, 0x3c);
	IS(GMX_REG_CMBMSC, 0x50);
	IS(GMX_REG_CMBSTS, 0x58);
	IS(GMX_REG_DBS, 0x1000);
	IS(GMX_CAP_MQES(cap), 2047);
	IS(GMX_CAP_CQR(cap), 1);
	IS(GMX_CAP_AMS(cap), 0);
	IS(GMX_CAP_TO(cap), 15);
	IS(GMX_CAP_DSTRD(cap), 0);
	IS(GMX_CAP_NSSRS(cap), 1);
	IS(GMX_CAP_CSS(cap), GMX_CAP_CSS_NVM | GMX_CAP_CSS_ADMIN);
	IS(GMX_CAP_MPSMIN(cap), 0);
	IS(GMX_CAP_MPSMAX(cap), 4);
	IS(GMX_CC_EN | GMX_CC_CSS_NVM | GMX_CC_MPS(12) | GMX_CC_IOSQES(GMX_SQE_SHIFT) | GMX_CC_IOCQES(GMX_CQE_SHIFT), 0x00460001);
	IS(GMX_CC_MPS(16), 4 << 7);
	IS(GMX_CC_SHN_NORMAL, 0x4000);
	IS(GMX_CSTS_SHST_DONE, 0x8);
	IS(GMX_VS(1, 4, 0), 0x00010400);
	IS(GMX_NSSR_MAGIC, 0x4e564d65);
	tap_group("registers (section 3.1)");
}

int main(void)
{
	test_entries();
	test_id_ctrl();
	test_id_ns();
	test_logs();
	test_regs();
	return tap_done();
}
