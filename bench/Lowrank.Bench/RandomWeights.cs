namespace Lowrank.Bench;

/// <summary>Weights as of a fresh network, quickly: a billion numbers drawn anew would take most of a short measure's time.</summary>
static class RandomWeights
{
    // So many are drawn; weights are taken from them in a row, and from the beginning again.
    const long Pool = 1 << 22;

    /// <summary>Fills a module: matrices with numbers of deviation 0.02, scales with 1, the rest with 0.</summary>
    public static T Fill<T>(T module) where T : nn.Module
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var pool = randn(Pool) * 0.02;
        long from = 0;
        foreach (var (path, parameter) in module.named_parameters())
            if (parameter.dim() > 1) from = Fill(parameter.view(-1), pool, from);
            else parameter.fill_(path.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0);
        return module;
    }

    // Gives the place in the pool where the next weight begins.
    static long Fill(Tensor values, Tensor pool, long from)
    {
        for (long at = 0; at < values.numel();)
        {
            long count = Math.Min(values.numel() - at, Pool - from);
            values.narrow(0, at, count).copy_(pool.narrow(0, from, count));
            (at, from) = (at + count, (from + count) % Pool);
        }
        return from;
    }
}
