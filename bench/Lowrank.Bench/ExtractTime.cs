namespace Lowrank.Bench;

/// <summary>
/// Seconds to extract rank 32 from weights of SD 1.5's shapes, by random projections and in full, one
/// layer of each shape times their number; and both errors.
/// </summary>
static class ExtractTime
{
    const int Rank = 32;

    // As many as a second holds: a decomposition in full takes up to three.
    static readonly Rounds few = new(AtLeast: 1, AtMost: 3, Seconds: 1);

    public static Row About { get; } = new(Section.Rework, $"extract rank {Rank}", "SD 1.5, 192 layers", "f32");

    public static IEnumerable<Row> Measure()
    {
        random.manual_seed(1);
        var targets = ModelShapes.Transformers("sd15");
        double ours = 0, inFull = 0, kohya = 0, worst = 0;
        foreach (var shape in targets.GroupBy(t => string.Join("x", t.WeightShape)))
        {
            using var scope = NewDisposeScope();
            var target = shape.First();
            var (original, tuned) = Weights(target);
            double quick = 0, full = 0;   // the errors
            ours += shape.Count() * few.Median(() => quick = Extract(target, tuned, original, full: false));
            inFull += shape.Count() * BenchClock.Seconds(() => full = Extract(target, tuned, original, full: true));
            kohya += shape.Count() * BenchClock.Seconds(() => linalg.svd(target.ToMatrix(tuned - original), fullMatrices: true));
            worst = Math.Max(worst, quick / full - 1);
        }
        string error = FormattableString.Invariant($"error at most {worst * 100:0.00} % above the full one's");
        var row = About with { Shape = $"SD 1.5, {targets.Count} layers", Seconds = ours, Remark = error };
        yield return row with { Peer = "kohya's svd", PeerSeconds = kohya };
        yield return row with { Peer = "our own, in full", PeerSeconds = inFull };
    }

    static double Extract(Target target, Tensor tuned, Tensor original, bool full)
    {
        Tensor? Tuned(Target _, string part) => part == "weight" ? tuned : null;
        var options = new ExtractOptions(RankChoice.Fixed(Rank)) { FullSvd = full };
        using var made = AdapterExtraction.Extract([target], Tuned, (_, _) => original, options);
        return made.Targets[0].ErrorNorm!.Value;
    }

    // A tuned weight: many directions of falling weight, and the noise of training over all of them.
    static (Tensor Original, Tensor Tuned) Weights(Target target)
    {
        var original = randn(target.WeightShape) * 0.02;
        var falling = 0.02 / (1 + arange(256)) / Math.Sqrt(Math.Max(target.Out, target.Columns));
        var change = (randn(target.Out, 256) * falling).mm(randn(256, target.Columns)) + randn(target.Out, target.Columns) * 1e-4;
        return (original, original + target.FromMatrix(change));
    }
}
