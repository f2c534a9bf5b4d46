// SPDX-License-Identifier: GPL-2.0-only
/* What the controller is, and its limits (GMX_IOCTL_INFO). */
#include "gmx.h"

#include <linux/bitfield.h>
#include <linux/module.h>

#define GMX_FW_UNIT		4096u	/* of FWUG */
#define GMX_FW_ANY		255	/* FWUG: any dword */
#define GMX_MTFA_MAX_MS		600000u

/* The two ends of a 128-bit number: more than 64 bits are all of them. */
static u64 gmx_info_u128(const u8 *le)
{
	u64 value = 0;
	int i;

	if (memchr_inv(le + 8, 0, 8))
		return U64_MAX;
	for (i = 7; i >= 0; i--)
		value = value << 8 | le[i];
	return value;
}

/* Part of probe and of each reset, and after namespaces were made or deleted. */
void gmx_info_identify(struct gmx_ctrl *ctrl, const struct gmx_id_ctrl *id)
{
	struct gmx_identity *to = &ctrl->mgmt.id;

	to->capacity = gmx_info_u128(id->tnvmcap);
	to->unallocated = gmx_info_u128(id->unvmcap);
	/* I/O waits so long: what is above belongs to a broken page */
	to->mtfa_ms = min(le16_to_cpu(id->mtfa) * 100u, GMX_MTFA_MAX_MS);
	to->wctemp = le16_to_cpu(id->wctemp);
	to->cctemp = le16_to_cpu(id->cctemp);
	to->frmw = id->frmw;
	to->npss = min_t(u8, id->npss, 31);
	if (id->fwug == GMX_FW_ANY)
		to->fw_granularity = 4;
	else
		to->fw_granularity = id->fwug ? id->fwug * GMX_FW_UNIT : GMX_FW_UNIT;
}

/* @page NULL: there is none. What lies behind its length means nothing. */
void gmx_info_page(struct gmx_ctrl *ctrl, const struct gmx_vnd_id *page)
{
	struct gmx_vnd_id *to = &ctrl->mgmt.id.page;

	memset(to, 0, sizeof(*to));
	if (page)
		memcpy(to, page, min_t(size_t, le16_to_cpu(page->length), sizeof(*to)));
}

static void gmx_info_pci(struct gmx_ctrl *ctrl, struct gmx_ioc_info *info)
{
	struct pci_dev *pdev = ctrl->pdev;
	u16 status = 0;

	strscpy(info->pci_address, pci_name(pdev), sizeof(info->pci_address));
	info->pci_vendor = pdev->vendor;
	info->pci_device = pdev->device;
	info->pci_subvendor = pdev->subsystem_vendor;
	info->pci_subdevice = pdev->subsystem_device;
	info->numa_node = dev_to_node(&pdev->dev);
	if (!pcie_capability_read_word(pdev, PCI_EXP_LNKSTA, &status) && status != U16_MAX) {
		info->trained_link_speed = status & PCI_EXP_LNKSTA_CLS;
		info->trained_link_width = FIELD_GET(PCI_EXP_LNKSTA_NLW, status);
	}
}

static void gmx_info_vendor(struct gmx_ctrl *ctrl, struct gmx_ioc_info *info)
{
	const struct gmx_vnd_id *page = &ctrl->mgmt.id.page;

	info->ghi_version = le16_to_cpu(page->version);
	info->family = page->family;
	info->function = page->function;
	info->dma_bits = page->dma_bits;
	info->form_factor = page->form_factor;
	info->link_speed = page->link_speed;
	info->link_width = page->link_width;
	info->features = le64_to_cpu(page->features);
	info->log_pages = le64_to_cpu(page->log_pages);
	info->feature_ids = le64_to_cpu(page->feature_ids);
	info->event_classes = le32_to_cpu(page->events);
	info->max_drives = le16_to_cpu(page->max_drives);
	info->max_volumes = le16_to_cpu(page->max_volumes);
	info->max_spares = le16_to_cpu(page->max_spares);
	info->max_volume_drives = le16_to_cpu(page->max_volume_drives);
	info->raid_levels = le16_to_cpu(page->raid_levels);
	info->strip_sizes = le16_to_cpu(page->strip_sizes);
	info->key_slots = le16_to_cpu(page->key_slots);
	info->ciphers = le16_to_cpu(page->ciphers);
	info->qos_policies = le16_to_cpu(page->qos_policies);
	info->tenants = le16_to_cpu(page->tenants);
	info->event_entries = le32_to_cpu(page->event_entries);
	info->pmbus_interval_ms = le32_to_cpu(page->pmbus_interval_ms);
	info->journal_bytes = le64_to_cpu(page->journal_bytes);
}

static u32 gmx_info_count_ns(struct gmx_ctrl *ctrl)
{
	struct gmx_ns *ns;
	u32 count = 0;
	int idx;

	idx = srcu_read_lock(&ctrl->srcu);
	list_for_each_entry_srcu(ns, &ctrl->namespaces, list, srcu_read_lock_held(&ctrl->srcu))
		count += ns->has_disk;
	srcu_read_unlock(&ctrl->srcu, idx);
	return count;
}

int gmx_info_call(struct gmx_file *file, void *arg)
{
	static_assert((int)GMX_IOC_STATE_DEAD == (int)GMX_DEAD && (int)GMX_IOC_STATE_LIVE == (int)GMX_LIVE);
	struct gmx_ctrl *ctrl = file->ctrl;
	const struct gmx_identity *id = &ctrl->mgmt.id;
	struct gmx_ioc_info *info = arg;

	*info = (struct gmx_ioc_info) {
		.size			= info->size,
		.abi_version		= GMX_IOC_VERSION,
		.state			= gmx_ctrl_state(ctrl),
		.cntlid			= ctrl->cntlid,
		.oacs			= ctrl->oacs,
		.oncs			= ctrl->oncs,
		.nvme_version		= ctrl->vs,
		.nr_namespaces_max	= ctrl->nn,
		.max_transfer		= ctrl->max_transfer,
		.nr_namespaces		= gmx_info_count_ns(ctrl),
		.capacity_bytes		= id->capacity,
		.unallocated_bytes	= id->unallocated,
		.queues_default		= ctrl->live_plan.nr_default,
		.queues_read		= ctrl->live_plan.nr_read,
		.queues_poll		= ctrl->live_plan.nr_poll,
		.queue_depth		= ctrl->q_depth - 1,
		.nr_fw_slots		= id->frmw >> 1 & 7,
		.nr_aer			= ctrl->nr_aens,
		.nr_events_max		= GMX_EVENTS_RING,
		.nr_power_states	= id->npss + 1,
		.hmb_bytes		= READ_ONCE(ctrl->hmb.on) ? READ_ONCE(ctrl->hmb.size) : 0,
		.cmb_bytes		= READ_ONCE(ctrl->cmb.bytes),
	};
	strscpy(info->driver_version, THIS_MODULE->version, sizeof(info->driver_version));
	strscpy(info->serial, ctrl->serial, sizeof(info->serial));
	strscpy(info->model, ctrl->model, sizeof(info->model));
	strscpy(info->firmware, ctrl->firmware_rev, sizeof(info->firmware));
	strscpy(info->subnqn, ctrl->subnqn, sizeof(info->subnqn));
	gmx_info_pci(ctrl, info);
	gmx_info_vendor(ctrl, info);
	return 0;
}
