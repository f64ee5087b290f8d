namespace Lowrank.Adapters.Tests;

/// <summary>Targets of every kind with LoRAs of random factors, alpha ≠ rank.</summary>
static class LayersOfEveryKind
{
    public static IReadOnlyList<Target> Targets { get; } =
    [
        new("unet.linear", LayerKind.Linear, [13, 9]),
        new("unet.transposed", LayerKind.TransposedLinear, [9, 14]),
        new("unet.words", LayerKind.Embedding, [17, 8]),
        new("unet.pointwise", LayerKind.Conv2d, [9, 11, 1, 1]),
        new("unet.conv", LayerKind.Conv2d, [12, 5, 3, 3]),
        new("unet.line", LayerKind.Conv1d, [8, 5, 3]),
        new("text_encoder.linear", LayerKind.Linear, [10, 10]),
    ];

    public static Adapter Adapter(int seed, int rank = 4, double alpha = 2, bool core = false, IEnumerable<Target>? targets = null)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator((ulong)seed);
        return new Adapter($"adapter {seed}", [.. (targets ?? Targets).Select(target => Lora(target, generator, rank, alpha, core && target.IsSpatial))]);
    }

    public static Lora Lora(Target target, Generator generator, int rank, double alpha, bool core = false)
    {
        long[] kernel = core ? [.. target.Kernel.Select(_ => 1L)] : target.Kernel;
        var mid = core ? randn([rank, rank, .. target.Kernel], generator: generator) : null;
        return new Lora(target, randn([rank, target.In, .. kernel], generator: generator), randn([target.Out, rank], generator: generator), mid, alpha);
    }

    public static Tensor Change(Adapter adapter, Target target) => Changes.MatrixOf(adapter.Targets[target.Path]);
}
