namespace Lowrank.Adapters;

/// <summary>What programs tell adapters apart by: the method, where a LoRA's layers lie, and along which axis a DoRA keeps norms.</summary>
public static class AdapterKinds
{
    /// <summary>LoRA of linear layers and convolutions of kernel 1.</summary>
    public const string Lora = "lora";

    /// <summary>LoRA of convolutions with a kernel, and of layers outside of attention blocks, too.</summary>
    public const string Locon = "locon";

    /// <summary>DoRA with norms of outputs.</summary>
    public const string DoraOut = "dora (outputs)";

    /// <summary>DoRA with norms of inputs.</summary>
    public const string DoraIn = "dora (inputs)";

    /// <summary>All kinds of which something is known.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Lora, Locon, DoraOut, DoraIn, "loha", "lokr", "glora", "ia3", "diag-oft", "boft", "full", "oft"];

    /// <summary>The kinds that an adapter holds, as files tell them; methods of which nothing is known are there by their names.</summary>
    public static IReadOnlyList<string> Of(Adapter adapter) => [.. adapter.Targets.Values.Select(KindOf).Distinct()];

    static string KindOf(Reparameterization made)
    {
        if (made.modules().Prepend(made).OfType<Dora>().FirstOrDefault() is { } dora)
            return dora.Axis == DoraAxis.Output ? DoraOut : DoraIn;
        string stored = Spelling.StoredMethod(made).Name;
        return stored == Lora && made.Target.IsSpatial ? Locon : stored;
    }
}
