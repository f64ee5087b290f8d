using System.Diagnostics;

namespace Lowrank.Bench;

/// <summary>
/// Seconds to resize an SDXL-shaped LoRA of rank 64 to 16: ours over all 722 layers, and the full decomposition of each
/// built change, one layer of each shape times their number.
/// </summary>
static class ResizeTime
{
    const int Old = 64, New = 16;

    public static void Print()
    {
        var targets = ModelShapes.Transformers("sdxl");
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var adapter = new Adapter("sdxl", [.. targets.Select(t => Random(t))]);
        AdapterResizing.Resize(adapter, new ResizeOptions(RankChoice.Fixed(New))).Dispose();
        double ours = double.PositiveInfinity;
        for (int round = 0; round < 2; round++)
        {
            var clock = Stopwatch.StartNew();
            AdapterResizing.Resize(adapter, new ResizeOptions(RankChoice.Fixed(New))).Dispose();
            ours = Math.Min(ours, clock.Elapsed.TotalSeconds);
        }
        double kohya = 0, thin = 0;
        foreach (var shape in targets.GroupBy(t => string.Join("x", t.WeightShape)))
        {
            var lora = (Lora)adapter.Targets[shape.First().Path];
            double all = Seconds(() => Peer(lora, fullMatrices: true)), some = Seconds(() => Peer(lora, fullMatrices: false));
            string seconds = $"kohya {all,8:f2} s each, without the parts of U and V that it cuts off {some,8:f2} s";
            Console.WriteLine($"resize       {shape.Key,-14} {shape.Count(),4} layers   {seconds}");
            kohya += shape.Count() * all;
            thin += shape.Count() * some;
        }
        string theirs = $"kohya {kohya:f0} s, {kohya / ours:f0}x; its thin form {thin:f0} s, {thin / ours:f0}x";
        Console.WriteLine($"resize       rank {Old} to {New}, {targets.Count} layers of SDXL's shapes: ours {ours:f2} s; {theirs}");
    }

    static Lora Random(Target target)
    {
        using var scope = NewDisposeScope();
        return new Lora(target, randn([Old, target.In, .. target.Kernel]), randn(target.Out, Old));
    }

    static double Seconds(Action action)
    {
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
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
