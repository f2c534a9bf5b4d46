// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "gmx.h"

#include <linux/module.h>

/* A number that stays in its range, whoever sets it and when. */
struct gmx_param {
	unsigned int *value;
	unsigned int min;
	unsigned int max;
};

static int gmx_param_set(const char *text, const struct kernel_param *kp)
{
	const struct gmx_param *param = kp->arg;
	unsigned int value;
	long long asked;
	int ret = kstrtoll(text, 0, &asked);

	/* even what no number of ours holds is only too large, or too small */
	if (ret == -ERANGE)
		asked = *text == '-' ? LLONG_MIN : LLONG_MAX;
	else if (ret)
		return ret;
	value = clamp_t(long long, asked, param->min, param->max);
	if (value != asked)
		pr_warn("parameter %s=%.*s is out of range %u..%u: using %u\n", kp->name, (int)strcspn(text, "\n"),
			text, param->min, param->max, value);
	WRITE_ONCE(*param->value, value);
	return 0;
}

static int gmx_param_get(char *text, const struct kernel_param *kp)
{
	const struct gmx_param *param = kp->arg;

	return sysfs_emit(text, "%u\n", *param->value);
}

static const struct kernel_param_ops gmx_param_ops = {
	.set	= gmx_param_set,
	.get	= gmx_param_get,
};

#define GMX_RANGE(variable, low, high)	(&(struct gmx_param){ &(variable), low, high })

unsigned int gmx_io_timeout_ms = 30000;
module_param_cb(io_timeout_ms, &gmx_param_ops, GMX_RANGE(gmx_io_timeout_ms, 100, 600000), 0444);
__MODULE_PARM_TYPE(io_timeout_ms, "uint");
MODULE_PARM_DESC(io_timeout_ms, "I/O time-out, ms (100..600000; default 30000); settable per controller in sysfs");

unsigned int gmx_admin_timeout_ms = 60000;
module_param_cb(admin_timeout_ms, &gmx_param_ops, GMX_RANGE(gmx_admin_timeout_ms, 100, 600000), 0444);
__MODULE_PARM_TYPE(admin_timeout_ms, "uint");
MODULE_PARM_DESC(admin_timeout_ms, "admin command time-out, ms (100..600000; default 60000); settable per controller in sysfs");

unsigned int gmx_recovery_budget_ms = 30000;
module_param_cb(recovery_budget_ms, &gmx_param_ops, GMX_RANGE(gmx_recovery_budget_ms, 1000, 600000), 0444);
__MODULE_PARM_TYPE(recovery_budget_ms, "uint");
MODULE_PARM_DESC(recovery_budget_ms, "how long I/O waits for recovery at most, ms (1000..600000; default 30000); settable per controller in sysfs");

unsigned int gmx_io_queue_depth = 1023;
module_param_cb(io_queue_depth, &gmx_param_ops, GMX_RANGE(gmx_io_queue_depth, 2, GMX_MAX_DEPTH), 0444);
__MODULE_PARM_TYPE(io_queue_depth, "uint");
MODULE_PARM_DESC(io_queue_depth, "commands an I/O queue holds (2..4095; default 1023)");

unsigned int gmx_max_queues = 1024;
module_param_cb(max_queues, &gmx_param_ops, GMX_RANGE(gmx_max_queues, 1, 1024), 0644);
__MODULE_PARM_TYPE(max_queues, "uint");
MODULE_PARM_DESC(max_queues, "I/O queues a controller gets at most (1..1024; default 1024), applied at reset");

unsigned int gmx_write_queues;
module_param_cb(write_queues, &gmx_param_ops, GMX_RANGE(gmx_write_queues, 0, 1024), 0644);
__MODULE_PARM_TYPE(write_queues, "uint");
MODULE_PARM_DESC(write_queues, "queues for writes alone, reads then have their own (0..1024; default 0: shared), applied at reset");

unsigned int gmx_poll_queues;
module_param_cb(poll_queues, &gmx_param_ops, GMX_RANGE(gmx_poll_queues, 0, 1024), 0644);
__MODULE_PARM_TYPE(poll_queues, "uint");
MODULE_PARM_DESC(poll_queues, "queues without interrupt, for polled I/O (0..1024; default 0), applied at reset");

bool gmx_priority_queues;
module_param_named(priority_queues, gmx_priority_queues, bool, 0644);
MODULE_PARM_DESC(priority_queues, "submission queues for each I/O priority class, where the controller arbitrates by weights (default off), applied at reset");

unsigned int gmx_apst_max_latency_us = 100000;
module_param_cb(apst_max_latency_us, &gmx_param_ops, GMX_RANGE(gmx_apst_max_latency_us, 0, 100000000), 0644);
__MODULE_PARM_TYPE(apst_max_latency_us, "uint");
MODULE_PARM_DESC(apst_max_latency_us, "idle power states are used up to this latency there and back, us (0..100000000; default 100000; 0: none), applied at reset; settable per controller by PM QoS");

unsigned int gmx_abort_limit = 4;
module_param_cb(abort_limit, &gmx_param_ops, GMX_RANGE(gmx_abort_limit, 1, GMX_ABORT_MAX), 0644);
__MODULE_PARM_TYPE(abort_limit, "uint");
MODULE_PARM_DESC(abort_limit, "abort commands in flight at most (1..8; default 4)");

bool gmx_use_sgl = true;
module_param_named(use_sgl, gmx_use_sgl, bool, 0444);
MODULE_PARM_DESC(use_sgl, "use SGLs where the controller has them (default on)");

unsigned int gmx_sgl_threshold = 32768;
module_param_cb(sgl_threshold, &gmx_param_ops, GMX_RANGE(gmx_sgl_threshold, 0, 2 << 20), 0644);
__MODULE_PARM_TYPE(sgl_threshold, "uint");
MODULE_PARM_DESC(sgl_threshold, "mean segment size, bytes, from which SGLs are preferred to PRPs (0..2097152; default 32768; 0: only where PRPs cannot describe the data), applied at reset");

unsigned int gmx_max_transfer_kb = 1024;
module_param_cb(max_transfer_kb, &gmx_param_ops, GMX_RANGE(gmx_max_transfer_kb, 64, 8192), 0444);
__MODULE_PARM_TYPE(max_transfer_kb, "uint");
MODULE_PARM_DESC(max_transfer_kb, "transfer a command does at most, KiB (64..8192; default 1024); sets the memory a queue takes");

unsigned int gmx_max_host_mem_mb = 128;
module_param_cb(max_host_mem_size_mb, &gmx_param_ops, GMX_RANGE(gmx_max_host_mem_mb, 0, 4096), 0644);
__MODULE_PARM_TYPE(max_host_mem_size_mb, "uint");
MODULE_PARM_DESC(max_host_mem_size_mb, "memory a controller is lent at most, MiB (0..4096; default 128; 0: none), applied at reset");

bool gmx_use_msix = true;
module_param_named(use_msix, gmx_use_msix, bool, 0444);
MODULE_PARM_DESC(use_msix, "use MSI-X interrupts (default on)");

bool gmx_use_msi = true;
module_param_named(use_msi, gmx_use_msi, bool, 0444);
MODULE_PARM_DESC(use_msi, "use MSI interrupts where MSI-X is not there or off (default on)");

bool gmx_use_threaded_irq;
module_param_named(use_threaded_interrupts, gmx_use_threaded_irq, bool, 0444);
MODULE_PARM_DESC(use_threaded_interrupts, "handle completions in interrupt threads (default off)");

bool gmx_use_dbbuf = true;
module_param_named(use_shadow_doorbells, gmx_use_dbbuf, bool, 0444);
MODULE_PARM_DESC(use_shadow_doorbells, "use Doorbell Buffer Config where the controller has it (default on)");

bool gmx_use_cmb_sqes = true;
module_param_named(use_cmb_sqes, gmx_use_cmb_sqes, bool, 0444);
MODULE_PARM_DESC(use_cmb_sqes, "put submission queues into the controller's memory buffer where it has one (default on)");

struct workqueue_struct *gmx_reset_wq;
struct workqueue_struct *gmx_admin_wq;

static int __init gmx_init(void)
{
	int ret;

	gmx_reset_wq = alloc_workqueue("gmx-reset", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!gmx_reset_wq) {
		pr_err("no memory for the work queue of resets\n");
		return -ENOMEM;
	}
	ret = -ENOMEM;
	gmx_admin_wq = alloc_workqueue("gmx-admin", WQ_UNBOUND, 0);
	if (!gmx_admin_wq) {
		pr_err("no memory for the work queue of administration\n");
		goto destroy_wq;
	}
	ret = gmx_chardev_init();
	if (ret) {
		pr_err("cannot register the node numbers and classes (error %d)\n", ret);
		goto destroy_admin_wq;
	}
	gmx_debugfs_init();
	ret = pci_register_driver(&gmx_pci_driver);
	if (ret) {
		pr_err("cannot register the driver (error %d)\n", ret);
		goto exit_chardev;
	}
	return 0;

exit_chardev:
	gmx_debugfs_exit();
	gmx_chardev_exit();
destroy_admin_wq:
	destroy_workqueue(gmx_admin_wq);
destroy_wq:
	destroy_workqueue(gmx_reset_wq);
	return ret;
}

static void __exit gmx_exit(void)
{
	pci_unregister_driver(&gmx_pci_driver);
	gmx_debugfs_exit();
	gmx_chardev_exit();
	destroy_workqueue(gmx_admin_wq);
	destroy_workqueue(gmx_reset_wq);
}

module_init(gmx_init);
module_exit(gmx_exit);

MODULE_AUTHOR("Gigamax");
MODULE_DESCRIPTION("Gigamax PCIe storage controllers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
