// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl power: what the regulators measure, and the power state. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "ns.h"

#define FEATURE_POWER 0x02

static const struct ctl_field rail_fields[] = {
	{ "rail", K_TEXT, "name of the rail", 0, NULL },
	{ "input_mv", K_NUMBER, "input, mV", 0, NULL },
	{ "input_ma", K_NUMBER, "input, mA", 0, NULL },
	{ "input_mw", K_MW, "input power", 0, NULL },
	{ "output_mv", K_NUMBER, "output, mV", 0, NULL },
	{ "output_ma", K_NUMBER, "output, mA", 0, NULL },
	{ "output_mw", K_MW, "output power", 0, NULL },
	{ "status_word", K_HEX, "PMBus STATUS_WORD", 0, NULL },
	{ NULL },
};

static const struct ctl_field state_fields[] = {
	{ "state", K_NUMBER, "number of the power state", 0, NULL }, { "max_mw", K_MW, "most power", 0, NULL },
	{ "operational", K_BOOL, "I/O is served in it", 0, NULL },   { "entry_us", K_NUMBER, "time to enter it, us", 0, NULL },
	{ "exit_us", K_NUMBER, "time to leave it, us", 0, NULL },    { NULL },
};

static const struct ctl_field fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "power_state", K_NUMBER, "power state", F_METRIC, NULL },
	{ "power_mw", K_MW, "power of the product now", F_METRIC, NULL },
	{ "average_mw", K_MW, "of the last 10 s", F_METRIC, NULL },
	{ "peak_mw", K_MW, "highest since power on", F_METRIC, NULL },
	{ "limit_mw", K_MW, "of the power state", F_METRIC, NULL },
	{ "energy_mj", K_NUMBER, "energy since power on", F_COUNTER, NULL },
	{ "age_ms", K_MS, "age of the readings", 0, NULL },
	{ "rails", K_RECORDS, "regulators", 0, rail_fields },
	{ "states", K_RECORDS, "power states there are", 0, state_fields },
	{ NULL },
};

static void put_rails(struct json_object *list, const struct libgmx_power *p)
{
	for (unsigned int i = 0; i < p->nr_rails; i++) {
		const struct libgmx_rail *rail = &p->rail[i];
		struct json_object *r = ctl_record(list);

		put_text(r, "rail", rail->name);
		put_number(r, "input_mv", rail->vin_mv);
		put_number(r, "input_ma", rail->iin_ma);
		put_number(r, "input_mw", rail->pin_mw);
		put_number(r, "output_mv", rail->vout_mv);
		put_number(r, "output_ma", rail->iout_ma);
		put_number(r, "output_mw", rail->pout_mw);
		put_number(r, "status_word", rail->status_word);
	}
}

/* What the driver has read: needs no privilege beyond the open node */
static int read_by_driver(struct libgmx_ctrl *ctrl, struct libgmx_power *p, uint32_t *state, bool *measured)
{
	struct gmx_ioc_power io = { .set = 0 };
	int rc = libgmx_drv_power(ctrl, &io);

	if (rc)
		return rc;
	*state = io.power_state;
	*measured = io.nr_rails || io.power_mw;
	p->power_mw = io.power_mw;
	p->average_mw = io.power_average_mw;
	p->peak_mw = io.power_peak_mw;
	p->limit_mw = io.limit_mw;
	p->energy_mj = io.energy_mj;
	p->age_ms = io.age_ms;
	p->nr_rails = io.nr_rails < ARRAY_SIZE(p->rail) ? io.nr_rails : ARRAY_SIZE(p->rail);
	for (unsigned int i = 0; i < p->nr_rails; i++) {
		const struct gmx_ioc_rail *from = &io.rail[i];
		struct libgmx_rail *to = &p->rail[i];

		snprintf(to->name, sizeof(to->name), "%.*s", (int)sizeof(from->name), from->name);
		to->status_word = from->status_word;
		to->vin_mv = from->vin_mv;
		to->iin_ma = from->iin_ma;
		to->vout_mv = from->vout_mv;
		to->iout_ma = from->iout_ma;
		to->pin_mw = from->pin_mw;
		to->pout_mw = from->pout_mw;
	}
	return 0;
}

static int read_pages(struct libgmx_ctrl *ctrl, struct libgmx_power *p, uint32_t *state, bool *measured)
{
	uint8_t data[512];

	*measured = !libgmx_log(ctrl, LIBGMX_LOG_POWER, 0, 0, true, 0, data, sizeof(data)) &&
		    !libgmx_decode_power(data, sizeof(data), p);
	return libgmx_feature_get(ctrl, FEATURE_POWER, 0, LIBGMX_CURRENT, 0, NULL, 0, state);
}

/* Readings where there are any: not every controller measures */
static int put_power(struct ctl *ctl, struct libgmx_ctrl *ctrl)
{
	struct libgmx_power p = { .nr_rails = 0 };
	struct libgmx_id_ctrl id;
	struct json_object *r, *list;
	uint32_t state = 0;
	bool measured = false;
	int status = ns_identify_ctrl(ctl, ctrl, &id), rc;

	if (status)
		return status;
	rc = read_by_driver(ctrl, &p, &state, &measured);
	if (rc == -ENOTTY || rc == -EOPNOTSUPP)
		rc = read_pages(ctrl, &p, &state, &measured);
	if (rc)
		return ctl_fail_rc(ctl, rc, "power state of %s", libgmx_name(ctrl));
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", libgmx_name(ctrl));
	put_number(r, "power_state", state & 31);
	if (measured) {
		put_number(r, "power_mw", p.power_mw);
		put_number(r, "average_mw", p.average_mw);
		put_number(r, "peak_mw", p.peak_mw);
		put_number(r, "limit_mw", p.limit_mw);
		put_number(r, "energy_mj", p.energy_mj);
		put_number(r, "age_ms", p.age_ms);
	} else {
		for (const struct ctl_field *f = fields + 2; f->kind != K_RECORDS; f++)
			put_null(r, f->key);
	}
	put_rails(put_array(r, "rails"), &p);
	list = put_array(r, "states");
	for (unsigned int i = 0; i < id.nr_power_states; i++) {
		struct json_object *s = ctl_record(list);

		put_number(s, "state", i);
		put_number(s, "max_mw", id.power[i].max_mw);
		put_bool(s, "operational", !id.power[i].non_operational);
		put_number(s, "entry_us", id.power[i].entry_us);
		put_number(s, "exit_us", id.power[i].exit_us);
	}
	return CTL_OK;
}

static int run_show(struct ctl *ctl)
{
	struct libgmx_ctrl_info *ctrls;
	struct libgmx_ctrl *ctrl;
	size_t n, done = 0;
	int status = ctl_controllers(ctl, &ctrls, &n), worst = CTL_OK;

	if (status)
		return status;
	ctl_list(ctl);
	for (size_t i = 0; i < n; i++) {
		status = ctl_open(ctl, ctrls[i].name, &ctrl);
		if (!status) {
			status = put_power(ctl, ctrl);
			libgmx_close(ctrl);
		}
		done += !status;
		worst = status ? status : worst;
	}
	free(ctrls);
	return worst && done ? CTL_PARTIAL : worst;
}

/* By the driver, which sets the state again after a reset; by the feature where it has no such call */
static int run_set(struct ctl *ctl)
{
	struct gmx_ioc_power io = { .set = GMX_IOC_POWER_STATE };
	struct libgmx_target target;
	struct libgmx_id_ctrl id;
	struct libgmx_ctrl *ctrl;
	uint64_t state = UINT64_MAX;
	int status = ctl_option_number(ctl, "state", 0, 31, &state), rc;

	if (!status && state == UINT64_MAX)
		return ctl_usage(ctl, "which power state? --state says it");
	if (!status)
		status = ctl_open_one(ctl, &target, &ctrl);
	if (status)
		return status;
	status = ns_identify_ctrl(ctl, ctrl, &id);
	if (!status && state >= id.nr_power_states)
		status = ctl_fail(ctl, CTL_REJECTED, "gmxctl power show lists them", "%s has power states 0 to %u", target.ctrl,
				  id.nr_power_states - 1u);
	if (!status) {
		io.power_state = (uint8_t)state;
		rc = libgmx_drv_power(ctrl, &io);
		if (rc == -ENOTTY)
			rc = libgmx_feature_set(ctrl, FEATURE_POWER, 0, false, (uint32_t)state, NULL, 0);
		if (rc)
			status = ctl_fail_rc(ctl, rc, "%s does not take power state %u", target.ctrl, (unsigned int)state);
	}
	if (!status)
		status = put_power(ctl, ctrl);
	libgmx_close(ctrl);
	return status;
}

static const struct ctl_option set_options[] = {
	{ "state", 0, "N", "the power state", NULL },
	{ NULL },
};

const struct ctl_command cmd_power[] = {
	{ "power", "show", "[TARGET]...", "show power readings and power states", NULL, NULL, fields, SHAPE_RECORDS, 0,
	  run_show },
	{ "power", "set", "[TARGET]", "set the power state",
	  "In a state that is not operational the first I/O wakes the controller.", set_options, fields, SHAPE_RECORDS, 0,
	  run_set },
	{ NULL },
};
