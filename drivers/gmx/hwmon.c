// SPDX-License-Identifier: GPL-2.0-only
/* Temperatures, and what the regulators measure, for sensors(1): from the copies of health, so no long waits. */
#include "gmx.h"

#include <linux/hwmon.h>
#include <linux/slab.h>

/*
 * Channels: temp has the composite, SMART's sensors, the rails; in and curr the rails' outputs, then their inputs;
 * power the product, then likewise.
 */
#define GMX_HWMON_MILLI		1000
#define GMX_HWMON_RAILS		GMX_VND_MAX_RAILS
#define GMX_HWMON_SENSORS	9	/* channels before the rails' */

/* PMBus STATUS_WORD */
#define GMX_PMBUS_VOUT		(BIT(15) | BIT(5))
#define GMX_PMBUS_IOUT		(BIT(14) | BIT(4))
#define GMX_PMBUS_INPUT		(BIT(13) | BIT(3))
#define GMX_PMBUS_TEMPERATURE	BIT(2)

/* Which rail a channel is of; negative: of none. */
static int gmx_hwmon_rail(enum hwmon_sensor_types type, int channel)
{
	switch (type) {
	case hwmon_temp:
		return channel - GMX_HWMON_SENSORS;
	case hwmon_power:
		return channel ? (channel - 1) % GMX_HWMON_RAILS : -1;
	default:
		return channel % GMX_HWMON_RAILS;
	}
}

static bool gmx_hwmon_is_input(enum hwmon_sensor_types type, int channel)
{
	return type != hwmon_temp && channel >= GMX_HWMON_RAILS + (type == hwmon_power);
}

static long gmx_hwmon_alarm(s16 value, s16 limit)
{
	return value != GMX_IOC_NO_TEMPERATURE && limit != GMX_IOC_NO_TEMPERATURE && value >= limit;
}

static int gmx_hwmon_temp(struct gmx_ctrl *ctrl, u32 attr, int channel, long *value)
{
	struct gmx_ioc_health *health = kzalloc(sizeof(*health), GFP_KERNEL);
	s16 celsius = GMX_IOC_NO_TEMPERATURE;
	int ret;

	if (!health)
		return -ENOMEM;
	ret = gmx_health_get(ctrl, health);
	if (ret)
		goto free;
	switch (attr) {
	case hwmon_temp_input:
		celsius = channel ? health->sensor[channel - 1] : health->temperature;
		break;
	case hwmon_temp_max:
		celsius = health->temperature_warning;
		break;
	case hwmon_temp_crit:
		celsius = health->temperature_critical;
		break;
	case hwmon_temp_lowest:
		celsius = health->temperature_low;
		break;
	case hwmon_temp_highest:
		celsius = health->temperature_high;
		break;
	case hwmon_temp_alarm:
		*value = !!(health->critical_warning & GMX_SMART_TEMPERATURE);
		goto free;
	case hwmon_temp_max_alarm:
		*value = gmx_hwmon_alarm(health->temperature, health->temperature_warning);
		goto free;
	case hwmon_temp_crit_alarm:
		*value = gmx_hwmon_alarm(health->temperature, health->temperature_critical);
		goto free;
	default:
		ret = -EOPNOTSUPP;
		goto free;
	}
	*value = celsius * GMX_HWMON_MILLI;
	if (celsius == GMX_IOC_NO_TEMPERATURE)
		ret = -ENODATA;
free:
	kfree(health);
	return ret;
}

static int gmx_hwmon_product(const struct gmx_ioc_power *power, u32 attr, long *value)
{
	u32 mw;

	switch (attr) {
	case hwmon_power_input:
		mw = power->power_mw;
		break;
	case hwmon_power_average:
		mw = power->power_average_mw;
		break;
	case hwmon_power_input_highest:
		mw = power->power_peak_mw;
		break;
	case hwmon_power_max:
		mw = power->limit_mw;
		break;
	default:
		return -EOPNOTSUPP;
	}
	*value = min_t(u64, (u64)mw * GMX_HWMON_MILLI, LONG_MAX);
	return 0;
}

static void gmx_hwmon_rail_read(const struct gmx_ioc_rail *rail, enum hwmon_sensor_types type, u32 attr, bool input,
				long *value)
{
	switch (type) {
	case hwmon_temp:
		*value = attr == hwmon_temp_alarm ? !!(rail->status_word & GMX_PMBUS_TEMPERATURE) :
						    rail->temperature * GMX_HWMON_MILLI;
		break;
	case hwmon_in:
		if (attr == hwmon_in_alarm)
			*value = !!(rail->status_word & (input ? GMX_PMBUS_INPUT : GMX_PMBUS_VOUT));
		else
			*value = input ? rail->vin_mv : rail->vout_mv;
		break;
	case hwmon_curr:
		if (attr == hwmon_curr_alarm)
			*value = !!(rail->status_word & GMX_PMBUS_IOUT);
		else
			*value = input ? rail->iin_ma : rail->iout_ma;
		break;
	default:
		*value = min_t(u64, (u64)(input ? rail->pin_mw : rail->pout_mw) * GMX_HWMON_MILLI, LONG_MAX);
		break;
	}
}

static int gmx_hwmon_read(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel, long *value)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);
	int rail = gmx_hwmon_rail(type, channel), ret = 0;
	struct gmx_ioc_power *power;

	if (type == hwmon_temp && rail < 0)
		return gmx_hwmon_temp(ctrl, attr, channel, value);
	power = kzalloc(sizeof(*power), GFP_KERNEL);
	if (!power)
		return -ENOMEM;
	gmx_health_power(ctrl, power);
	if (rail >= power->nr_rails || (rail < 0 && !power->power_mw && !power->nr_rails))
		ret = -ENODATA;
	else if (rail < 0)
		ret = gmx_hwmon_product(power, attr, value);
	else
		gmx_hwmon_rail_read(&power->rail[rail], type, attr, gmx_hwmon_is_input(type, channel), value);
	kfree(power);
	return ret;
}

/* Names do not change while the driver is bound. */
static int gmx_hwmon_read_string(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel,
				 const char **text)
{
	struct gmx_hwmon *hwmon = &((struct gmx_ctrl *)dev_get_drvdata(dev))->mgmt.hwmon;
	static const char * const sensors[] = {
		"Composite", "Sensor 1", "Sensor 2", "Sensor 3", "Sensor 4", "Sensor 5", "Sensor 6", "Sensor 7",
		"Sensor 8",
	};
	int rail = gmx_hwmon_rail(type, channel);

	if (rail < 0)
		*text = type == hwmon_temp ? sensors[channel] : "Product";
	else
		*text = gmx_hwmon_is_input(type, channel) ? hwmon->rail_input[rail] : hwmon->rail[rail];
	return 0;
}

static umode_t gmx_hwmon_is_visible(const void *data, enum hwmon_sensor_types type, u32 attr, int channel)
{
	const struct gmx_ctrl *ctrl = data;
	const struct gmx_hwmon *hwmon = &ctrl->mgmt.hwmon;
	int rail = gmx_hwmon_rail(type, channel);

	if (rail >= 0)
		return rail < hwmon->nr_rails ? 0444 : 0;
	switch (type) {
	case hwmon_temp:
		if (channel)
			return hwmon->sensors & BIT(channel - 1) ? 0444 : 0;
		if (attr == hwmon_temp_max || attr == hwmon_temp_max_alarm)
			return ctrl->mgmt.id.wctemp ? 0444 : 0;
		if (attr == hwmon_temp_crit || attr == hwmon_temp_crit_alarm)
			return ctrl->mgmt.id.cctemp ? 0444 : 0;
		if (attr == hwmon_temp_lowest || attr == hwmon_temp_highest)
			return hwmon->extended ? 0444 : 0;
		return 0444;
	case hwmon_power:
		return hwmon->has_power ? 0444 : 0;
	default:
		return 0;
	}
}

static const struct hwmon_ops gmx_hwmon_ops = {
	.is_visible	= gmx_hwmon_is_visible,
	.read		= gmx_hwmon_read,
	.read_string	= gmx_hwmon_read_string,
};

#define GMX_HWMON_SENSOR	(HWMON_T_INPUT | HWMON_T_LABEL)
#define GMX_HWMON_RAIL		(HWMON_T_INPUT | HWMON_T_LABEL | HWMON_T_ALARM)
#define GMX_HWMON_IN		(HWMON_I_INPUT | HWMON_I_LABEL | HWMON_I_ALARM)
#define GMX_HWMON_IIN		(HWMON_C_INPUT | HWMON_C_LABEL)
#define GMX_HWMON_CURR		(GMX_HWMON_IIN | HWMON_C_ALARM)
#define GMX_HWMON_POWER		(HWMON_P_INPUT | HWMON_P_LABEL)

/* not const: kernels before 6.4 take no array that is */
static const struct hwmon_channel_info *gmx_hwmon_info[] = {
	HWMON_CHANNEL_INFO(temp, GMX_HWMON_SENSOR | HWMON_T_MAX | HWMON_T_CRIT | HWMON_T_LOWEST | HWMON_T_HIGHEST |
			   HWMON_T_ALARM | HWMON_T_MAX_ALARM | HWMON_T_CRIT_ALARM,
			   GMX_HWMON_SENSOR, GMX_HWMON_SENSOR, GMX_HWMON_SENSOR, GMX_HWMON_SENSOR, GMX_HWMON_SENSOR,
			   GMX_HWMON_SENSOR, GMX_HWMON_SENSOR, GMX_HWMON_SENSOR,
			   GMX_HWMON_RAIL, GMX_HWMON_RAIL, GMX_HWMON_RAIL, GMX_HWMON_RAIL, GMX_HWMON_RAIL,
			   GMX_HWMON_RAIL, GMX_HWMON_RAIL),
	HWMON_CHANNEL_INFO(in, GMX_HWMON_IN, GMX_HWMON_IN, GMX_HWMON_IN, GMX_HWMON_IN, GMX_HWMON_IN, GMX_HWMON_IN,
			   GMX_HWMON_IN, GMX_HWMON_IN, GMX_HWMON_IN, GMX_HWMON_IN, GMX_HWMON_IN, GMX_HWMON_IN,
			   GMX_HWMON_IN, GMX_HWMON_IN),
	HWMON_CHANNEL_INFO(curr, GMX_HWMON_CURR, GMX_HWMON_CURR, GMX_HWMON_CURR, GMX_HWMON_CURR, GMX_HWMON_CURR,
			   GMX_HWMON_CURR, GMX_HWMON_CURR, GMX_HWMON_IIN, GMX_HWMON_IIN, GMX_HWMON_IIN, GMX_HWMON_IIN,
			   GMX_HWMON_IIN, GMX_HWMON_IIN, GMX_HWMON_IIN),
	HWMON_CHANNEL_INFO(power, GMX_HWMON_POWER | HWMON_P_AVERAGE | HWMON_P_INPUT_HIGHEST | HWMON_P_MAX,
			   GMX_HWMON_POWER, GMX_HWMON_POWER, GMX_HWMON_POWER, GMX_HWMON_POWER, GMX_HWMON_POWER,
			   GMX_HWMON_POWER, GMX_HWMON_POWER, GMX_HWMON_POWER, GMX_HWMON_POWER, GMX_HWMON_POWER,
			   GMX_HWMON_POWER, GMX_HWMON_POWER, GMX_HWMON_POWER, GMX_HWMON_POWER),
	NULL
};

static const struct hwmon_chip_info gmx_hwmon_chip = {
	.ops	= &gmx_hwmon_ops,
	.info	= gmx_hwmon_info,
};

/* What there is to be seen is decided once, by the first look. */
static void gmx_hwmon_look(struct gmx_ctrl *ctrl, struct gmx_hwmon *hwmon)
{
	struct gmx_ioc_health *health = kzalloc(sizeof(*health), GFP_KERNEL);
	struct gmx_ioc_power *power = kzalloc(sizeof(*power), GFP_KERNEL);
	unsigned int i;

	/* longer than others wait: what is not seen now never will be */
	if (health && gmx_health_get(ctrl, health))
		flush_work(&ctrl->mgmt.health.work);
	if (health && power && !gmx_health_get(ctrl, health)) {
		for (i = 0; i < ARRAY_SIZE(health->sensor); i++)
			if (health->sensor[i] != GMX_IOC_NO_TEMPERATURE)
				hwmon->sensors |= BIT(i);
		hwmon->extended = health->valid & GMX_IOC_HEALTH_EXTENDED;
		gmx_health_power(ctrl, power);
		hwmon->has_power = power->nr_rails || power->power_mw;
		hwmon->nr_rails = power->nr_rails;
		for (i = 0; i < hwmon->nr_rails; i++) {
			strscpy(hwmon->rail[i], power->rail[i].name, sizeof(hwmon->rail[i]));
			snprintf(hwmon->rail_input[i], sizeof(hwmon->rail_input[i]), "%s input", hwmon->rail[i]);
		}
	}
	kfree(power);
	kfree(health);
}

void gmx_hwmon_add(struct gmx_ctrl *ctrl)
{
	struct gmx_hwmon *hwmon = &ctrl->mgmt.hwmon;
	struct device *dev;

	if (!IS_REACHABLE(CONFIG_HWMON))
		return;
	gmx_hwmon_look(ctrl, hwmon);
	dev = hwmon_device_register_with_info(&ctrl->dev, "gmx", ctrl, &gmx_hwmon_chip, NULL);
	if (IS_ERR(dev))
		dev_warn(&ctrl->dev, "no hwmon device (error %ld)\n", PTR_ERR(dev));
	else
		hwmon->dev = dev;
}

void gmx_hwmon_del(struct gmx_ctrl *ctrl)
{
	if (ctrl->mgmt.hwmon.dev)
		hwmon_device_unregister(ctrl->mgmt.hwmon.dev);
	ctrl->mgmt.hwmon.dev = NULL;
}
