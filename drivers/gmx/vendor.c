// SPDX-License-Identifier: GPL-2.0-only
/* The vendor page of Identify Controller (GHI 1.0, section 2), and what sysfs shows of it. */
#include "gmx.h"

#include <linux/bitfield.h>
#include <linux/sysfs.h>

#include <gmx/vendor.h>

#define GMX_VENDOR_MAJOR(version)	((version) >> 8)
#define GMX_VENDOR_MIN_LENGTH		offsetofend(struct gmx_vnd_id, features)

/* What is wrong with the page; NULL: nothing. */
static const char *gmx_vendor_trouble(const struct gmx_vnd_id *page)
{
	u16 length = le16_to_cpu(page->length);

	if (memcmp(page->magic, GMX_VND_MAGIC, sizeof(page->magic)))
		return "it has no magic number";
	if (length < GMX_VENDOR_MIN_LENGTH || length > sizeof(*page))
		return "its length makes no sense";
	if (GMX_VENDOR_MAJOR(le16_to_cpu(page->version)) != GMX_VENDOR_MAJOR(GMX_VND_VERSION))
		return "its version is another interface";
	if (!page->family)
		return "it names no family";
	if (page->dma_bits < 32 || page->dma_bits > 64)
		return "its address width makes no sense";
	return NULL;
}

/* Part of probe and of each reset: firmware may bring another page. An error: the controller is not to be used. */
int gmx_vendor_parse(struct gmx_ctrl *ctrl, const struct gmx_id_ctrl *id)
{
	struct gmx_vnd_id page = { };
	const char *trouble;

	memcpy(&page, id->vs, sizeof(page));
	trouble = gmx_vendor_trouble(&page);
	gmx_info_page(ctrl, trouble ? NULL : &page);
	if (trouble) {
		ctrl->vendor.version = 0;
		/* Other controllers have no vendor part, and one line is enough for one that should. */
		if (ctrl->pdev->vendor == GMX_PCI_VENDOR && !ctrl->vendor.refused)
			dev_warn(&ctrl->pdev->dev, "vendor page not used, %s: NVMe alone\n", trouble);
		ctrl->vendor.refused = true;
		return 0;
	}
	if (page.dma_bits < ctrl->dma_bits) {
		dev_err(&ctrl->pdev->dev, "controller reaches %u bits of address and is bound with %u: not used\n",
			page.dma_bits, ctrl->dma_bits);
		return -EOPNOTSUPP;
	}

	ctrl->vendor = (struct gmx_vendor) {
		.version	= le16_to_cpu(page.version),
		.family		= page.family,
		.function	= page.function,
		.dma_bits	= page.dma_bits,
		.form_factor	= page.form_factor,
		.link_speed	= page.link_speed,
		.link_width	= page.link_width,
		.features	= le64_to_cpu(page.features),
	};
	return 0;
}

static struct gmx_ctrl *gmx_vendor_ctrl(struct device *dev)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return ctrl->vendor.version ? ctrl : NULL;
}

/* A name, or the number where the controller knows more than we do. */
static ssize_t gmx_vendor_emit(char *buf, const char *const *names, unsigned int nr, unsigned int value)
{
	if (value < nr && names[value])
		return sysfs_emit(buf, "%s\n", names[value]);
	return sysfs_emit(buf, "%u\n", value);
}

static const char *const gmx_vendor_speeds[] = {
	NULL, "2.5 GT/s PCIe", "5.0 GT/s PCIe", "8.0 GT/s PCIe", "16.0 GT/s PCIe", "32.0 GT/s PCIe", "64.0 GT/s PCIe",
};

#define GMX_VENDOR_NAMED(_name, ...)							\
static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf) \
{											\
	static const char *const names[] = { __VA_ARGS__ };				\
	struct gmx_ctrl *ctrl = gmx_vendor_ctrl(dev);					\
											\
	if (!ctrl)									\
		return -ENODATA;							\
	return gmx_vendor_emit(buf, names, ARRAY_SIZE(names), ctrl->vendor._name);	\
}

GMX_VENDOR_NAMED(family, [GMX_VND_FAMILY_G1] = "G1", [GMX_VND_FAMILY_G2] = "G2", [GMX_VND_FAMILY_G3] = "G3")
static DEVICE_ATTR_RO(family);

GMX_VENDOR_NAMED(function, [GMX_VND_FUNCTION_PHYSICAL] = "physical", [GMX_VND_FUNCTION_VIRTUAL] = "virtual")
static DEVICE_ATTR_RO(function);

GMX_VENDOR_NAMED(form_factor, [GMX_VND_FORM_UNKNOWN] = "unknown", [GMX_VND_FORM_ADD_IN] = "add-in",
		 [GMX_VND_FORM_U2] = "u.2", [GMX_VND_FORM_M2] = "m.2", [GMX_VND_FORM_E1S] = "e1.s",
		 [GMX_VND_FORM_E3S] = "e3.s")
static DEVICE_ATTR_RO(form_factor);

GMX_VENDOR_NAMED(dma_bits, NULL)
static DEVICE_ATTR_RO(dma_bits);

GMX_VENDOR_NAMED(link_width, NULL)
static DEVICE_ATTR_RO(link_width);

static ssize_t link_speed_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = gmx_vendor_ctrl(dev);

	if (!ctrl)
		return -ENODATA;
	return gmx_vendor_emit(buf, gmx_vendor_speeds, ARRAY_SIZE(gmx_vendor_speeds), ctrl->vendor.link_speed);
}
static DEVICE_ATTR_RO(link_speed);

static ssize_t interface_version_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = gmx_vendor_ctrl(dev);

	if (!ctrl)
		return -ENODATA;
	return sysfs_emit(buf, "%u.%u\n", GMX_VENDOR_MAJOR(ctrl->vendor.version), ctrl->vendor.version & 0xff);
}
static DEVICE_ATTR_RO(interface_version);

static ssize_t features_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	/* in the order of their bits */
	static const char *const names[] = {
		"raid", "scsi_tunnel", "pi", "encryption", "qos", "sriov", "wrr", "coalescing", "rotational",
		"drive_mgmt", "event_log", "health", "inventory", "fw_state", "power", "journal",
	};
	struct gmx_ctrl *ctrl = gmx_vendor_ctrl(dev);
	unsigned int bit;
	int at = 0;

	if (!ctrl)
		return -ENODATA;
	for (bit = 0; bit < 64; bit++) {
		if (!(ctrl->vendor.features & BIT_ULL(bit)))
			continue;
		if (bit < ARRAY_SIZE(names))
			at += sysfs_emit_at(buf, at, "%s%s", at ? " " : "", names[bit]);
		else
			at += sysfs_emit_at(buf, at, "%sbit%u", at ? " " : "", bit);
	}
	return at + sysfs_emit_at(buf, at, "\n");
}
static DEVICE_ATTR_RO(features);

/* Of the link as it is now, from configuration space: not a question to the controller's firmware. */
static int gmx_vendor_link(struct device *dev, u16 *status)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	if (pcie_capability_read_word(ctrl->pdev, PCI_EXP_LNKSTA, status) || *status == U16_MAX)
		return -ENODEV;
	return 0;
}

static ssize_t trained_link_speed_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u16 status;
	int ret = gmx_vendor_link(dev, &status);

	if (ret)
		return ret;
	return gmx_vendor_emit(buf, gmx_vendor_speeds, ARRAY_SIZE(gmx_vendor_speeds), status & PCI_EXP_LNKSTA_CLS);
}
static DEVICE_ATTR_RO(trained_link_speed);

static ssize_t trained_link_width_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u16 status;
	int ret = gmx_vendor_link(dev, &status);

	if (ret)
		return ret;
	return gmx_vendor_emit(buf, NULL, 0, FIELD_GET(PCI_EXP_LNKSTA_NLW, status));
}
static DEVICE_ATTR_RO(trained_link_width);

static struct attribute *gmx_vendor_attrs[] = {
	&dev_attr_family.attr,
	&dev_attr_function.attr,
	&dev_attr_interface_version.attr,
	&dev_attr_features.attr,
	&dev_attr_dma_bits.attr,
	&dev_attr_form_factor.attr,
	&dev_attr_link_speed.attr,
	&dev_attr_link_width.attr,
	&dev_attr_trained_link_speed.attr,
	&dev_attr_trained_link_width.attr,
	NULL
};

const struct attribute_group gmx_vendor_group = {
	.name	= "gmx",
	.attrs	= gmx_vendor_attrs,
};
