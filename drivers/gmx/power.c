// SPDX-License-Identifier: GPL-2.0-only
/* Power state and power readings (GMX_IOCTL_POWER). */
#include "gmx.h"

#define GMX_POWER_WORKLOADS	7

static void gmx_power_fill_rail(const struct gmx_vnd_rail *from, struct gmx_ioc_rail *to)
{
	u16 raw = le16_to_cpu(from->read_temperature);
	/* LINEAR11: an exponent of 5 bits and a mantissa of 11, both signed */
	int exponent = (s16)raw >> 11, mantissa = (s16)(raw << 5) >> 5;

	gmx_admin_copy_string(to->name, from->name, sizeof(from->name) - 1);
	to->status_word = le16_to_cpu(from->status_word);
	to->temperature = clamp(exponent < 0 ? mantissa >> -exponent : mantissa * (1 << exponent), -32767, 32767);
	to->vin_mv = le32_to_cpu(from->vin_mv);
	to->iin_ma = le32_to_cpu(from->iin_ma);
	to->vout_mv = le32_to_cpu(from->vout_mv);
	to->iout_ma = le32_to_cpu(from->iout_ma);
	to->pin_mw = le32_to_cpu(from->pin_mw);
	to->pout_mw = le32_to_cpu(from->pout_mw);
}

/* From the copy of log page C9h; the readings stay 0 without one. */
void gmx_power_fill(const struct gmx_vnd_log_power *log, struct gmx_ioc_power *to)
{
	unsigned int i;

	/* entries of another size are another version's: none of them */
	if (log->rail_bytes == sizeof(struct gmx_vnd_rail))
		to->nr_rails = min_t(u8, log->nr_rails, GMX_VND_MAX_RAILS);
	to->power_mw = le32_to_cpu(log->power_mw);
	to->power_average_mw = le32_to_cpu(log->power_average_mw);
	to->power_peak_mw = le32_to_cpu(log->power_peak_mw);
	to->limit_mw = le32_to_cpu(log->limit_mw);
	to->energy_mj = le64_to_cpu(log->energy_mj);
	for (i = 0; i < to->nr_rails; i++)
		gmx_power_fill_rail(&log->rail[i], &to->rail[i]);
}

/* Part of bringing the controller up: a reset has forgotten it. */
void gmx_power_apply(struct gmx_ctrl *ctrl)
{
	struct gmx_power *power = &ctrl->mgmt.power;

	if (power->set && gmx_admin_set_feature(ctrl, GMX_FEAT_POWER, power->value, NULL, GMX_CMD_RESET_PATH))
		dev_warn(&ctrl->dev, "power state %u cannot be set again\n", power->value & 0x1f);
}

void gmx_power_init(struct gmx_ctrl *ctrl)
{
	mutex_init(&ctrl->mgmt.power.lock);
}

static int gmx_power_set(struct gmx_ctrl *ctrl, u32 value)
{
	struct gmx_power *power = &ctrl->mgmt.power;
	int ret;

	guard(mutex)(&power->lock);
	ret = gmx_admin_set_feature(ctrl, GMX_FEAT_POWER, value, NULL, GMX_CMD_USER);
	if (!ret) {
		power->value = value;
		power->set = true;
	}
	return ret;
}

int gmx_power_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	struct gmx_ioc_power *req = arg;
	u32 value = req->power_state | req->workload << 5, set = req->set;
	int ret = 0;

	if (set & ~GMX_IOC_POWER_STATE)
		return -EINVAL;
	if (set && (req->power_state > ctrl->mgmt.id.npss || req->workload > GMX_POWER_WORKLOADS))
		return -EINVAL;
	if (set)
		ret = gmx_power_set(ctrl, value);
	*req = (struct gmx_ioc_power) {
		.size			= req->size,
		.set			= set,
		.nr_power_states	= ctrl->mgmt.id.npss + 1,
	};
	if (!ret)
		ret = gmx_admin_get_feature(ctrl, GMX_FEAT_POWER, &value, 0);
	if (!ret) {
		req->power_state = value & 0x1f;
		req->workload = value >> 5 & GMX_POWER_WORKLOADS;
		gmx_health_power(ctrl, req);
	}
	return gmx_uabi_result(ctrl, ret, &req->nvme_status);
}
