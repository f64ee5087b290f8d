using System.Diagnostics;

namespace Lowrank.Bench;

/// <summary>
/// Seconds to extract rank 32 from weights of SD 1.5's shapes, by random projections and in full, one
/// layer of each shape times their number; and both errors.
/// </summary>
static class ExtractTime
{
    const int Rank = 32;

    public static void Print()
    {
        random.manual_seed(1);
        var targets = ModelShapes.Transformers("sd15");
        double ours = 0, inFull = 0, kohya = 0, worst = 0;
        foreach (var shape in targets.GroupBy(t => string.Join("x", t.WeightShape)))
        {
            using var scope = NewDisposeScope();
            var target = shape.First();
            var (original, tuned) = Weights(target);
            Extract(target, tuned, original, full: false);   // warms up
            var (quick, quickSeconds) = Timed(() => Extract(target, tuned, original, full: false));
            var (all, allSeconds) = Timed(() => Extract(target, tuned, original, full: true));
            var (_, squareSeconds) = Timed(() => linalg.svd(target.ToMatrix(tuned - original), fullMatrices: true).S.shape[0]);
            double excess = quick.ErrorNorm!.Value / all.ErrorNorm!.Value - 1;
            string seconds = $"ours {quickSeconds,7:f3} s, full {allSeconds,7:f3} s, kohya's svd alone {squareSeconds,7:f3} s each";
            string error = $"error {quick.Error:p2}, {excess:p3} above the full one's";
            Console.WriteLine($"extract      {shape.Key,-14} {shape.Count(),4} layers   {seconds}; {error}");
            ours += shape.Count() * quickSeconds;
            inFull += shape.Count() * allSeconds;
            kohya += shape.Count() * squareSeconds;
            worst = Math.Max(worst, excess);
        }
        string times = $"ours {ours:f2} s; full {inFull:f1} s, {inFull / ours:f1}x; kohya's svd {kohya:f1} s, {kohya / ours:f1}x";
        string of = $"rank {Rank}, {targets.Count} layers of SD 1.5's shapes";
        Console.WriteLine($"extract      {of}: {times}; error at most {worst:p3} above the full one's");
    }

    static ReworkedTarget Extract(Target target, Tensor tuned, Tensor original, bool full)
    {
        Tensor? Tuned(Target _, string part) => part == "weight" ? tuned : null;
        var options = new ExtractOptions(RankChoice.Fixed(Rank)) { FullSvd = full };
        using var made = AdapterExtraction.Extract([target], Tuned, (_, _) => original, options);
        return made.Targets[0];
    }

    // A tuned weight: many directions of falling weight, and the noise of training over all of them.
    static (Tensor Original, Tensor Tuned) Weights(Target target)
    {
        var original = randn(target.WeightShape) * 0.02;
        var falling = 0.02 / (1 + arange(256)) / Math.Sqrt(Math.Max(target.Out, target.Columns));
        var change = (randn(target.Out, 256) * falling).mm(randn(256, target.Columns)) + randn(target.Out, target.Columns) * 1e-4;
        return (original, original + target.FromMatrix(change));
    }

    // The best of three, or of as many as a second holds.
    static (T Result, double Seconds) Timed<T>(Func<T> action)
    {
        var all = Stopwatch.StartNew();
        double best = double.PositiveInfinity;
        for (int round = 1; ; round++)
        {
            using var scope = NewDisposeScope();
            var clock = Stopwatch.StartNew();
            var result = action();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
            if (round == 3 || all.Elapsed.TotalSeconds > 1) return (result, best);
        }
    }
}
