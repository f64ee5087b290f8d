namespace Lowrank.Bench;

/// <summary>
/// Seconds to resize an SDXL-shaped LoRA of rank 64 to 16: ours over all 722 layers, and the full decomposition of each
/// built change, one layer of each shape times their number.
/// </summary>
static class ResizeTime
{
    const int Old = 64, New = 16;

    public static Row About { get; } = new(Section.Rework, $"resize rank {Old} to {New}", "SD XL, 722 layers", "f32");

    public static IEnumerable<Row> Measure()
    {
        var targets = ModelShapes.Transformers("sdxl");
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var adapter = new Adapter("sdxl", [.. targets.Select(t => Random(t))]);
        double ours = new Rounds(AtLeast: 2, AtMost: 3, Seconds: 5).Median(
            () => AdapterResizing.Resize(adapter, new ResizeOptions(RankChoice.Fixed(New))).Dispose());
        double kohya = 0, thin = 0;
        foreach (var shape in targets.GroupBy(t => string.Join("x", t.WeightShape)))
        {
            var lora = (Lora)adapter.Targets[shape.First().Path];
            kohya += shape.Count() * BenchClock.Seconds(() => Peer(lora, fullMatrices: true));
            thin += shape.Count() * BenchClock.Seconds(() => Peer(lora, fullMatrices: false));
        }
        var row = About with { Shape = $"SD XL, {targets.Count} layers", Seconds = ours };
        yield return row with { Peer = "kohya's svd", PeerSeconds = kohya };
        yield return row with { Peer = "kohya's svd, thin", PeerSeconds = thin };
    }

    static Lora Random(Target target)
    {
        using var scope = NewDisposeScope();
        return new Lora(target, randn([Old, target.In, .. target.Kernel]), randn(target.Out, Old));
    }

    // The peer's way with a layer: the change is built, decomposed in full, and cut. (Its svd returns square U and V.)
    static void Peer(Lora lora, bool fullMatrices)
    {
        var factors = Changes.FactorsOf(lora) ?? throw new InvalidOperationException("a LoRA has factors");
        var weight = factors.Up.mm(factors.Down);
        var (left, values, right) = linalg.svd(weight, fullMatrices);
        left.narrow(1, 0, New).mm(diag(values.narrow(0, 0, New))).contiguous();
        right.narrow(0, 0, New).contiguous();
    }
}
