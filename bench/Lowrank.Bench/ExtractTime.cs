using System.Diagnostics;

namespace Lowrank.Bench;

/// <summary>Seconds to extract rank 32 from weights of SD 1.5's shapes, by random projections and in full, one layer of each shape times their number; and both errors.</summary>
static class ExtractTime
{
    const int Rank = 32;

    public static void Print()
    {
        random.manual_seed(1);
        var targets = ModelShapes.Transformers("sd15");
        double ours = 0, full = 0, kohya = 0, worst = 0;
        foreach (var shape in targets.GroupBy(t => string.Join("x", t.WeightShape)))
        {
            using var scope = NewDisposeScope();
            var target = shape.First();
            var (original, tuned) = Weights(target);
            ReworkedTarget Run(bool inFull)
            {
                using var made = AdapterExtraction.Extract([target], (_, part) => part == "weight" ? tuned : null, (_, _) => original, new ExtractOptions(RankChoice.Fixed(Rank)) { FullSvd = inFull });
                return made.Targets[0];
            }
            Run(inFull: false);
            var (quick, quickSeconds) = Timed(() => Run(inFull: false));
            var (all, allSeconds) = Timed(() => Run(inFull: true));
            var (_, squareSeconds) = Timed(() => linalg.svd(target.ToMatrix(tuned - original), fullMatrices: true).S.shape[0]);
            double excess = quick.ErrorNorm!.Value / all.ErrorNorm!.Value - 1;
            Console.WriteLine($"extract      {shape.Key,-14} {shape.Count(),4} layers   ours {quickSeconds,7:f3} s, full {allSeconds,7:f3} s, kohya's svd alone {squareSeconds,7:f3} s each; error {quick.Error:p2}, {excess:p3} above the full one's");
            (ours, full, kohya, worst) = (ours + shape.Count() * quickSeconds, full + shape.Count() * allSeconds, kohya + shape.Count() * squareSeconds, Math.Max(worst, excess));
        }
        Console.WriteLine($"extract      rank {Rank}, {targets.Count} layers of SD 1.5's shapes: ours {ours:f2} s; full {full:f1} s, {full / ours:f1}x; kohya's svd {kohya:f1} s, {kohya / ours:f1}x; error at most {worst:p3} above the full one's");
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
