// SPDX-License-Identifier: GPL-2.0-only
/*
 * The character nodes. /dev/gmxN is the controller and lives as long as the driver is bound; /dev/gmxgCnN is a
 * namespace, there even when its format gives no disk. An open file pins the structure behind it: what is called after
 * the device has gone fails in the request queue.
 */
#include "gmx.h"

#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/kdev_t.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>

#define GMX_MINORS	BIT(MINORBITS)

static dev_t gmx_ctrl_devt;
static dev_t gmx_ns_devt;
static DEFINE_IDA(gmx_ns_minors);

GMX_CLASS_CONST struct class gmx_class = {
	.name = "gmx",
};

/* its own, so that every entry of the other class is a controller */
static GMX_CLASS_CONST struct class gmx_ns_class = {
	.name = "gmx-generic",
};

static unsigned int gmx_chardev_flags(struct file *file)
{
	return file->f_mode & FMODE_WRITE ? GMX_IOCTL_WRITE : 0;
}

static int gmx_chardev_ctrl_open(struct inode *inode, struct file *file)
{
	struct gmx_ctrl *ctrl = container_of(inode->i_cdev, struct gmx_ctrl, cdev);
	struct gmx_file *gf;

	switch (gmx_ctrl_state(ctrl)) {
	case GMX_NEW:
	case GMX_DELETING:
		return -EWOULDBLOCK;
	default:
		/* a controller in trouble is when its node is needed most */
		break;
	}
	gf = kzalloc(sizeof(*gf), GFP_KERNEL);
	if (!gf)
		return -ENOMEM;
	get_device(&ctrl->dev);
	gf->ctrl = ctrl;
	gmx_events_open(gf);
	file->private_data = gf;
	return 0;
}

static int gmx_chardev_ctrl_release(struct inode *inode, struct file *file)
{
	struct gmx_file *gf = file->private_data;

	gmx_fw_unclaim(gf->ctrl, gf);
	gmx_ctrl_put(gf->ctrl);
	kfree(gf);
	return 0;
}

static long gmx_chardev_ctrl_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct gmx_file *gf = file->private_data;

	if (_IOC_TYPE(cmd) == GMX_IOC_MAGIC)
		return gmx_uabi_ioctl(gf, cmd, (void __user *)arg);
	return gmx_ioctl_ctrl(gf->ctrl, cmd, (void __user *)arg, gmx_chardev_flags(file));
}

static __poll_t gmx_chardev_ctrl_poll(struct file *file, struct poll_table_struct *table)
{
	return gmx_events_poll(file->private_data, file, table);
}

static const struct file_operations gmx_ctrl_fops = {
	.owner		= THIS_MODULE,
	.open		= gmx_chardev_ctrl_open,
	.release	= gmx_chardev_ctrl_release,
	.unlocked_ioctl	= gmx_chardev_ctrl_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.poll		= gmx_chardev_ctrl_poll,
	.uring_cmd	= gmx_uring_ctrl,
};

static int gmx_chardev_ns_open(struct inode *inode, struct file *file)
{
	struct gmx_ns *ns = container_of(inode->i_cdev, struct gmx_ns, cdev);

	if (!gmx_ns_get(ns))
		return -ENXIO;
	file->private_data = ns;
	return 0;
}

static int gmx_chardev_ns_release(struct inode *inode, struct file *file)
{
	gmx_ns_put(file->private_data);
	return 0;
}

static long gmx_chardev_ns_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return gmx_ioctl_ns(file->private_data, cmd, (void __user *)arg, gmx_chardev_flags(file));
}

static const struct file_operations gmx_ns_fops = {
	.owner		= THIS_MODULE,
	.open		= gmx_chardev_ns_open,
	.release	= gmx_chardev_ns_release,
	.unlocked_ioctl	= gmx_chardev_ns_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.uring_cmd	= gmx_uring_ns,
	.uring_cmd_iopoll = gmx_uring_ns_poll,
};

dev_t gmx_chardev_devt(int instance)
{
	return MKDEV(MAJOR(gmx_ctrl_devt), instance);
}

int gmx_chardev_add_ctrl(struct gmx_ctrl *ctrl)
{
	if (ctrl->instance >= GMX_MINORS)
		return -ENOSPC;
	cdev_init(&ctrl->cdev, &gmx_ctrl_fops);
	ctrl->cdev.owner = THIS_MODULE;
	if (ctrl->vendor.version)
		ctrl->dev.groups = gmx_sysfs_vendor_groups;
	return cdev_device_add(&ctrl->cdev, &ctrl->dev);
}

void gmx_chardev_del_ctrl(struct gmx_ctrl *ctrl)
{
	if (device_is_registered(&ctrl->dev))
		cdev_device_del(&ctrl->cdev, &ctrl->dev);
}

static void gmx_chardev_ns_free(struct device *dev)
{
	ida_free(&gmx_ns_minors, MINOR(dev->devt));
	gmx_ns_put(container_of(dev, struct gmx_ns, cdev_dev));
}

/* The node has the disk's number, so the two are seen to belong together. */
int gmx_chardev_add_ns(struct gmx_ns *ns)
{
	struct device *dev = &ns->cdev_dev;
	int minor, ret;

	if (WARN_ON_ONCE(!gmx_ns_get(ns)))
		return -ENXIO;
	minor = ida_alloc_max(&gmx_ns_minors, GMX_MINORS - 1, GFP_KERNEL);
	if (minor < 0) {
		gmx_ns_put(ns);
		return minor;
	}

	/* from here on its release gives back the number and the reference */
	device_initialize(dev);
	dev->devt = MKDEV(MAJOR(gmx_ns_devt), minor);
	dev->class = &gmx_ns_class;
	dev->parent = &ns->ctrl->dev;
	dev->release = gmx_chardev_ns_free;
	ret = dev_set_name(dev, "gmxg%s", ns->disk->disk_name + strlen("gmx"));
	if (ret)
		goto put;
	cdev_init(&ns->cdev, &gmx_ns_fops);
	ns->cdev.owner = THIS_MODULE;
	ret = cdev_device_add(&ns->cdev, dev);
	if (ret)
		goto put;
	return 0;

put:
	put_device(dev);
	return ret;
}

void gmx_chardev_del_ns(struct gmx_ns *ns)
{
	if (!device_is_registered(&ns->cdev_dev))
		return;
	cdev_device_del(&ns->cdev, &ns->cdev_dev);
	put_device(&ns->cdev_dev);
}

int gmx_chardev_init(void)
{
	int ret;

	ret = alloc_chrdev_region(&gmx_ctrl_devt, 0, GMX_MINORS, "gmx");
	if (ret)
		return ret;
	ret = class_register(&gmx_class);
	if (ret)
		goto unregister_ctrl;
	ret = alloc_chrdev_region(&gmx_ns_devt, 0, GMX_MINORS, "gmx-generic");
	if (ret)
		goto unregister_class;
	ret = class_register(&gmx_ns_class);
	if (ret)
		goto unregister_ns;
	return 0;

unregister_ns:
	unregister_chrdev_region(gmx_ns_devt, GMX_MINORS);
unregister_class:
	class_unregister(&gmx_class);
unregister_ctrl:
	unregister_chrdev_region(gmx_ctrl_devt, GMX_MINORS);
	return ret;
}

void gmx_chardev_exit(void)
{
	class_unregister(&gmx_ns_class);
	unregister_chrdev_region(gmx_ns_devt, GMX_MINORS);
	class_unregister(&gmx_class);
	unregister_chrdev_region(gmx_ctrl_devt, GMX_MINORS);
	ida_destroy(&gmx_ns_minors);
}
