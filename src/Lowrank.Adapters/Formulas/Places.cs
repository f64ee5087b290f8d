namespace Lowrank.Adapters;

/// <summary>Random places in a weight, by seed, where sparse methods train entries.</summary>
static class Places
{
    /// <summary>
    /// Distinct places of a matrix (out, in) as indices into its flattened form, in the order in which they are drawn. Source: PEFT 0.21.2.
    /// </summary>
    /// <exception cref="LowrankException">The matrix has fewer.</exception>
    public static Tensor Drawn(Target target, long count, int seed)
    {
        long all = target.Out * target.Columns;
        if (count < 1 || count > all) throw new LowrankException($"{count} trained entries are not 1 to {all}, which {target} has");
        using var generator = new Generator((ulong)seed);
        return randperm(all, generator: generator, device: CPU).narrow(0, 0, count);
    }
}
