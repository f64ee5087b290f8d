using System.Diagnostics.CodeAnalysis;

namespace Lowrank.Torch;

/// <summary>Every optimizer that a recipe can name.</summary>
public static class Optimizers
{
    static readonly NamedList<OptimizerDescriptor> list = new(
        "optimizer", optimizer => [optimizer.Name, .. optimizer.OtherNames],
        FusedAdamW.Descriptor, FormerAdamW.Descriptor, AdamW8Bit.Descriptor, Adam.Descriptor, Sgd.Descriptor, Lion.Descriptor,
        Prodigy.Descriptor, DAdaptAdam.Descriptor, DAdaptLion.Descriptor, DAdaptSgd.Descriptor,
        Adafactor.Descriptor, TorchAdafactor.Descriptor, Came.Descriptor,
        ScheduleFreeAdamW.Descriptor, ScheduleFreeSgd.Descriptor, ScheduleFreeRAdam.Descriptor,
        RAdam.Descriptor, NAdam.Descriptor, RmsProp.Descriptor, Adagrad.Descriptor);

    /// <summary>The list.</summary>
    public static IReadOnlyList<OptimizerDescriptor> All => list.All;

    /// <summary>Adds an optimizer, where the program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or a name is taken.</exception>
    public static void Add(OptimizerDescriptor optimizer) => list.Add(optimizer);

    /// <summary>The optimizer of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static OptimizerDescriptor Named(string name) => list.Named(name);

    /// <summary>The optimizer of that name, where there is one.</summary>
    public static bool TryNamed(string name, [MaybeNullWhen(false)] out OptimizerDescriptor optimizer) =>
        list.TryNamed(name, out optimizer);
}
