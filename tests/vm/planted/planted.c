// SPDX-License-Identifier: GPL-2.0-only
/* Bugs made on purpose, one a load, so that a sanitizer boot can prove its eyes. Never part of gmx. */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static char *bug = "";
module_param(bug, charp, 0444);
MODULE_PARM_DESC(bug, "use-after-free, lock-inversion, sleep-in-atomic, leak, dma-size, shift, object or race");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);
static volatile int amount = 40;
static volatile int sink;

static void use_after_free(void)
{
	volatile char *p = kmalloc(64, GFP_KERNEL);

	if (!p)
		return;
	kfree((void *)p);
	sink = p[8];
}

static void lock_inversion(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void sleep_in_atomic(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static void leak(void)
{
	int i;

	/* several, because a stale copy of a pointer in a register or stack hides one */
	for (i = 0; i < 16; i++)
		sink = !kmalloc(1000, GFP_KERNEL);
}

static void dma_size(void)
{
	struct platform_device *pdev = platform_device_register_simple("planted", -1, NULL, 0);
	dma_addr_t addr;
	void *p;

	if (IS_ERR(pdev))
		return;
	p = kmalloc(4096, GFP_KERNEL);
	if (p && !dma_coerce_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64))) {
		addr = dma_map_single(&pdev->dev, p, 4096, DMA_TO_DEVICE);
		if (!dma_mapping_error(&pdev->dev, addr))
			dma_unmap_single(&pdev->dev, addr, 2048, DMA_TO_DEVICE);
	}
	kfree(p);
	platform_device_unregister(pdev);
}

static void shift(void)
{
	sink = 1 << amount;
}

static void object_tick(struct timer_list *timer)
{
}

static void object(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, object_tick, 0);
	mod_timer(timer, jiffies + 3600 * HZ);
	/* what tracks objects takes it out of the queue */
	kfree(timer);
}

/* Two that count in one place, until the module goes. */
static struct task_struct *racers[2];

static noinline int race_count(void *data)
{
	static unsigned long counter;

	while (!kthread_should_stop()) {
		counter++;
		cond_resched();
	}
	return 0;
}

static void race(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(racers); i++)
		racers[i] = kthread_run(race_count, NULL, "planted-race");
}

static int __init planted_init(void)
{
	if (!strcmp(bug, "use-after-free"))
		use_after_free();
	else if (!strcmp(bug, "lock-inversion"))
		lock_inversion();
	else if (!strcmp(bug, "sleep-in-atomic"))
		sleep_in_atomic();
	else if (!strcmp(bug, "leak"))
		leak();
	else if (!strcmp(bug, "dma-size"))
		dma_size();
	else if (!strcmp(bug, "shift"))
		shift();
	else if (!strcmp(bug, "object"))
		object();
	else if (!strcmp(bug, "race"))
		race();
	else
		return -EINVAL;
	return 0;
}

static void __exit planted_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(racers); i++)
		if (!IS_ERR_OR_NULL(racers[i]))
			kthread_stop(racers[i]);
}

module_init(planted_init);
module_exit(planted_exit);
MODULE_DESCRIPTION("Bugs made on purpose, to prove that a sanitizer sees them");
MODULE_LICENSE("GPL");
